/**
 * How much there is to do, for metrics: bounded, whatever the queue. Indexes: ti_queued (skipping from executor to
 * executor), attempt_live, worker_live; at most 10,000 rows of each. 1 ms idle, 40 ms with everything at its bound.
 */
import type { Queryable } from '../pool.ts';

/** Counting stops here. */
export const MOST_COUNTED = 10_000;
const MOST_EXECUTORS = 100;

const QUEUED = `
WITH RECURSIVE executor AS (
  (SELECT t.executor AS name FROM podline.task_instance t WHERE t.state = 'queued' ORDER BY t.executor LIMIT 1)
  UNION ALL
  SELECT (SELECT t.executor FROM podline.task_instance t
           WHERE t.state = 'queued' AND t.executor > e.name ORDER BY t.executor LIMIT 1)
    FROM executor e WHERE e.name IS NOT NULL
)
SELECT e.name AS executor, q.tasks, q.seconds
  FROM (SELECT name FROM executor WHERE name IS NOT NULL LIMIT ${MOST_EXECUTORS}) e
 CROSS JOIN LATERAL (
   SELECT count(*)::int AS tasks,
          coalesce(extract(epoch FROM podline.now() - min(s.queued_at)), 0)::float8 AS seconds
     FROM (SELECT t.queued_at FROM podline.task_instance t
            WHERE t.state = 'queued' AND t.executor = e.name
            ORDER BY t.priority DESC, t.id LIMIT ${MOST_COUNTED}) s) q`;

const ACTIVE = `
SELECT a.executor, a.state, count(*)::int AS tasks
  FROM (SELECT x.executor, x.state FROM podline.attempt x WHERE x.gone_at IS NULL LIMIT ${MOST_COUNTED}) a
 WHERE a.state IN ('launching', 'running') GROUP BY a.executor, a.state`;

const POOLS = `
SELECT name, slots, used FROM podline.pool ORDER BY name LIMIT 1000`;

// A scheduler has a row for each of its executors.
const WORKERS = `
WITH live AS MATERIALIZED (
  SELECT w.kind, w.host, w.pid, w.executors, w.slots FROM podline.worker w
   WHERE w.stopped_at IS NULL AND w.heartbeat_at > clock_timestamp() - interval '10 seconds' LIMIT ${MOST_COUNTED}
)
SELECT (SELECT count(DISTINCT (l.host, l.pid))::int FROM live l WHERE l.kind = 'scheduler') AS schedulers,
       (SELECT coalesce(jsonb_agg(e), '[]')
          FROM (SELECT x.name AS executor, count(*) AS workers, sum(l.slots) AS slots
                  FROM live l CROSS JOIN LATERAL unnest(l.executors) AS x(name) GROUP BY x.name) e) AS workers`;

export interface Load {
  queued: { executor: string; tasks: number; seconds: number }[];
  active: { executor: string; state: string; tasks: number }[];
  pools: { name: string; slots: number; used: number }[];
  workers: { executor: string; workers: number; slots: number }[];
  schedulers: number;
}

/** One after the other, so that a scrape holds one connection. */
export async function readLoad(database: Queryable): Promise<Load> {
  const { rows: queued } = await database.query<Load['queued'][number]>(QUEUED);
  const { rows: active } = await database.query<Load['active'][number]>(ACTIVE);
  const { rows: pools } = await database.query<Load['pools'][number]>(POOLS);
  const { rows } = await database.query<Pick<Load, 'workers' | 'schedulers'>>(WORKERS);
  return { queued, active, pools, ...(rows[0] ?? { workers: [], schedulers: 0 }) };
}
