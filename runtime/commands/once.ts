/**
 * Does a piece of work once for each key: in the transaction of the work, so that neither a lost answer nor two requests at
 * the same moment do it twice. Called by commands that the API offers with an Idempotency-Key.
 */
import { createHash } from 'node:crypto';
import { PodlineError } from '../../src/errors.ts';
import type { Transaction } from '../database/pool.ts';

export interface RequestKey {
  /** Keys of one person are no keys of another. */
  actor: string;
  key: string;
}

// A second one with the same key waits here for the first.
const CLAIM = `
INSERT INTO podline.request_key (actor, key, hash) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`;

const FOUND = `
SELECT hash, answer FROM podline.request_key WHERE actor = $1 AND key = $2`;

const KEEP = `
UPDATE podline.request_key SET answer = $3 WHERE actor = $1 AND key = $2`;

const FORGET = `
DELETE FROM podline.request_key WHERE created_at < clock_timestamp() - interval '1 day'`;

/** Throws `request.key_reused` when the key was used for another request. */
export async function once<T extends object>(
  transaction: Transaction,
  requestKey: RequestKey | undefined,
  request: unknown,
  work: () => Promise<T>,
): Promise<T> {
  if (!requestKey) return work();
  const { actor, key } = requestKey;
  const hash = createHash('sha256').update(JSON.stringify(request)).digest();
  const claimed = await transaction.query(CLAIM, [actor, key, hash]);
  if (claimed.rowCount === 1) {
    await transaction.query(FORGET);
    const answer = await work();
    await transaction.query(KEEP, [actor, key, JSON.stringify(answer)]);
    return answer;
  }
  const { rows } = await transaction.query<{ hash: Buffer; answer: T }>(FOUND, [actor, key]);
  const [before] = rows;
  if (!before?.hash.equals(hash)) throw new PodlineError('request.key_reused', { key });
  return before.answer;
}
