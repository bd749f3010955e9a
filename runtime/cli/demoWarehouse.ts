/**
 * The warehouse of the demo: a second database on the server of the first, and the connection `warehouse`
 * that the example's SQL tasks ask for. A warehouse that the user has declared is left alone.
 */
import fs from 'node:fs/promises';
import path from 'node:path';
import { PodlineError } from '../../src/errors.ts';
import { Connections } from '../connections/connections.ts';
import type { Database } from '../database/pool.ts';

const CONNECTION = 'warehouse';
const DATABASE = 'podline_warehouse';
/** duplicate_database: another demo was faster. */
const EXISTS = '42P04';

export interface Warehouse {
  /** Who declared the connection: the environment, the user's file, or the demo. */
  declaredBy: 'environment' | 'file' | 'demo';
  connections: Connections;
}

export async function prepareWarehouse(options: {
  /** Folder of connections.json. */
  home: string;
  url: string;
  database: Database;
  environment: Readonly<Record<string, string | undefined>>;
}): Promise<Warehouse> {
  const { home, url, database, environment } = options;
  const file = path.join(home, 'connections.json');
  const known = await new Connections(environment, file).list();
  const declared = known.find(({ id }) => id === CONNECTION);
  const entries = await readEntries(file);
  if (declared && !isOurs(entries[CONNECTION], declared.source)) {
    return { declaredBy: declared.source, connections: new Connections(environment, file) };
  }
  await createDatabase(database);
  const warehouse = new URL(url);
  warehouse.pathname = `/${DATABASE}`;
  // The port of the embedded server may be another one after each start.
  entries[CONNECTION] = warehouse.href;
  await fs.mkdir(home, { recursive: true });
  await fs.writeFile(file, `${JSON.stringify(entries, null, 2)}\n`, { mode: 0o600 });
  return { declaredBy: 'demo', connections: new Connections(environment, file) };
}

function isOurs(value: unknown, source: 'environment' | 'file'): boolean {
  return source === 'file' && typeof value === 'string' && value.endsWith(`/${DATABASE}`);
}

/** `list` has refused a broken file already, with words; here only its absence is left. */
async function readEntries(file: string): Promise<Record<string, unknown>> {
  const text = await fs.readFile(file, 'utf8').catch(() => '{}');
  return JSON.parse(text) as Record<string, unknown>;
}

async function createDatabase(database: Database): Promise<void> {
  const found = await database.query('SELECT FROM pg_database WHERE datname = $1', [DATABASE]);
  if (found.rowCount !== 0) return;
  try {
    await database.query(`CREATE DATABASE ${DATABASE}`);
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (code === EXISTS) return;
    throw new PodlineError(
      'connection.bad',
      {
        connection: CONNECTION,
        reason: `the demo could not create the database ${DATABASE} for it (${message}); create it, or set PODLINE_CONN_WAREHOUSE`,
      },
      { cause: error },
    );
  }
}
