/**
 * Schedulers of their own process on a real database and a real cluster, for tests of the executor of pods. DAGs are
 * registered as files; waits are for conditions, and one that does not come true fails with what was said last.
 */
import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildFolder } from '../../runtime/build/buildFolder.ts';
import { commandRun } from '../../runtime/commands/commandRun.ts';
import { triggerRun } from '../../runtime/commands/trigger.ts';
import { checkInvariants } from '../../runtime/database/invariants.ts';
import { isTransient } from '../../runtime/database/pool.ts';
import type { JsonObject } from '../../src/plan/plan.ts';
import type { ClusterConfig } from '../../runtime/pods/clusterConfig.ts';
import { registerDags } from '../../runtime/register/registerDags.ts';
import { type TestDatabase, testDatabase } from '../../runtime/testing/database.ts';
import type { TestCluster } from './harness.ts';

const ENTRY = path.join(import.meta.dirname, '../crash/schedulerProcess.ts');
const PATIENCE_MS = 60_000;

export interface RigOptions {
  cluster: TestCluster;
  /** Over what the rig says about the cluster `here`. */
  config?: Partial<ClusterConfig>;
  /** Further namespaces of it. */
  namespaces?: string[];
  /** Further clusters by name, as in the file of PODLINE_CLUSTERS. */
  others?: Record<string, Partial<ClusterConfig>>;
  /** One that pods reach, instead of a new one on the server that all tests of this process share. */
  database?: TestDatabase;
}

export interface PodView {
  metadata: {
    name: string;
    uid: string;
    labels: Record<string, string>;
    deletionTimestamp?: string;
  };
  spec: { nodeName?: string; containers: { image: string }[] };
  status: { phase: string };
}

export interface RigAttempt {
  id: number;
  task: string;
  number: number;
  state: string;
  cause: string | null;
  message: string | null;
  exitCode: number | null;
  gone: boolean;
  worker: string;
  facts: Record<string, unknown> & { waiting?: { reason: string; message: string } };
}

export class RigProcess {
  readonly child: ChildProcess;
  readonly exited: Promise<unknown>;

  constructor(child: ChildProcess) {
    this.child = child;
    this.exited = once(child, 'exit');
  }

  get alive(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Resolves when it is gone. */
  async end(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    if (this.alive) this.child.kill(signal);
    await this.exited;
  }
}

export class Rig {
  readonly cluster: TestCluster;
  readonly database: TestDatabase;
  readonly namespace: string;
  readonly namespaces: string[];
  readonly folder: string;
  readonly processes: RigProcess[] = [];
  #runs = 0;

  private constructor(
    options: RigOptions,
    parts: { database: TestDatabase; namespace: string; folder: string },
  ) {
    this.cluster = options.cluster;
    this.database = parts.database;
    this.namespace = parts.namespace;
    this.namespaces = [parts.namespace, ...(options.namespaces ?? [])];
    this.folder = parts.folder;
  }

  static async open(options: RigOptions): Promise<Rig> {
    const { cluster, config = {} } = options;
    const namespace = await cluster.namespace();
    const database = options.database ?? (await testDatabase({ open: true }));
    const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'podline-rig-'));
    await fs.mkdir(path.join(folder, 'dags'));
    const rig = new Rig(options, { database, namespace, folder });
    for (const name of rig.namespaces) await rig.#provideSecret(name);
    const here = {
      kubeconfig: await cluster.schedulerKubeconfig(...rig.namespaces),
      namespaces: rig.namespaces,
      image: cluster.images.podline,
      imagePullPolicy: 'IfNotPresent',
      startupTimeout: 60,
      imagePullGrace: 5,
      ...config,
    };
    const clusters = { default: 'here', clusters: { here, ...options.others } };
    await fs.writeFile(rig.#clustersFile, JSON.stringify(clusters));
    return rig;
  }

  get #clustersFile(): string {
    return path.join(this.folder, 'clusters.json');
  }

  /** The worker's connection string, as pods reach the database. */
  get workerUrl(): string {
    const url = new URL(this.database.workerUrl);
    url.hostname = this.cluster.hostAddress;
    return url.href;
  }

  async #provideSecret(namespace: string): Promise<void> {
    await this.cluster.api.call('POST', `/api/v1/namespaces/${namespace}/secrets`, {
      metadata: { name: 'podline-worker-database' },
      stringData: { url: this.workerUrl },
    });
  }

  /** A scheduler; ready when this resolves. `entry`: a module that starts it with something about it. */
  async start(env: Record<string, string> = {}, entry = ENTRY): Promise<RigProcess> {
    const log = openSync(this.#logFile, 'a');
    const limits = { silentSeconds: 8, unlockedSeconds: 1 };
    const child = fork(entry, [JSON.stringify({ limits })], {
      stdio: ['ignore', log, log, 'ipc'],
      execArgv: ['--conditions=podline-source'],
      env: {
        ...process.env,
        PODLINE_DATABASE_URL: this.database.url,
        PODLINE_CLUSTERS: this.#clustersFile,
        PODLINE_DEFAULT_EXECUTOR: 'kubernetes',
        PODLINE_HOME: path.join(this.folder, 'home'),
        PODLINE_SLOTS: '2',
        PODLINE_DRAIN_SECONDS: '1',
        PODLINE_LOG_LEVEL: 'info',
        NODE_COMPILE_CACHE: path.join(os.tmpdir(), `podline-compile-cache-${os.userInfo().uid}`),
        ...env,
      },
    });
    closeSync(log);
    const started = new RigProcess(child);
    this.processes.push(started);
    await Promise.race([
      once(child, 'message'),
      started.exited.then(() => {
        throw new Error(`the scheduler ended before it was ready\n${this.said()}`);
      }),
    ]);
    return started;
  }

  get #logFile(): string {
    return path.join(this.folder, 'schedulers.log');
  }

  /** DAG files by name: `etl.ts`, or scripts beside them. */
  async register(files: Record<string, string>): Promise<void> {
    const dags = path.join(this.folder, 'dags');
    for (const [name, text] of Object.entries(files)) {
      await fs.writeFile(path.join(dags, name), text);
    }
    const built = await buildFolder(dags);
    assert.deepEqual(built.errors, []);
    const { refused } = await registerDags(this.database.pool, built);
    assert.deepEqual(refused, []);
  }

  async trigger(dagId: string, params?: JsonObject): Promise<string> {
    const runId = `run-${++this.#runs}`;
    await triggerRun(this.database.pool, dagId, { runId, params });
    return runId;
  }

  /** What `look` found, as soon as it finds something. */
  async until<T>(
    what: string,
    look: () => Promise<T | null | undefined | false>,
    milliseconds = PATIENCE_MS,
  ): Promise<T> {
    const end = Date.now() + milliseconds;
    for (;;) {
      const found = await look().catch((error: unknown) => {
        if (error instanceof Error && isTransient(error)) return undefined;
        throw error;
      });
      if (found !== null && found !== undefined && found !== false) return found;
      if (Date.now() > end)
        throw new Error(`not within ${milliseconds} ms: ${what}\n${await this.#story()}`);
      await sleep(40);
    }
  }

  /** Its final state. */
  ended(runId: string, milliseconds = PATIENCE_MS): Promise<string> {
    return this.until(`the end of ${runId}`, () => this.#isOver(runId), milliseconds);
  }

  async #isOver(runId: string): Promise<string | undefined> {
    const { rows } = await this.database.pool.query<{ state: string }>(
      `SELECT state FROM podline.run WHERE run_id = $1 AND state IN ('success', 'failed')`,
      [runId],
    );
    return rows[0]?.state;
  }

  async attempts(runId: string): Promise<RigAttempt[]> {
    const { rows } = await this.database.pool.query<RigAttempt>(
      `SELECT a.id, t.task_id AS task, a.number, a.state, a.cause, a.message, a.exit_code AS "exitCode",
              a.gone_at IS NOT NULL AS gone, a.worker_id AS worker, coalesce(a.facts, '{}') AS facts
         FROM podline.attempt a JOIN podline.task_instance t ON t.id = a.instance_id JOIN podline.run r ON r.id = a.run_id
        WHERE r.run_id = $1 ORDER BY t.id, a.number`,
      [runId],
    );
    return rows;
  }

  /** The first attempt of which `fits` is true; fails when the run is over without one. */
  async attempt(
    runId: string,
    what: string,
    fits: (attempt: RigAttempt) => boolean,
  ): Promise<RigAttempt> {
    return this.until(`an attempt of ${runId} that is ${what}`, async () => {
      const isOver = await this.#isOver(runId);
      const found = (await this.attempts(runId)).find(fits);
      if (!found && isOver) {
        throw new Error(
          `${runId} ended without an attempt that is ${what}\n${await this.#story()}`,
        );
      }
      return found;
    });
  }

  async output(runId: string, taskId: string): Promise<unknown> {
    const { rows } = await this.database.pool.query<{ value: unknown }>(
      `SELECT x.value FROM podline.xcom x JOIN podline.run r ON r.id = x.run_id WHERE r.run_id = $1 AND x.task_id = $2`,
      [runId, taskId],
    );
    return rows[0]?.value;
  }

  /** Tries that the author gave, and that are spent. */
  async triesUsed(runId: string): Promise<number> {
    const { rows } = await this.database.pool.query<{ used: number }>(
      `SELECT sum(t.tries_used)::int AS used FROM podline.task_instance t JOIN podline.run r ON r.id = t.run_id WHERE r.run_id = $1`,
      [runId],
    );
    return rows[0]?.used ?? 0;
  }

  cancel(dagId: string, runId: string): Promise<void> {
    return commandRun(this.database.pool, { dagId, runId }, { kind: 'cancel' });
  }

  /** Names that each scheduler process goes by in the database. */
  async owners(): Promise<Map<number, Set<string>>> {
    const { rows } = await this.database.pool.query<{ pid: number; id: string }>(
      'SELECT pid, id FROM podline.worker',
    );
    const owners = new Map<number, Set<string>>();
    for (const { pid, id } of rows) owners.set(pid, (owners.get(pid) ?? new Set()).add(id));
    return owners;
  }

  /** Pods of Podline as the cluster has them now. */
  async pods(namespace = this.namespace): Promise<PodView[]> {
    const selector = 'labelSelector=app.kubernetes.io%2Fmanaged-by%3Dpodline';
    const { items } = await this.cluster.api.call<{ items: PodView[] }>(
      'GET',
      `/api/v1/namespaces/${namespace}/pods?${selector}`,
    );
    return items;
  }

  podOf(attempt: { id: number }, namespace = this.namespace): Promise<PodView> {
    return this.until(`the pod of attempt ${attempt.id}`, async () =>
      (await this.pods(namespace)).find(
        ({ metadata }) => metadata.labels['podline.dev/attempt'] === String(attempt.id),
      ),
    );
  }

  /** F25: nothing is left over. */
  async noPods(milliseconds = PATIENCE_MS): Promise<void> {
    await this.until(
      'no pod is left',
      async () => {
        for (const namespace of this.namespaces) {
          if ((await this.pods(namespace)).length > 0) return false;
        }
        return true;
      },
      milliseconds,
    );
  }

  /** The invariants hold. Asked at the end of every test. */
  async sound(): Promise<void> {
    assert.deepEqual(await checkInvariants(this.database.pool), [], this.said());
  }

  said(): string {
    return readFileSync(this.#logFile, 'utf8').slice(-2500);
  }

  async close(): Promise<void> {
    await Promise.all(this.processes.map((each) => each.end()));
    await this.database.drop();
    // Children of a scheduler that was killed write into its cache for a moment longer.
    await fs.rm(this.folder, { recursive: true, force: true, maxRetries: 10 });
  }

  async #story(): Promise<string> {
    const { rows } = await this.database.pool
      .query<{ line: string }>(
        `SELECT concat_ws(' ', r.run_id, r.state, t.task_id, t.state, a.number, a.state, a.cause, a.gone_at, a.message, a.facts) AS line
           FROM podline.run r LEFT JOIN podline.task_instance t ON t.run_id = r.id
           LEFT JOIN podline.attempt a ON a.instance_id = t.id ORDER BY r.id DESC, t.id, a.number LIMIT 10`,
      )
      .catch((error: unknown) => ({ rows: [{ line: String(error) }] }));
    const pods = await this.pods().catch(() => []);
    return [
      ...rows.map(({ line }) => line),
      ...pods.map(({ metadata, status }) => `pod ${metadata.name} ${status.phase}`),
      this.said(),
    ].join('\n');
  }
}
