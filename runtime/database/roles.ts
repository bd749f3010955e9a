/**
 * The database roles beside the owner: workers may EXECUTE the functions of schema `report`, pool workers those of schema
 * `pool`, nothing else. Made by the migration. Passwords follow from the owner's, so that every process
 * that holds the owner's connection string can start workers without a second secret to hand around.
 */
import { createHash, createHmac } from 'node:crypto';
import type { Client } from 'pg';
import { HOT_SETTINGS } from './pool.ts';

type Kind = 'worker' | 'pool';

/** Connection string for workers. PODLINE_WORKER_DATABASE_URL overrides it (runtime/config.ts). */
export function workerUrl(ownerUrl: string): string {
  return urlOf('worker', ownerUrl);
}

/** Connection string for the supervisors of pools. PODLINE_POOL_DATABASE_URL overrides it. */
export function poolUrl(ownerUrl: string): string {
  return urlOf('pool', ownerUrl);
}

function urlOf(kind: Kind, ownerUrl: string): string {
  const url = new URL(ownerUrl);
  const database = decodeURIComponent(url.pathname.slice(1));
  url.username = encodeURIComponent(roleOf(kind, database));
  url.password = passwordOf(kind, ownerUrl);
  return url.href;
}

/** Roles belong to the whole server, so the name carries the database; at most 63 bytes, never two alike. */
function roleOf(kind: Kind, database: string): string {
  const name = `podline_${kind}_${database}`;
  if (Buffer.byteLength(name) <= 63) return name;
  const hash = createHash('sha256').update(database).digest('hex').slice(0, 16);
  return `${name.slice(0, 40).replace(/[^\w]/g, '_')}_${hash}`;
}

function passwordOf(kind: Kind, ownerUrl: string): string {
  const url = new URL(ownerUrl);
  return createHmac('sha256', decodeURIComponent(url.password))
    .update(`podline ${kind} ${url.pathname}`)
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

export async function ensureRoles(client: Client, ownerUrl: string): Promise<void> {
  await ensureRole(client, ownerUrl, 'worker', 'report');
  await ensureRole(client, ownerUrl, 'pool', 'pool');
}

async function ensureRole(
  client: Client,
  ownerUrl: string,
  kind: Kind,
  schema: 'report' | 'pool',
): Promise<void> {
  const name = roleOf(kind, decodeURIComponent(new URL(ownerUrl).pathname.slice(1)));
  const role = client.escapeIdentifier(name);
  const password = client.escapeLiteral(passwordOf(kind, ownerUrl));
  const known = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [name]);
  const verb = known.rowCount === 0 ? 'CREATE' : 'ALTER';
  await client.query(
    `${verb} ROLE ${role} LOGIN PASSWORD ${password} NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT`,
  );
  for (const [setting, value] of Object.entries(HOT_SETTINGS)) {
    await client.query(`ALTER ROLE ${role} SET ${setting} = '${value}'`);
  }
  await client.query(`GRANT USAGE ON SCHEMA ${schema} TO ${role}`);
  await client.query(`GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA ${schema} TO ${role}`);
}
