/**
 * One engine process: connection pool, scheduler loop, local executor and, where clusters are configured, the executor
 * of pods, wired together. Started by `podline scheduler`, `podline dev` and the demo; several may share one database.
 */
import path from 'node:path';
import { type Config, workerDatabaseUrl } from './config.ts';
import type { OpenDatabase } from './database/openDatabase.ts';
import { type Database, openPool } from './database/pool.ts';
import type { WorkerLimits } from './database/queries/workers.ts';
import { LocalExecutor } from './executors/local/localExecutor.ts';
import type { KubernetesExecutor } from './executors/kubernetes/kubernetesExecutor.ts';
import type { ClusterFigures } from './observe/clusterMetrics.ts';
import type { Log } from './observe/log.ts';
import type { LoopMeter } from './observe/meter.ts';
import { openTraces } from './observe/traces/openTraces.ts';
import type { SpanMeter } from './observe/traces/traceSender.ts';
import { SchedulerLoop } from './scheduler/loop.ts';
import type { Deliver } from './scheduler/outbox.ts';
import { VERSION } from './version.ts';

export { openDatabase, type OpenDatabase } from './database/openDatabase.ts';

export interface EngineOptions {
  config: Config;
  database: OpenDatabase;
  deliver: Deliver;
  log: Log;
  /** When other processes are taken for dead. Default: WORKER_LIMITS. */
  workerLimits?: WorkerLimits;
  /** Told what the loop does, for health and metrics. */
  meter?: LoopMeter;
  /** Told what becomes of spans. */
  spanMeter?: SpanMeter;
}

export interface Engine {
  /** For metrics; empty where no cluster is configured. */
  clusterFigures(): ClusterFigures[];
  /** Wakes the scheduler at once. */
  poke(): void;
  /** Lets tasks end (config.drainSeconds), then stops everything. */
  stop(): Promise<void>;
}

export async function startEngine(options: EngineOptions): Promise<Engine> {
  const { config, database, deliver, log } = options;
  const pool = openPool(database.url, { max: 6, applicationName: 'podline-engine', hot: true });
  // Without slots it runs nothing: then it is the sign of life of this scheduler, no more.
  const executor = new LocalExecutor({
    database: pool,
    url: database.url,
    workerUrl: workerDatabaseUrl(config, database.url),
    slots: config.slots,
    host: config.host,
    bundleCache: path.join(config.home, 'bundles'),
    connectionsFile: path.join(config.home, 'connections.json'),
    version: VERSION,
    log,
    onFree: () => {
      loop.poke();
    },
  });
  if (config.defaultExecutor !== null) await setDefaultExecutor(pool, config.defaultExecutor);
  const pods = await openPods(options, pool, () => {
    loop.poke();
  });
  const traces = await openTraces({
    ...{ database: pool, url: database.url, log, meter: options.spanMeter },
    traces: await config.traces(),
  });
  const loop = new SchedulerLoop({
    database: pool,
    url: database.url,
    executors: [...(pods ? [pods] : []), ...(config.slots > 0 ? [executor] : [])],
    deliver,
    log,
    workerLimits: options.workerLimits,
    meter: options.meter,
    traces,
  });
  await executor.open();
  await pods?.open();
  loop.start();
  return {
    clusterFigures: () => pods?.clusterFigures ?? [],
    poke: () => {
      loop.poke();
    },
    async stop() {
      // The loop goes on while tasks drain, so that what they report is still decided.
      await executor.stop(config.drainSeconds);
      await pods?.stop();
      await loop.stop();
      await traces?.close();
      await pool.end();
    },
  };
}

/** Undefined where no cluster is configured; the libraries for them are loaded only then. */
async function openPods(
  { config, database, log }: EngineOptions,
  pool: Database,
  onFree: () => void,
): Promise<KubernetesExecutor | undefined> {
  const clusters = await config.clusters();
  if (!clusters) return undefined;
  const { KubernetesExecutor } = await import('./executors/kubernetes/kubernetesExecutor.ts');
  const { host } = config;
  const { url } = database;
  return new KubernetesExecutor({
    database: pool,
    url,
    clusters,
    host,
    version: VERSION,
    log,
    onFree,
  });
}

async function setDefaultExecutor(pool: Database, executor: string): Promise<void> {
  await pool.query(
    'UPDATE podline.installation SET default_executor = $1 WHERE default_executor <> $1',
    [executor],
  );
}
