/**
 * Brings the schema to the version of this code with node-pg-migrate (plain SQL files, forward only,
 * under its advisory lock). Called by `podline db migrate`, the embedded default and the tests.
 */
import fs from 'node:fs/promises';
import path from 'node:path';
import { PodlineError } from '../../src/errors.ts';
import { openClient, type Queryable, unreachable } from './pool.ts';
import { ensureRoles } from './roles.ts';

const FOLDER = path.join(import.meta.dirname, 'migrations');

/** Key of the session lock under which one process migrates. */
const MIGRATION_LOCK = 7408;

export interface MigrateResult {
  applied: string[];
  version: string;
}

/** Applies what is missing and makes the roles. Safe to run from several processes at once. */
export async function migrate(url: string): Promise<MigrateResult> {
  const client = await openClient(url, 'podline-migrate').catch((error: unknown) => {
    throw unreachable(url, error);
  });
  // Loaded here alone: it takes 70 ms, and most commands only look at the version.
  const { runner } = await import('node-pg-migrate');
  try {
    // Held until the connection ends: other processes wait here, then find everything done.
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const applied = await runner({
      dbClient: client,
      dir: FOLDER,
      direction: 'up',
      migrationsTable: 'podline_migration',
      checkOrder: true,
      singleTransaction: true,
      log: () => {},
      verbose: false,
    });
    await ensureRoles(client, url);
    return { applied: applied.map(({ name }) => name), version: await latestVersion() };
  } finally {
    await client.end();
  }
}

/** The newest migration this code knows. */
export async function latestVersion(): Promise<string> {
  const files = await fs.readdir(FOLDER);
  const names = files.filter((file) => file.endsWith('.sql')).sort();
  return path.basename(names.at(-1) ?? 'none', '.sql');
}

/** Refuses to work on a schema that this code does not know. */
export async function checkVersion(database: Queryable): Promise<void> {
  const exists = await database.query<{ found: string | null }>(
    `SELECT to_regclass('public.podline_migration')::text AS found`,
  );
  if (exists.rows[0]?.found == null) return checkFound('nothing');
  const result = await database.query<{ name: string }>(
    'SELECT name FROM public.podline_migration ORDER BY id DESC LIMIT 1',
  );
  return checkFound(result.rows[0]?.name ?? 'nothing');
}

/** `found`: the newest migration of the database. */
export async function checkFound(found: string): Promise<void> {
  const known = (await fs.readdir(FOLDER))
    .filter((file) => file.endsWith('.sql'))
    .map((file) => path.basename(file, '.sql'))
    .sort();
  const needed = known.at(-1) ?? 'none';
  if (found === needed) return;
  const code = known.includes(found) || found === 'nothing' ? 'not_migrated' : 'too_new';
  throw new PodlineError(`database.${code}`, { found, needed });
}
