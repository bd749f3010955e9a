/**
 * One engine process: connection pool, scheduler loop and local executor, wired together. Started by
 * `podline scheduler`, `podline dev` and the demo; several may share one database.
 */
import path from 'node:path';
import { type Config, workerDatabaseUrl } from './config.ts';
import { type EmbeddedServer, startEmbedded } from './database/embedded.ts';
import { checkVersion, migrate } from './database/migrate.ts';
import { type Database, openPool, unreachable } from './database/pool.ts';
import { LocalExecutor } from './executors/local/localExecutor.ts';
import type { Log } from './observe/log.ts';
import { SchedulerLoop } from './scheduler/loop.ts';
import type { Deliver } from './scheduler/outbox.ts';
import { VERSION } from './version.ts';

export interface OpenDatabase {
  url: string;
  pool: Database;
  /** Set when the embedded default is used. */
  embedded: EmbeddedServer | null;
  close(): Promise<void>;
}

export interface OpenDatabaseOptions {
  /** Bring the schema up to date. Always done for the embedded default. */
  migrate?: boolean;
  /** Accept any schema: for `db migrate` and `doctor`. */
  anySchema?: boolean;
}

/** DATABASE_URL, else the embedded server of the home folder. */
export async function openDatabase(
  config: Config,
  options: OpenDatabaseOptions = {},
): Promise<OpenDatabase> {
  const embedded =
    config.databaseUrl === null
      ? await startEmbedded({ folder: path.join(config.home, 'database') })
      : null;
  const url = config.databaseUrl ?? embedded?.url ?? '';
  if (options.migrate === true || embedded?.owned) await migrate(url);
  const pool = openPool(url, { max: 12, applicationName: 'podline' });
  try {
    if (options.anySchema !== true) await checkVersion(pool);
  } catch (error) {
    await pool.end();
    await embedded?.stop();
    throw isConnectionError(error) ? unreachable(url, error) : error;
  }
  return {
    url,
    pool,
    embedded,
    async close() {
      await pool.end();
      if (embedded?.owned) await embedded.stop();
    },
  };
}

function isConnectionError(error: unknown): boolean {
  return error instanceof Error && error.name !== 'PodlineError';
}

export interface EngineOptions {
  config: Config;
  database: OpenDatabase;
  deliver: Deliver;
  log: Log;
}

export interface Engine {
  /** Wakes the scheduler at once. */
  poke(): void;
  /** Lets tasks end (config.drainSeconds), then stops everything. */
  stop(): Promise<void>;
}

export async function startEngine(options: EngineOptions): Promise<Engine> {
  const { config, database, deliver, log } = options;
  const executor = new LocalExecutor({
    database: database.pool,
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
    database: database.pool,
    url: database.url,
    executors: [executor],
    deliver,
    log,
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
    },
  };
}
