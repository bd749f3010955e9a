/**
 * Failed sign-ins by account and by address. A try counts as failed before the password is looked at, in one statement
 * that also refuses, so that a thousand tries at once are no way round it. Who succeeds clears the account.
 */
import type { Queryable } from '../../pool.ts';

export interface Limit {
  key: string;
  /** So many are free; from then on each one doubles the wait, from one second. */
  free: number;
  mostSeconds: number;
}

/** Failures that are older do not count any more. */
const FORGET = `interval '1 hour'`;

/** Not blocked is a time long past, not now: a try that waited here for the row of another has an older "now" than that one. */
const NOT_BLOCKED = `timestamptz 'epoch'`;

const TRY = `
INSERT INTO podline.sign_in_failure AS f (key, failures, last_at, blocked_until)
VALUES ($1, 1, podline.now(), ${NOT_BLOCKED})
ON CONFLICT (key) DO UPDATE
   SET failures = CASE WHEN f.last_at < podline.now() - ${FORGET} THEN 1 ELSE f.failures + 1 END,
       last_at = podline.now(),
       blocked_until = CASE WHEN f.failures < $2 OR f.last_at < podline.now() - ${FORGET} THEN ${NOT_BLOCKED}
                            ELSE podline.now() + make_interval(secs => least($3, 2 ^ least(f.failures - $2, 20))) END
 WHERE f.blocked_until <= podline.now()
RETURNING 0 AS wait`;

const WAIT = `
SELECT ceil(extract(epoch FROM blocked_until - podline.now()))::int AS wait FROM podline.sign_in_failure WHERE key = $1`;

/** Seconds to wait; 0: go on. */
export async function countTry(
  database: Queryable,
  { key, free, mostSeconds }: Limit,
): Promise<number> {
  const tried = await database.query<{ wait: number }>(TRY, [key, free, mostSeconds]);
  if (tried.rows.length > 0) return 0;
  const { rows } = await database.query<{ wait: number }>(WAIT, [key]);
  return Math.max(1, rows[0]?.wait ?? 1);
}

/** The try of this address was none that failed. */
export async function uncountTry(database: Queryable, key: string): Promise<void> {
  await database.query(
    `UPDATE podline.sign_in_failure SET failures = greatest(0, failures - 1), blocked_until = ${NOT_BLOCKED} WHERE key = $1`,
    [key],
  );
}

export async function clearTries(database: Queryable, key: string): Promise<void> {
  await database.query(
    `DELETE FROM podline.sign_in_failure WHERE key = $1 OR last_at < podline.now() - ${FORGET}`,
    [key],
  );
}
