/**
 * The database roles beside the owner, derived from the owner's connection string: names, passwords, connection
 * strings. So every process, and the components, know them without a second secret to hand around. Made in the
 * database by runtime/database/roles.ts, or beforehand by an administrator.
 */
import { createHash, createHmac } from 'node:crypto';
import { PodlineError } from '../errors.ts';

/** `worker` reports about attempts, `pool` takes work for warm workers. */
export type DatabaseRoleKind = 'worker' | 'pool';

export interface DatabaseRole {
  name: string;
  /** 64 characters of hexadecimal. */
  password: string;
  /** The owner's connection string with this login; host, database and options stay. */
  url: string;
}

/** Options of a connection string that say who logs in; they would win over the user in it. */
const LOGIN_OPTIONS = ['user', 'password'];

export function databaseRole(kind: DatabaseRoleKind, ownerUrl: string): DatabaseRole {
  const url = parse(ownerUrl);
  const name = roleName(kind, decodeURIComponent(url.pathname.slice(1)));
  const password = createHmac('sha256', passwordIn(url))
    .update(`podline ${kind} ${url.pathname}`)
    .digest('hex');
  for (const option of LOGIN_OPTIONS) {
    if (url.searchParams.has(option)) url.searchParams.delete(option);
  }
  if (url.host === '') {
    // A socket is named in the options, and a URL without a host has no place for a user.
    url.searchParams.set('user', name);
    url.searchParams.set('password', password);
  } else {
    url.username = encodeURIComponent(name);
    url.password = password;
  }
  return { name, password, url: url.href };
}

/** Connection string for workers. PODLINE_WORKER_DATABASE_URL overrides it (runtime/config.ts). */
export function workerUrl(ownerUrl: string): string {
  return databaseRole('worker', ownerUrl).url;
}

/** Connection string for the supervisors of pools. PODLINE_POOL_DATABASE_URL overrides it. */
export function poolUrl(ownerUrl: string): string {
  return databaseRole('pool', ownerUrl).url;
}

/** Roles belong to the whole server, so the name carries the database; at most 63 bytes, never two alike. */
function roleName(kind: DatabaseRoleKind, database: string): string {
  const name = `podline_${kind}_${database}`;
  if (Buffer.byteLength(name) <= 63) return name;
  const hash = createHash('sha256').update(database).digest('hex').slice(0, 16);
  return `${name.slice(0, 40).replace(/[^\w]/g, '_')}_${hash}`;
}

/** The secret that all others follow from. */
export function ownerPassword(ownerUrl: string): string {
  return passwordIn(parse(ownerUrl));
}

/** From the place where the driver looks first. */
function passwordIn(url: URL): string {
  return url.searchParams.get('password') ?? decodeURIComponent(url.password);
}

function parse(ownerUrl: string): URL {
  if (URL.canParse(ownerUrl)) return new URL(ownerUrl);
  // The text itself may hold a password.
  const reason = 'it must be like postgresql://user:password@host:5432/database';
  throw new PodlineError('config.bad_value', {
    name: 'DATABASE_URL',
    value: 'no connection string',
    reason,
  });
}
