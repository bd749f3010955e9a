/**
 * Queues the chosen instances and books pools and DAG load in the same statement.
 * `state || ''` keeps the planner on the primary key: ti_scheduled would be read whole. An instance that another
 * tick is moving is skipped: that tick waits for the lock on the pools, which is held here. Warm workers are woken
 * at commit, once a pool and tick, with the number of tasks and the pool's name.
 */
import type { Transaction } from '../pool.ts';

const SQL = `
WITH held AS MATERIALIZED (
  SELECT t.ctid AS place FROM podline.task_instance t
   WHERE t.id = ANY($1::bigint[]) AND t.state || '' = 'scheduled'
   ORDER BY t.id FOR NO KEY UPDATE SKIP LOCKED
), moved AS (
  UPDATE podline.task_instance t SET state = 'queued', queued_at = podline.now()
    FROM held h WHERE t.ctid = h.place
  RETURNING t.dag_id, t.pool, t.pool_slots, t.executor
), load AS (
  UPDATE podline.dag_load l SET active_tasks = l.active_tasks + m.n
    FROM (SELECT dag_id, count(*)::int AS n FROM moved GROUP BY dag_id) m WHERE m.dag_id = l.dag_id
), places AS (
  UPDATE podline.pool p SET used = p.used + d.n
    FROM (SELECT name, sum(n)::int AS n
            FROM (SELECT pool AS name, pool_slots AS n FROM moved
                  UNION ALL SELECT x.name, -x.n FROM unnest($2::text[], $3::int[]) AS x(name, n)) u
           GROUP BY name) d
   WHERE d.name = p.name AND d.n <> 0
)
SELECT pg_notify('podline_pool', count(*) || ':' || substr(m.executor, 6))
  FROM moved m WHERE m.executor LIKE 'pool:%' GROUP BY m.executor`;

export async function admitInstances(
  transaction: Transaction,
  ids: number[],
  releasedPools: Map<string, number>,
): Promise<void> {
  await transaction.query({
    name: 'admit_instances',
    text: SQL,
    values: [ids, [...releasedPools.keys()], [...releasedPools.values()]],
  });
}
