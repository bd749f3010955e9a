/**
 * Ends a run that cannot be decided (rows or plan that make no sense), so that it holds no slots and its
 * neighbours go on. The reason stands in its note; clearing the run tries again.
 */
import type { Transaction } from '../pool.ts';
import { lockPools } from './lockPools.ts';
import { releaseRuns } from './releaseRuns.ts';

const LOCK = 'SELECT state FROM podline.run WHERE id = $1 FOR NO KEY UPDATE';

const SQL = `
WITH swept AS (
  DELETE FROM podline.event WHERE run_id = $1
), killed AS (
  UPDATE podline.attempt SET state = 'failed', cause = 'cancelled', ended_at = podline.now(), token_hash = NULL,
         lease_until = NULL
   WHERE instance_id IN (SELECT id FROM podline.task_instance WHERE run_id = $1)
     AND state IN ('launching', 'running', 'waiting')
  RETURNING id
), spans AS (
  INSERT INTO podline.span_due (kind, subject_id, life)
  SELECT s.kind, s.id, r.ends
    FROM (SELECT 'attempt' AS kind, id FROM killed UNION ALL SELECT 'run', $1) s
    JOIN podline.run r ON r.id = $1
   WHERE (SELECT i.tracing FROM podline.installation i)
), old AS MATERIALIZED (
  SELECT i.id, i.state, i.pool, i.pool_slots, i.dag_id FROM podline.task_instance i WHERE i.run_id = $1
     AND i.state NOT IN ('success', 'failed', 'skipped', 'upstream_failed', 'removed') FOR NO KEY UPDATE
), ended AS (
  UPDATE podline.task_instance i SET state = 'failed', cause = 'cancelled', attempt_id = NULL, not_before = NULL,
         ended_at = podline.now()
    FROM old o WHERE o.id = i.id
), held AS (
  SELECT * FROM old WHERE state IN ('queued', 'launching', 'running')
), pools AS (
  UPDATE podline.pool p SET used = p.used - h.n
    FROM (SELECT pool, sum(pool_slots)::int AS n FROM held GROUP BY pool) h WHERE h.pool = p.name
), load AS (
  UPDATE podline.dag_load l SET active_tasks = l.active_tasks - h.n
    FROM (SELECT dag_id, count(*)::int AS n FROM held GROUP BY dag_id) h WHERE l.dag_id = h.dag_id
)
UPDATE podline.run SET state = 'failed', cause = 'quarantined', note = $2, ended_at = podline.now(), seq = seq + 1,
       ends = ends + 1
 WHERE id = $1`;

/** Locks in the order of the tick: the run, then the pools. */
export async function quarantineRun(
  transaction: Transaction,
  runId: number,
  reason: string,
): Promise<void> {
  const { rows } = await transaction.query<{ state: string }>(LOCK, [runId]);
  const wasRunning = rows[0]?.state === 'running';
  await lockPools(transaction);
  await transaction.query({
    name: 'quarantine_run',
    text: SQL,
    values: [runId, reason.slice(0, 2000)],
  });
  await releaseRuns(transaction, [{ id: runId, wasRunning }]);
  await transaction.query("SELECT pg_notify('podline_kill', '')");
}
