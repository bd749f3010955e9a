/**
 * Starts queued runs as far as the limits of their DAG or backfill allow, makes their task instances from
 * the plan (one statement however many tasks), and asks the next tick to look at them. A run that was
 * cleared comes through here again and keeps its instances. The caller holds the lock on the pools.
 */
import type { Transaction } from '../pool.ts';

const PICKED = `
WITH room AS (
  SELECT d.dag_id, d.max_active_runs - l.active_runs AS free
    FROM podline.dag d JOIN podline.dag_load l USING (dag_id)
   WHERE NOT d.paused
     AND EXISTS (SELECT FROM podline.run r WHERE r.dag_id = d.dag_id AND r.state = 'queued')
), picked AS (
  SELECT q.id FROM room CROSS JOIN LATERAL (
    SELECT r.id FROM podline.run r
     WHERE r.dag_id = room.dag_id AND r.state = 'queued' AND r.backfill_id IS NULL
     ORDER BY r.logical_date NULLS FIRST, r.id LIMIT greatest(room.free, 0)) q
  UNION ALL
  SELECT q.id FROM podline.backfill b CROSS JOIN LATERAL (
    SELECT r.id FROM podline.run r JOIN podline.dag d USING (dag_id)
     WHERE r.backfill_id = b.id AND r.state = 'queued' AND NOT d.paused
     ORDER BY r.backfill_order, r.id LIMIT greatest(b.max_active_runs - b.active_runs, 0)) q
   WHERE b.ended_at IS NULL
  LIMIT $1
)`;

const SQL = `
${PICKED}, locked AS MATERIALIZED (
  SELECT r.ctid AS place, r.started_at IS NULL AS is_new FROM podline.run r
   WHERE r.id = ANY(ARRAY(SELECT id FROM picked)) AND r.state = 'queued' AND ($2::bigint IS NULL OR r.id = $2)
   ORDER BY r.id FOR NO KEY UPDATE SKIP LOCKED
), started AS (
  UPDATE podline.run r
     SET state = 'running', started_at = coalesce(r.started_at, podline.now()), seq = r.seq + 1,
         timeout_at = podline.now() + make_interval(secs => (v.plan ->> 'runTimeout')::float8)
    FROM locked l, podline.dag_version v
   WHERE r.ctid = l.place AND v.id = r.version_id
  RETURNING r.id, r.dag_id, r.version_id, r.backfill_id, l.is_new
), instances AS (
  INSERT INTO podline.task_instance
    (run_id, dag_id, task_id, pool, pool_slots, priority, executor, max_tries, cap_dag, cap_run)
  SELECT s.id, s.dag_id, p.task_id, p.pool, p.pool_slots, p.priority, podline.executor_of(p.executor),
         p.max_tries, p.cap_dag, p.cap_run
    FROM started s JOIN podline.plan_task p USING (version_id)
   WHERE s.is_new OR NOT EXISTS (SELECT FROM podline.task_instance t WHERE t.run_id = s.id AND t.task_id = p.task_id)
   ORDER BY s.id, p.position
), dags AS (
  UPDATE podline.dag_load l SET active_runs = l.active_runs + c.n
    FROM (SELECT dag_id, count(*)::int AS n FROM started WHERE backfill_id IS NULL GROUP BY dag_id) c
   WHERE c.dag_id = l.dag_id
), backfills AS (
  UPDATE podline.backfill b SET active_runs = b.active_runs + c.n
    FROM (SELECT backfill_id, count(*)::int AS n FROM started WHERE backfill_id IS NOT NULL GROUP BY backfill_id) c
   WHERE c.backfill_id = b.id
), events AS (
  INSERT INTO podline.event (run_id, kind) SELECT id, 'changed' FROM started
)
SELECT id, dag_id FROM started`;

export async function startRuns(
  transaction: Transaction,
  limit: number,
  onlyRun: number | null = null,
): Promise<{ id: number; dag_id: string }[]> {
  const { rows } = await transaction.query<{ id: number; dag_id: string }>({
    name: 'start_runs',
    text: SQL,
    values: [limit, onlyRun],
  });
  return rows;
}

const WOULD_START = `
${PICKED}
SELECT id FROM picked`;

/** The runs that startRuns would start, to try them one by one when one of them cannot be started. */
export async function findStartable(transaction: Transaction, limit: number): Promise<number[]> {
  const { rows } = await transaction.query<{ id: number }>(WOULD_START, [limit]);
  return rows.map(({ id }) => id);
}
