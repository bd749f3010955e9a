/**
 * The database of one process: DATABASE_URL, else the embedded server of the home folder. Called by every
 * command of the CLI and by the engine's callers; apart from engine.ts, so that a short command loads no engine.
 */
import path from 'node:path';
import type { Config } from '../config.ts';
import { type EmbeddedServer, startEmbedded } from './embedded.ts';
import { checkVersion, migrate } from './migrate.ts';
import { type Database, openPool, unreachable } from './pool.ts';

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

export async function openDatabase(
  config: Config,
  options: OpenDatabaseOptions = {},
): Promise<OpenDatabase> {
  const embedded =
    config.databaseUrl === null
      ? await startEmbedded({ folder: path.join(config.home, 'database') })
      : null;
  const url = config.databaseUrl ?? embedded?.url ?? '';
  let pool: Database | undefined;
  try {
    if (options.migrate === true || embedded?.owned) await migrate(url);
    pool = openPool(url, { max: 12, applicationName: 'podline' });
    if (options.anySchema !== true) await checkVersion(pool);
  } catch (error) {
    await pool?.end();
    await embedded?.leave();
    throw isConnectionError(error) ? unreachable(url, error) : error;
  }
  const opened = pool;
  return {
    url,
    pool: opened,
    embedded,
    async close() {
      await opened.end();
      await embedded?.leave();
    },
  };
}

function isConnectionError(error: unknown): boolean {
  return error instanceof Error && error.name !== 'PodlineError';
}
