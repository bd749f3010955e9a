/**
 * The executor `kubernetes`: one pod for each attempt, in any of the configured clusters. Registers itself as a worker,
 * takes over the attempts of processes that are gone, and leaves the rest to tending.ts. Pods run on when it stops.
 * Started by engine.ts where clusters are configured; the tick hands it launches.
 */
import type { Database } from '../../database/pool.ts';
import type { Launch } from '../../database/queries/launchAttempts.ts';
import { adoptAttempts } from '../../database/queries/pods/adoptAttempts.ts';
import { type PodAttempt, readPodLaunches } from '../../database/queries/pods/readPodLaunches.ts';
import type { Beat } from '../../database/queries/workers.ts';
import { launchKey } from '../../database/roles.ts';
import type { ClusterFigures } from '../../observe/clusterMetrics.ts';
import type { Log } from '../../observe/log.ts';
import type { ClustersConfig } from '../../pods/clusterConfig.ts';
import { PodLogs } from '../../pods/podLogs.ts';
import type { Executor } from '../../scheduler/tick.ts';
import { ownerBoard } from '../../worker/ownerBoard.ts';
import { WorkerSession } from '../../worker/session.ts';
import type { PlanTask } from '../../../src/plan/plan.ts';
import { ClusterLink } from './clusterLink.ts';
import { Details } from './details.ts';
import { PodMaker } from './podMaker.ts';
import { Recorder } from './recorder.ts';
import { Strangers } from './strangers.ts';
import { Tending } from './tending.ts';

export interface KubernetesExecutorOptions {
  database: Database;
  url: string;
  clusters: ClustersConfig;
  host: string;
  version: string;
  log: Log;
  /** Wakes the scheduler's loop of this process. */
  onFree(): void;
}

const SWEEP_MS = 1_000;
/** Sweeps between two looks for pods that nobody wants. */
const STRANGERS_EVERY = 5;
/** Creates that may wait in this process: more attempts would only be launched and not begun. */
const MOST_BACKLOG = 400;
/** A process that was stopped for longer may have lost its attempts to others; it asks before it makes pods. */
const TRUST_MS = 15_000;

export class KubernetesExecutor implements Executor {
  readonly name = 'kubernetes';
  readonly launchKey: Buffer;
  readonly #options: KubernetesExecutorOptions;
  readonly #links = new Map<string, ClusterLink>();
  readonly #session: WorkerSession;
  readonly #recorder: Recorder;
  readonly #details: Details;
  readonly #logs: PodLogs;
  #tending: Tending | undefined;
  #strangers: Strangers | undefined;
  #timer: NodeJS.Timeout | undefined;
  #sweeps = 0;
  /** As of the last sweep. */
  #livePods = 0;
  #goodAt = 0;
  #stopping = false;
  /** Launched, their rows are being read. */
  readonly #reading = new Set<number>();
  /** To be read next, and whether it was launched by somebody before us. */
  #wanted = new Map<number, boolean>();
  #plans = new Map<string, PlanTask>();

  constructor(options: KubernetesExecutorOptions) {
    this.#options = options;
    const { database, url, host, version, log, onFree } = options;
    this.launchKey = launchKey(url);
    this.#recorder = new Recorder(database, log);
    this.#details = new Details(database, log);
    this.#logs = new PodLogs({
      database,
      client: (cluster) => this.#links.get(cluster)?.client,
      log,
    });
    this.#session = new WorkerSession({
      board: ownerBoard(database),
      url,
      kind: 'scheduler',
      host,
      executors: [this.name],
      slots: this.#capacity(),
      version,
      log,
      onBeat: (beat) => this.#beat(beat),
      // The rows come back by adoption, under the new name.
      onLost: () => {},
      onFree,
    });
  }

  get workerId(): string {
    return this.#session.workerId;
  }

  /** Attempts in our charge, for tests and figures. */
  get charges(): number {
    return this.#tending?.charges.size ?? 0;
  }

  /** How the calls to each cluster stand, for metrics. */
  get clusterFigures(): ClusterFigures[] {
    return [...this.#links].map(([name, { queue }]) => ({ name, stats: queue.stats }));
  }

  async open(): Promise<void> {
    const { database, clusters, log, onFree } = this.#options;
    const { rows } = await database.query<{ id: string }>('SELECT id FROM podline.installation');
    const installation = rows[0]?.id ?? '';
    const maker = new PodMaker({ installation, clusters, launchKey: this.launchKey });
    const tending = new Tending({
      links: this.#links,
      maker,
      recorder: this.#recorder,
      details: this.#details,
      logs: this.#logs,
      installation,
      log,
      read: (ids) => {
        void this.#read(ids, true);
      },
      mayLaunch: () => !this.#stopping && performance.now() - this.#goodAt < TRUST_MS,
      onFree,
    });
    for (const config of Object.values(clusters.clusters)) {
      const link = await ClusterLink.open(
        config,
        installation,
        {
          onChange: (pod) => tending.changed(pod),
          onGone: (pod) => tending.vanished(pod),
          onSynced: (cluster, namespace, pods) => tending.synced(cluster, namespace, pods),
        },
        log,
      );
      this.#links.set(config.name, link);
    }
    this.#tending = tending;
    this.#strangers = new Strangers({
      database,
      links: this.#links,
      tending,
      cleanup: tending.cleanup,
    });
    for (const link of this.#links.values()) link.start();
    await this.#session.open();
    this.#goodAt = performance.now();
    await this.#adopt(true);
    this.#timer = setInterval(() => this.#sweep(), SWEEP_MS);
  }

  start(launches: Launch[]): void {
    const ours = launches.filter(({ workerId }) => workerId === this.workerId);
    void this.#read(
      ours.map(({ attemptId }) => attemptId),
      false,
    );
  }

  freeSlots(): number {
    if (!this.#session.held || this.#stopping || !this.#tending) return 0;
    const live = Math.max(this.#tending.liveCount, this.#livePods) + this.#reading.size;
    const backlog = this.#tending.backlog + this.#reading.size;
    return Math.max(0, Math.min(this.#capacity() - live, MOST_BACKLOG - backlog));
  }

  /** Lets go: pods run on, another process takes them over. */
  async stop(): Promise<void> {
    this.#stopping = true;
    clearInterval(this.#timer);
    await Promise.all([...this.#links.values()].map((link) => link.stop()));
    await this.#logs.stop();
    await this.#recorder.close();
    await this.#details.close();
    await this.#session.close();
  }

  #capacity(): number {
    const { clusters } = this.#options.clusters;
    return Object.values(clusters).reduce((sum, { maxPods }) => sum + maxPods, 0);
  }

  /** Of all schedulers; those that have ended and are kept count for nothing. */
  #countPods(): number {
    let count = 0;
    for (const link of this.#links.values()) {
      for (const { terminal } of link.pods()) if (!terminal) count += 1;
    }
    return count;
  }

  #sweep(): void {
    this.#tending?.sweep();
    this.#livePods = this.#countPods();
    this.#sweeps += 1;
    if (this.#sweeps % STRANGERS_EVERY !== 0) return;
    this.#strangers?.sweep(this.workerId).catch((error: unknown) => {
      this.#options.log.warn({ error: String(error) }, 'unwanted pods were not looked for');
    });
  }

  async #beat({ alive, unwanted, expected }: Beat): Promise<void> {
    const tending = this.#tending;
    if (!alive || !tending) return;
    this.#goodAt = performance.now();
    for (const id of unwanted) {
      const charge = tending.charges.get(id);
      if (charge) tending.unwanted(charge);
    }
    const named = new Set([...unwanted, ...expected]);
    const unknown = [...named].filter((id) => !tending.charges.has(id));
    // Over, or in charge of another process by now.
    const doubtful = [...tending.charges.values()].filter(
      ({ attemptId, gone }) => !gone && !named.has(attemptId),
    );
    await this.#adopt(false);
    await this.#read([...unknown, ...doubtful.map(({ attemptId }) => attemptId)], true);
  }

  async #adopt(everybody: boolean): Promise<void> {
    const { database, log } = this.#options;
    if (!this.#session.held || this.#stopping) return;
    const ids = await adoptAttempts(database, this.workerId, everybody);
    if (ids.length === 0) return;
    log.info({ attempts: ids.length }, 'attempts of a process that is gone taken over');
    await this.#read(ids, true);
  }

  /** Reads rows and takes them into charge. What fails is in the next heartbeat again. */
  async #read(attemptIds: number[], adopted: boolean): Promise<void> {
    const fresh = attemptIds.filter((id) => !this.#reading.has(id));
    if (fresh.length === 0) return;
    for (const id of fresh) {
      this.#reading.add(id);
      this.#wanted.set(id, adopted);
    }
    // Tells of one turn of the event loop are read together.
    if (adopted) await new Promise((resolve) => setImmediate(resolve));
    const wanted = this.#wanted;
    const ids = [...wanted.keys()];
    this.#wanted = new Map();
    if (ids.length === 0) return;
    try {
      const rows = await readPodLaunches(this.#options.database, ids);
      for (const row of rows) this.#take(row, wanted.get(row.attemptId) ?? true);
    } catch (error) {
      this.#options.log.warn({ error: String(error) }, 'attempts could not be read');
    } finally {
      for (const id of ids) this.#reading.delete(id);
    }
  }

  #take(row: PodAttempt, adopted: boolean): void {
    const tending = this.#tending;
    if (row.workerId !== this.workerId) {
      tending?.drop(row.attemptId);
      return;
    }
    if (row.launch) row.launch.task = this.#shared(row.taskKey, row.launch.task);
    tending?.take(row, adopted);
  }

  /** One copy of a task for all its attempts. */
  #shared(key: string, task: PlanTask): PlanTask {
    const known = this.#plans.get(key);
    if (known) return known;
    if (this.#plans.size >= 2_000) this.#plans.clear();
    this.#plans.set(key, task);
    return task;
  }
}
