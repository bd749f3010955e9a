/**
 * The worker's database role: it may log in and EXECUTE the report functions, nothing else. Made by
 * the migration. Its password follows from the owner's, so that every process that holds the
 * owner's connection string can start workers without a second secret to hand around.
 */
import { createHash, createHmac } from 'node:crypto';
import type { Client } from 'pg';
import { HOT_SETTINGS } from './pool.ts';

/** Connection string for workers. PODLINE_WORKER_DATABASE_URL overrides it (runtime/config.ts). */
export function workerUrl(ownerUrl: string): string {
  const url = new URL(ownerUrl);
  const database = decodeURIComponent(url.pathname.slice(1));
  url.username = encodeURIComponent(workerRole(database));
  url.password = workerPassword(ownerUrl);
  return url.href;
}

/** Roles belong to the whole server, so the name carries the database; at most 63 bytes, never two alike. */
function workerRole(database: string): string {
  const name = `podline_worker_${database}`;
  if (Buffer.byteLength(name) <= 63) return name;
  const hash = createHash('sha256').update(database).digest('hex').slice(0, 16);
  return `${name.slice(0, 40).replace(/[^\w]/g, '_')}_${hash}`;
}

function workerPassword(ownerUrl: string): string {
  const url = new URL(ownerUrl);
  return createHmac('sha256', decodeURIComponent(url.password))
    .update(`podline worker ${url.pathname}`)
    .digest('hex');
}

/** What launch tokens of pods are made from. Known to every process that holds the owner's connection string. */
export function launchKey(ownerUrl: string): Buffer {
  const url = new URL(ownerUrl);
  return createHmac('sha256', decodeURIComponent(url.password))
    .update(`podline launch ${url.pathname}`)
    .digest();
}

/** The token that goes with a nonce of an attempt; whoever has the key makes the same one again. */
export function launchToken(key: Buffer, nonce: Buffer): Buffer {
  return createHmac('sha256', key).update(nonce).digest();
}

export async function ensureWorkerRole(client: Client, ownerUrl: string): Promise<void> {
  const database = decodeURIComponent(new URL(ownerUrl).pathname.slice(1));
  const role = client.escapeIdentifier(workerRole(database));
  const password = client.escapeLiteral(workerPassword(ownerUrl));
  const known = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [
    workerRole(database),
  ]);
  const verb = known.rowCount === 0 ? 'CREATE' : 'ALTER';
  await client.query(
    `${verb} ROLE ${role} LOGIN PASSWORD ${password} NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT`,
  );
  for (const [name, value] of Object.entries(HOT_SETTINGS)) {
    await client.query(`ALTER ROLE ${role} SET ${name} = '${value}'`);
  }
  await client.query(`GRANT USAGE ON SCHEMA report TO ${role}`);
  await client.query(`GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA report TO ${role}`);
}
