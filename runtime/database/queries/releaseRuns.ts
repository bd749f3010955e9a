/**
 * What follows when runs change state: places of their DAG or backfill become free, a continuous DAG gets
 * its next tick, a backfill ends or, when a run of it was cleared, goes on. The caller holds the lock on the
 * pools and has written the new states.
 */
import type { Transaction } from '../pool.ts';

const SQL = `
WITH changed AS (
  SELECT r.id, r.dag_id, r.backfill_id, r.state, x.was_running
    FROM unnest($1::bigint[], $2::boolean[]) AS x(id, was_running) JOIN podline.run r ON r.id = x.id
), dags AS (
  UPDATE podline.dag_load l SET active_runs = l.active_runs - c.n
    FROM (SELECT dag_id, count(*)::int AS n FROM changed WHERE was_running AND backfill_id IS NULL GROUP BY dag_id) c
   WHERE c.dag_id = l.dag_id
), next_tick AS (
  SELECT d.dag_id, (v.plan ->> 'endDate')::timestamptz AS until,
         greatest(date_trunc('milliseconds', podline.now()),
                  (SELECT max(r.logical_date) + interval '1 millisecond' FROM podline.run r
                    WHERE r.dag_id = d.dag_id AND r.kind = 'scheduled')) AS at
    FROM podline.dag d JOIN podline.dag_version v ON v.id = d.version_id
   WHERE d.dag_id IN (SELECT dag_id FROM changed WHERE state IN ('success', 'failed'))
     AND v.plan #>> '{schedule,kind}' = 'continuous' AND d.active AND d.next_run_at IS NULL
     AND NOT EXISTS (SELECT FROM podline.run r WHERE r.dag_id = d.dag_id AND r.kind = 'scheduled'
                        AND r.state IN ('queued', 'running'))
), continuous AS (
  UPDATE podline.dag d SET next_logical_date = n.at, next_run_at = n.at
    FROM next_tick n WHERE n.dag_id = d.dag_id AND (n.until IS NULL OR n.at <= n.until)
)
UPDATE podline.backfill b
   SET active_runs = b.active_runs - c.n,
       ended_at = CASE WHEN NOT EXISTS (SELECT FROM podline.run r WHERE r.backfill_id = b.id
                                           AND r.state IN ('queued', 'running')) THEN podline.now() END
  FROM (SELECT backfill_id, count(*) FILTER (WHERE was_running)::int AS n
          FROM changed WHERE backfill_id IS NOT NULL GROUP BY backfill_id) c
 WHERE c.backfill_id = b.id`;

export interface LeftRun {
  id: number;
  /** Whether it held a place of its DAG or backfill. */
  wasRunning: boolean;
}

export async function releaseRuns(transaction: Transaction, runs: LeftRun[]): Promise<void> {
  await transaction.query({
    name: 'release_runs',
    text: SQL,
    values: [runs.map(({ id }) => id), runs.map(({ wasRunning }) => wasRunning)],
  });
}
