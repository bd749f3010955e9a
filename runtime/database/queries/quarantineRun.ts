/**
 * Ends a run that cannot be decided (rows or plan that make no sense), so that it holds no slots and its
 * neighbours go on. The reason stands in its note; clearing the run tries again.
 */
import type { Transaction } from '../pool.ts';
import { lockPools } from './lockPools.ts';

const SQL = `
WITH target AS (
  SELECT r.id, r.dag_id, r.backfill_id, r.state FROM podline.run r WHERE r.id = $1 FOR NO KEY UPDATE
), swept AS (
  DELETE FROM podline.event e USING target t WHERE e.run_id = t.id
), killed AS (
  UPDATE podline.attempt a SET state = 'failed', cause = 'cancelled', ended_at = podline.now(), token_hash = NULL
    FROM target t WHERE a.run_id = t.id AND a.state IN ('launching', 'running', 'waiting')
), old AS MATERIALIZED (
  SELECT i.id, i.state, i.pool, i.pool_slots, i.dag_id FROM podline.task_instance i JOIN target t ON t.id = i.run_id
   WHERE i.state NOT IN ('success', 'failed', 'skipped', 'upstream_failed', 'removed') FOR NO KEY UPDATE OF i
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
  UPDATE podline.dag_load l
     SET active_tasks = l.active_tasks - (SELECT count(*)::int FROM held),
         active_runs = l.active_runs - (t.state = 'running' AND t.backfill_id IS NULL)::int
    FROM target t WHERE l.dag_id = t.dag_id
), backfills AS (
  UPDATE podline.backfill b SET active_runs = b.active_runs - (t.state = 'running')::int
    FROM target t WHERE b.id = t.backfill_id
)
UPDATE podline.run r SET state = 'failed', cause = 'quarantined', note = $2, ended_at = podline.now(), seq = r.seq + 1
  FROM target t WHERE r.id = t.id`;

export async function quarantineRun(
  transaction: Transaction,
  runId: number,
  reason: string,
): Promise<void> {
  await lockPools(transaction);
  await transaction.query({ name: 'quarantine_run', text: SQL, values: [runId, reason.slice(0, 2000)] });
}
