/**
 * Passwords: argon2id, with as much work for a name that nobody has as for one that somebody has. At most a few at a time,
 * because each takes 19 MiB and a core; who comes when too many wait is told to come back.
 */
import { randomBytes } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';
import { PodlineError } from '../../src/errors.ts';

/** OWASP's minimum for argon2id; the library's algorithm by default. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
const MOST_AT_WORK = 2;
const MOST_WAITING = 50;

let decoy: Promise<string> | undefined;
let atWork = 0;
const waiting: (() => void)[] = [];

export function hashPassword(password: string): Promise<string> {
  return inTurn(() => hash(normal(password), COST));
}

/** `passwordHash` null: nobody, or somebody without a password. Takes the same time and says no. */
export async function isPassword(password: string, passwordHash: string | null): Promise<boolean> {
  const against = passwordHash ?? (await (decoy ??= hash(randomBytes(32), COST)));
  const fits = await inTurn(() => verify(against, normal(password)));
  return fits && passwordHash !== null;
}

/** Made beforehand, so that the first unknown name is not slower than all others. */
export async function prepareDecoy(): Promise<void> {
  await (decoy ??= hash(randomBytes(32), COST));
}

/** The same letters, whatever keyboard and system they come from. */
function normal(password: string): string {
  return password.normalize('NFKC');
}

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (atWork >= MOST_AT_WORK) {
    if (waiting.length >= MOST_WAITING) throw new PodlineError('auth.busy', {});
    await new Promise<void>((resolve) => waiting.push(resolve));
  } else {
    atWork += 1;
  }
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else atWork -= 1;
  }
}
