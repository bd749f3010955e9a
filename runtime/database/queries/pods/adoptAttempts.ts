/**
 * Takes over attempts of pods whose process is no more: it stopped, or its session lock is gone and it was
 * silent for a second (one whose connection broke beats again at once). The pods run on. SKIP LOCKED
 * shares them between the survivors. Index: attempt_live, by the few workers that are gone.
 */
import { WORKER_LOCK } from '../workers.ts';
import type { Queryable } from '../../pool.ts';

const SQL = `
WITH gone AS MATERIALIZED (
  SELECT w.id FROM podline.worker w
   WHERE w.id <> $1 AND 'kubernetes' = ANY(w.executors)
     AND (w.stopped_at > CASE WHEN $2 THEN '-infinity' ELSE clock_timestamp() - interval '1 day' END
          OR (w.stopped_at IS NULL AND w.heartbeat_at < clock_timestamp() - interval '1 second'
              AND NOT EXISTS (SELECT FROM pg_locks l
                               WHERE l.locktype = 'advisory' AND l.granted AND l.classid = ${WORKER_LOCK}
                                 AND l.objid = w.lock_key::bigint::oid
                                 AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()))))
), held AS MATERIALIZED (
  SELECT a.id FROM podline.attempt a
   WHERE a.worker_id = ANY(ARRAY(SELECT id FROM gone)) AND a.gone_at IS NULL AND a.executor = 'kubernetes'
   ORDER BY a.id FOR NO KEY UPDATE SKIP LOCKED
)
UPDATE podline.attempt a SET worker_id = $1 WHERE a.id = ANY(ARRAY(SELECT id FROM held)) RETURNING a.id`;

/** `everybody`: also what processes left behind that stopped long ago. At the start of a process. */
export async function adoptAttempts(
  database: Queryable,
  workerId: string,
  everybody: boolean,
): Promise<number[]> {
  const { rows } = await database.query<{ id: number }>({
    name: 'adopt_attempts',
    text: SQL,
    values: [workerId, everybody],
  });
  return rows.map(({ id }) => id);
}
