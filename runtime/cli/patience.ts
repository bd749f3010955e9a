/**
 * `--wait SECONDS`: does the work again while the database is not there yet, or not at this version. For commands that
 * start beside the database, as Jobs do. What keeps it waiting is said on stderr, once for each reason.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { PodlineError } from '../../src/errors.ts';
import { isTransient } from '../database/pool.ts';
import type { Session } from './session.ts';

const FIRST_MS = 200;
const MOST_MS = 2_000;

/** The work must be safe to be done again after any part of it. */
export async function withPatience<T>(
  session: Session,
  seconds: number,
  work: () => Promise<T>,
): Promise<T> {
  const until = performance.now() + seconds * 1000;
  let told = '';
  for (let delay = FIRST_MS; ; delay = Math.min(MOST_MS, delay * 1.5)) {
    try {
      return await work();
    } catch (error) {
      if (!mayPass(error) || performance.now() + delay > until) throw error;
      const reason = error instanceof PodlineError ? error.problem : String(error);
      if (reason !== told) session.say(`waiting: ${reason}`);
      told = reason;
    }
    await sleep(delay);
  }
}

function mayPass(error: unknown): boolean {
  if (!(error instanceof PodlineError)) return isTransient(error);
  return error.code === 'database.unreachable' || error.code === 'database.not_migrated';
}
