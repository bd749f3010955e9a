/**
 * Moves many task instances, each a compare-and-set: the row must still be in the state that the
 * decision was made on. Returns the rows that moved with the state they came from, because only the
 * database knows whether a slot was held. Index: primary key for the lock; the update then goes by row address,
 * which leaves the planner no other way whatever its statistics say. About 25 us a row.
 */
import type { Transaction } from '../pool.ts';
import type { Move } from '../../scheduler/decision.ts';
import type { TaskState } from '../../../src/model/states.ts';

const SQL = `
WITH m AS (
  SELECT * FROM jsonb_to_recordset($1::jsonb) AS x(
    id bigint, expect text, attempt bigint, "to" text, cause text, delay float8, at timestamptz,
    "triesUsed" int, "infraUsed" int, "maxTries" int, choice jsonb, "mapLength" int, "mapIndex" int, reset boolean)
), held AS MATERIALIZED (
  SELECT t.ctid AS place, t.id, t.state, t.attempt_id FROM podline.task_instance t
   WHERE t.id = ANY(ARRAY(SELECT id FROM m)) ORDER BY t.id FOR NO KEY UPDATE
), old AS MATERIALIZED (
  SELECT m.*, h.state AS old_state, h.place
    FROM m JOIN held h USING (id)
   WHERE CASE m.expect
           WHEN 'none' THEN h.state = 'none'
           WHEN 'waiting' THEN h.state IN ('up_for_retry', 'up_for_reschedule', 'deferred')
           WHEN 'attempt' THEN h.attempt_id = m.attempt AND h.state IN ('launching', 'running')
           ELSE true
         END
)
UPDATE podline.task_instance t
   SET state = o."to",
       cause = o.cause,
       not_before = CASE WHEN o.at IS NOT NULL THEN o.at
                         WHEN o.delay IS NOT NULL THEN podline.now() + make_interval(secs => o.delay) END,
       tries_used = coalesce(o."triesUsed", t.tries_used),
       infra_used = coalesce(o."infraUsed", t.infra_used),
       max_tries = coalesce(o."maxTries", t.max_tries),
       map_index = coalesce(o."mapIndex", t.map_index),
       choice = CASE WHEN o.reset THEN NULL ELSE coalesce(o.choice, t.choice) END,
       map_length = CASE WHEN o.reset THEN NULL ELSE coalesce(o."mapLength", t.map_length) END,
       epoch = t.epoch + coalesce(o.reset, false)::int,
       attempt_id = CASE WHEN o."to" = 'up_for_reschedule'
                           OR (o."to" = 'scheduled' AND o.old_state = 'up_for_reschedule') THEN t.attempt_id END,
       first_look_at = CASE WHEN o.reset THEN NULL
                            WHEN o."to" = 'deferred' THEN coalesce(t.first_look_at, podline.now())
                            ELSE t.first_look_at END,
       scheduled_at = CASE WHEN o."to" = 'scheduled' THEN podline.now() ELSE t.scheduled_at END,
       started_at = CASE WHEN o.reset THEN NULL ELSE t.started_at END,
       ended_at = CASE WHEN o."to" IN ('success', 'failed', 'skipped', 'upstream_failed', 'removed')
                       THEN podline.now() END
  FROM old o
 WHERE t.ctid = o.place
RETURNING t.id, o.old_state, t.pool, t.pool_slots, t.dag_id`;

export interface MovedInstance {
  id: number;
  old_state: TaskState;
  pool: string;
  pool_slots: number;
  dag_id: string;
}

export async function moveInstances(
  transaction: Transaction,
  moves: Move[],
): Promise<MovedInstance[]> {
  const moved = await move(transaction, moves);
  if (moved.length === moves.length) return moved;
  // A row that a worker changed while this waited for its lock has a new address, which the snapshot of the
  // first statement cannot see. It is locked now: the second statement sees the truth.
  const done = new Set(moved.map(({ id }) => id));
  return [
    ...moved,
    ...(await move(
      transaction,
      moves.filter(({ id }) => !done.has(id)),
    )),
  ];
}

async function move(transaction: Transaction, moves: Move[]): Promise<MovedInstance[]> {
  const { rows } = await transaction.query<MovedInstance>({
    name: 'move_instances',
    text: SQL,
    values: [JSON.stringify(moves)],
  });
  return rows;
}
