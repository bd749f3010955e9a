/**
 * Where Podline is measured: a durable PostgreSQL that pods reach, DAG files, and one scheduler process that tells
 * what it costs. Opened by main.ts for the real cluster (once for all suites) and by scale.ts for the simulated one.
 */
import { once } from 'node:events';
import path from 'node:path';
import { workerUrl } from '../../../src/model/databaseRoles.ts';
import { LEAN_MEMORY } from '../../../src/model/environment.ts';
import type { ClusterConfig } from '../../../runtime/pods/clusterConfig.ts';
import type { TestCluster } from '../../cluster/harness.ts';
import { Rig, type RigProcess } from '../../cluster/rig.ts';
import { openHost } from '../host.ts';

/** Since the last `reset`; memory of now and of the whole life. */
export interface Measured {
  cpuMs: number;
  rss: number;
  peakRss: number;
  /** What the heap holds, garbage included unless `collect` was asked for. */
  heap: number;
  loopP99Ms: number;
  loopMaxMs: number;
  /** Milliseconds of each. */
  transactions: number[];
  /** Requests to the API server by method; WATCH apart from GET. */
  calls: Record<string, number>;
  /** Milliseconds since 1970, of the last ten thousand. */
  creates: { sent: number; answered: number }[];
}

/** Milliseconds since 1970 by the database's clock, which is this machine's. */
export interface StageAttempt {
  launched: number;
  claimed: number;
  ended: number;
  output: unknown;
}

const ENTRY = path.join(import.meta.dirname, 'controllerProcess.ts');
const ANSWER_MS = 15_000;

export class Stage {
  readonly rig: Rig;
  readonly #process: RigProcess;

  private constructor(rig: Rig, scheduler: RigProcess) {
    this.rig = rig;
    this.#process = scheduler;
  }

  static async open(
    cluster: TestCluster,
    config: Partial<ClusterConfig> = {},
    others: Record<string, Partial<ClusterConfig>> = {},
    /** Of the others, where workers need their connection string, too. */
    namespaces: string[] = [],
  ): Promise<Stage> {
    const host = await openHost({ open: true });
    const { server, database } = host;
    let rig: Rig | undefined;
    try {
      rig = await Rig.open({
        cluster,
        config,
        others,
        database: {
          url: server.url,
          workerUrl: workerUrl(server.url),
          pool: database,
          server,
          drop: () => host.close(),
        },
      });
      for (const each of namespaces) {
        await cluster.api.call('POST', `/api/v1/namespaces/${each}/secrets`, {
          metadata: { name: 'podline-worker-database' },
          stringData: { url: rig.workerUrl },
        });
      }
      const quiet = { PODLINE_SLOTS: '0', PODLINE_LOG_LEVEL: 'warn' };
      const scheduler = await rig.start({ ...quiet, ...LEAN_MEMORY }, ENTRY);
      return new Stage(rig, scheduler);
    } catch (error) {
      await (rig?.close() ?? host.close());
      throw error;
    }
  }

  measure(): Promise<Measured> {
    return this.#ask('measure');
  }

  /** Collects garbage first, which stops the scheduler for a moment. */
  collect(): Promise<Measured> {
    return this.#ask('collect');
  }

  async reset(): Promise<void> {
    await this.#ask('reset');
  }

  async #ask(what: 'measure' | 'collect' | 'reset'): Promise<Measured> {
    const { child } = this.#process;
    const signal = AbortSignal.timeout(ANSWER_MS);
    child.send(what);
    try {
      const [measured] = (await once(child, 'message', { signal })) as [Measured];
      return measured;
    } catch (error) {
      const words = `the scheduler did not answer ${what} in ${ANSWER_MS} ms`;
      throw new Error(`${words}\n${this.rig.said()}`, { cause: error });
    }
  }

  /** Runs it once; throws unless it succeeds. Milliseconds from trigger to recorded success. */
  async run(dagId: string, milliseconds = 60_000): Promise<{ runId: string; took: number }> {
    const runId = await this.rig.trigger(dagId);
    const state = await this.rig.ended(runId, milliseconds);
    if (state !== 'success') {
      const attempts = await this.rig.attempts(runId);
      const lines = attempts.map(({ task, cause, message }) => `${task}: ${cause} ${message}`);
      throw new Error(`${runId} of ${dagId} is ${state}\n${lines.join('\n')}\n${this.rig.said()}`);
    }
    const { rows } = await this.rig.database.pool.query<{ took: number }>(
      `SELECT (extract(epoch FROM ended_at - created_at) * 1000)::float8 AS took
         FROM podline.run WHERE run_id = $1`,
      [runId],
    );
    return { runId, took: rows[0]?.took ?? NaN };
  }

  /** In the order in which they were launched. */
  async attempts(runId: string): Promise<StageAttempt[]> {
    const { rows } = await this.rig.database.pool.query<StageAttempt>(
      `SELECT (extract(epoch FROM a.launched_at) * 1000)::float8 AS launched,
              (extract(epoch FROM a.claimed_at) * 1000)::float8 AS claimed,
              (extract(epoch FROM a.ended_at) * 1000)::float8 AS ended, x.value AS output
         FROM podline.attempt a JOIN podline.run r ON r.id = a.run_id JOIN podline.task_instance t ON t.id = a.instance_id
         LEFT JOIN podline.xcom x ON x.run_id = r.id AND x.task_id = t.task_id AND x.key = 'return_value'
        WHERE r.run_id = $1 ORDER BY a.id`,
      [runId],
    );
    return rows;
  }

  async close(): Promise<void> {
    await this.rig.close();
  }
}
