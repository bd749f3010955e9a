/**
 * One engine process: connection pool, scheduler loop and local executor, wired together. Started by
 * `podline scheduler`, `podline dev` and the demo; several may share one database.
 */
import path from 'node:path';
import { type Config, workerDatabaseUrl } from './config.ts';
import type { OpenDatabase } from './database/openDatabase.ts';
import { openPool } from './database/pool.ts';
import type { WorkerLimits } from './database/queries/workers.ts';
import { LocalExecutor } from './executors/local/localExecutor.ts';
import type { Log } from './observe/log.ts';
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
}

export interface Engine {
  /** Wakes the scheduler at once. */
  poke(): void;
  /** Lets tasks end (config.drainSeconds), then stops everything. */
  stop(): Promise<void>;
}

export async function startEngine(options: EngineOptions): Promise<Engine> {
  const { config, database, deliver, log } = options;
  const pool = openPool(database.url, { max: 6, applicationName: 'podline-engine', hot: true });
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
  const loop = new SchedulerLoop({
    database: pool,
    url: database.url,
    executors: [executor],
    deliver,
    log,
    workerLimits: options.workerLimits,
  });
  await executor.open();
  loop.start();
  return {
    poke: () => {
      loop.poke();
    },
    async stop() {
      // The loop goes on while tasks drain, so that what they report is still decided.
      await executor.stop(config.drainSeconds);
      await loop.stop();
      await pool.end();
    },
  };
}
