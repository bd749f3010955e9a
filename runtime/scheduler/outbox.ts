/**
 * Delivers callbacks: takes due rows one by one under SKIP LOCKED, delivers, and records the result in the
 * same transaction. At least once; the payload carries the row's id as idempotency key. Gives up after 12
 * tries (five and a half hours) and says so. Called by the loop, apart from scheduling: a slow receiver delays only
 * other callbacks.
 */
import type { JsonObject, Notification } from '../../src/plan/plan.ts';
import { type Database, inTransaction } from '../database/pool.ts';
import { crashPoint } from '../observe/crashPoint.ts';

export type Deliver = (target: Notification, payload: JsonObject) => Promise<void>;

const MOST_TRIES = 12;

interface Row {
  id: number;
  target: Notification;
  payload: JsonObject;
  tries: number;
}

/** True when there was one to deliver. */
export async function deliverOne(database: Database, deliver: Deliver): Promise<boolean> {
  return inTransaction(database, async (transaction) => {
    const { rows } = await transaction.query<Row>(
      `SELECT id, target, payload, tries FROM podline.outbox
        WHERE next_at <= podline.now() AND delivered_at IS NULL AND dead_at IS NULL
        ORDER BY next_at, id LIMIT 1 FOR UPDATE SKIP LOCKED`,
    );
    const row = rows[0];
    if (!row) return false;
    try {
      await deliver(row.target, { ...row.payload, idempotencyKey: `callback-${row.id}` });
      crashPoint('outbox.before_commit');
      await transaction.query(
        'UPDATE podline.outbox SET delivered_at = podline.now(), tries = tries + 1, error = NULL WHERE id = $1',
        [row.id],
      );
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      await transaction.query(
        `UPDATE podline.outbox SET tries = tries + 1, error = $2, next_at = podline.now() + make_interval(secs => $3),
                dead_at = CASE WHEN tries + 1 >= $4 THEN podline.now() END
          WHERE id = $1`,
        [row.id, reason.slice(0, 2000), Math.min(3600, 5 * 3 ** row.tries), MOST_TRIES],
      );
    }
    return true;
  });
}
