/**
 * Warm workers as users start them, beside the schedulers of a CrashHost: `podline worker` with the connection
 * strings of its two roles alone. The DAGs of the crash tests, once more for each pool.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type Database } from '../../../runtime/database/pool.ts';
import { poolUrl } from '../../../src/model/databaseRoles.ts';
import { testDatabase, type TestDatabase } from '../../../runtime/testing/database.ts';
import { type Running, startPodline } from '../../cli/podline.ts';
import { dagFiles } from '../../crash/dagFiles.ts';
import { CrashHost } from '../../crash/harness.ts';

export interface WorkerOptions {
  slots?: number;
  drainSeconds?: number;
  env?: Record<string, string>;
}

export interface WarmWorker extends Running {
  pid: number;
  /** Its row in the database. */
  id(): Promise<string>;
  signal(name: NodeJS.Signals): void;
}

export class PoolHost {
  readonly db: TestDatabase;
  readonly host: CrashHost;
  readonly workers: WarmWorker[] = [];

  private constructor(db: TestDatabase, host: CrashHost) {
    this.db = db;
    this.host = host;
  }

  /** Pools `blue` and `red`; the DAG `held` of a pool is `blue_held`. */
  static async open(): Promise<PoolHost> {
    const db = await testDatabase();
    const host = await CrashHost.open(db.pool, db.url);
    const { 'work.ts': work = '' } = dagFiles(host.facts);
    for (const pool of ['blue', 'red']) {
      const text = work
        .replaceAll("dag('", `dag('${pool}_`)
        .replace('const defaults = {', `const defaults = { executor: 'pool:${pool}',`);
      await host.register({ [`${pool}.ts`]: text });
    }
    return new PoolHost(db, host);
  }

  get database(): Database {
    return this.db.pool;
  }

  async worker(pool: string, options: WorkerOptions = {}): Promise<WarmWorker> {
    const { slots = 3, drainSeconds = 10 } = options;
    const running = startPodline(['worker', '--pool', pool, '--slots', String(slots)], {
      home: path.join(this.host.folder, `home-${this.workers.length}`),
      env: {
        PODLINE_POOL_DATABASE_URL: poolUrl(this.db.url),
        PODLINE_WORKER_DATABASE_URL: this.db.workerUrl,
        PODLINE_DRAIN_SECONDS: String(drainSeconds),
        PODLINE_TEST_MARK: this.host.facts.mark,
        ...options.env,
      },
    });
    const pid = running.child.pid ?? 0;
    const worker: WarmWorker = {
      ...running,
      pid,
      id: async () => {
        const { rows } = await this.database.query<{ id: string }>(
          'SELECT id FROM podline.worker WHERE pid = $1 ORDER BY started_at DESC LIMIT 1',
          [pid],
        );
        return rows[0]?.id ?? '';
      },
      signal: (name) => running.child.kill(name),
    };
    this.workers.push(worker);
    await running.sees(/worker started/);
    return worker;
  }

  /** Processes of the tasks that began, by their own account: the shell of a script, the runner of a body. */
  programs(): number[] {
    const lines = readFileSync(this.host.facts.ledger, 'utf8').split('\n');
    return lines
      .filter((line) => line.startsWith('start '))
      .map((line) => Number(line.split(' ')[2]));
  }

  /** In words: `script 1 failed worker_lost`. */
  async attempts(runIds: string[]): Promise<string[]> {
    const rows = await this.host.attempts(runIds);
    return rows.map(({ task_id, number, state, cause }) =>
      [task_id, number, state, cause ?? '-'].join(' '),
    );
  }

  /** Drains the workers, then ends as every scenario of a CrashHost ends. */
  async settle(...args: Parameters<CrashHost['settle']>): Promise<void> {
    for (const worker of this.workers) worker.signal('SIGTERM');
    for (const worker of this.workers) await worker.ended;
    await this.host.settle(...args);
  }

  async close(): Promise<void> {
    await this.host.close();
    for (const worker of this.workers) await worker.ended;
    await this.db.drop();
  }

  async triesUsed(runIds: string[]): Promise<number> {
    const { rows } = await this.database.query<{ used: number }>(
      `SELECT coalesce(sum(t.tries_used), 0)::int AS used FROM podline.task_instance t
         JOIN podline.run r ON r.id = t.run_id WHERE r.run_id = ANY($1) AND t.state <> 'success'`,
      [runIds],
    );
    const row = rows[0];
    assert.ok(row);
    return row.used;
  }
}
