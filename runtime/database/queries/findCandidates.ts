/**
 * Gives back the places of tasks that ended, then finds what may be queued next: for every DAG and pool
 * with scheduled instances the best few, at most what its limits leave. One big DAG costs no more than its
 * share, so it cannot hide the others. A loose index scan over ti_scheduled finds the (dag, pool) pairs.
 * An instance whose last process is not yet gone waits: attempts never overlap.
 */
import type { Transaction } from '../pool.ts';

const SQL = `
WITH RECURSIVE released AS (
  UPDATE podline.dag_load l SET active_tasks = l.active_tasks - x.n
    FROM unnest($1::text[], $2::int[]) AS x(dag_id, n)
   WHERE l.dag_id = x.dag_id
  RETURNING l.dag_id, l.active_tasks
), pair AS (
  (SELECT t.dag_id, t.pool FROM podline.task_instance t WHERE t.state = 'scheduled' ORDER BY t.dag_id, t.pool LIMIT 1)
  UNION ALL
  SELECT n.dag_id, n.pool FROM pair p CROSS JOIN LATERAL (
    SELECT t.dag_id, t.pool FROM podline.task_instance t
     WHERE t.state = 'scheduled' AND (t.dag_id, t.pool) > (p.dag_id, p.pool)
     ORDER BY t.dag_id, t.pool LIMIT 1) n
)
SELECT c.id, c.run_id, c.dag_id, c.task_id, c.pool, c.pool_slots, c.priority, c.cap_dag, c.cap_run, f.free AS dag_free
  FROM pair p
  JOIN podline.dag d ON d.dag_id = p.dag_id AND NOT d.paused
  JOIN podline.dag_load l ON l.dag_id = p.dag_id
  LEFT JOIN released r ON r.dag_id = p.dag_id
  CROSS JOIN LATERAL (SELECT d.max_active_tasks - coalesce(r.active_tasks, l.active_tasks) AS free) f
  CROSS JOIN LATERAL (
    SELECT t.* FROM podline.task_instance t
     WHERE t.state = 'scheduled' AND t.dag_id = p.dag_id AND t.pool = p.pool
       AND (t.cap_dag IS NULL AND t.cap_run IS NULL OR NOT EXISTS (
              SELECT FROM unnest($4::text[], $5::text[], $6::bigint[]) AS x(dag_id, task_id, run_id)
               WHERE x.dag_id = t.dag_id AND x.task_id = t.task_id AND (x.run_id IS NULL OR x.run_id = t.run_id)))
       AND (t.attempts = 0 OR NOT EXISTS (SELECT FROM podline.attempt a WHERE a.instance_id = t.id AND a.gone_at IS NULL))
     ORDER BY t.priority DESC, t.id
     LIMIT CASE WHEN f.free > 0 THEN least(f.free, $3) + 64 ELSE 0 END) c
 ORDER BY c.priority DESC, c.id`;

export interface Candidate {
  id: number;
  run_id: number;
  dag_id: string;
  task_id: string;
  pool: string;
  pool_slots: number;
  priority: number;
  cap_dag: number | null;
  cap_run: number | null;
  dag_free: number;
}

/** A task that is at its own limit, in one run or (null) in all: its other instances need not be looked at. */
export interface FullTask {
  dag_id: string;
  task_id: string;
  run_id: number | null;
}

export async function findCandidates(
  transaction: Transaction,
  released: Map<string, number>,
  limit: number,
  full: FullTask[],
): Promise<Candidate[]> {
  const { rows } = await transaction.query<Candidate>({
    name: 'find_candidates',
    text: SQL,
    values: [
      [...released.keys()],
      [...released.values()],
      limit,
      full.map(({ dag_id }) => dag_id),
      full.map(({ task_id }) => task_id),
      full.map(({ run_id }) => run_id),
    ],
  });
  return rows;
}

const CAPPED = `
SELECT dag_id, task_id, run_id, count(*)::int AS active FROM podline.task_instance
 WHERE state IN ('queued', 'launching', 'running') AND (cap_dag IS NOT NULL OR cap_run IS NOT NULL)
   AND (dag_id, task_id) IN (SELECT * FROM unnest($1::text[], $2::text[]))
 GROUP BY dag_id, task_id, run_id`;

export interface CappedCount {
  dag_id: string;
  task_id: string;
  run_id: number;
  active: number;
}

/** How many instances are active of the tasks that have limits of their own. */
export async function countCapped(
  transaction: Transaction,
  tasks: { dag_id: string; task_id: string }[],
): Promise<CappedCount[]> {
  const { rows } = await transaction.query<CappedCount>({
    name: 'count_capped',
    text: CAPPED,
    values: [tasks.map(({ dag_id }) => dag_id), tasks.map(({ task_id }) => task_id)],
  });
  return rows;
}
