/**
 * Guessing takes its time: failed sign-ins make the account and the address wait, longer each time, never for ever. The
 * counts stand in the database, for all webservers. Names that nobody has count like all others.
 */
import { createHash } from 'node:crypto';
import { isIPv6 } from 'node:net';
import { PodlineError } from '../../../src/errors.ts';
import type { Queryable } from '../../database/pool.ts';
import {
  clearTries,
  countTry,
  type Limit,
  uncountTry,
} from '../../database/queries/people/throttle.ts';

/** A minute at most, so that nobody can keep the owner of an account out. */
const ACCOUNT = { free: 5, mostSeconds: 60 };
/** Offices share an address. */
const ADDRESS = { free: 30, mostSeconds: 300 };

export interface Try {
  succeeded(): Promise<void>;
}

/** Counts a try, or throws `auth.too_many` with the seconds to wait. */
export async function beginTry(database: Queryable, name: string, ip: string): Promise<Try> {
  const account: Limit = { key: `account:${digest(name.toLowerCase())}`, ...ACCOUNT };
  const address = addressLimit(ip);
  await count(database, address);
  await count(database, account);
  return {
    async succeeded() {
      await clearTries(database, account.key);
      await uncountTry(database, address.key);
    },
  };
}

/** For what has no account: links. */
export async function beginAnonymousTry(database: Queryable, ip: string): Promise<Try> {
  const address = addressLimit(ip);
  await count(database, address);
  return { succeeded: () => uncountTry(database, address.key) };
}

async function count(database: Queryable, limit: Limit): Promise<void> {
  const seconds = await countTry(database, limit);
  if (seconds > 0) throw new PodlineError('auth.too_many', { seconds });
}

function addressLimit(ip: string): Limit {
  return { key: `address:${digest(network(ip))}`, ...ADDRESS };
}

/** Whoever has one address of IPv6 has the whole /64. */
export function network(ip: string): string {
  const plain = ip.replace(/^::ffff:(?=\d+\.)/i, '');
  if (!isIPv6(plain)) return plain;
  const [head = '', tail] = plain.toLowerCase().split('%')[0]?.split('::') ?? [];
  const front = head.split(':').filter(Boolean);
  const back = (tail ?? '').split(':').filter(Boolean);
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - front.length - back.length);
  const groups = [...front, ...Array<string>(zeros).fill('0'), ...back];
  return groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':');
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
