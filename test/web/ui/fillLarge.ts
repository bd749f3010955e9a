/** Runs of large DAGs in a test database, with states of every kind: for pages, which only look. */
import type { Database } from '../../../runtime/database/pool.ts';

/**
 * `count` runs, `every` so often, the newest a moment ago and still at work. Some runs failed at a task, and what stood
 * behind it was not tried; one task in forty was skipped; a mapped one has five instances.
 */
export async function addRuns(
  database: Database,
  { dagId, count, every }: { dagId: string; count: number; every: string },
): Promise<void> {
  await database.query(
    `WITH r AS (
       INSERT INTO podline.run (dag_id, run_id, version_id, kind, state, logical_date, created_at, started_at, ended_at)
       SELECT d.dag_id, 'scheduled__' || to_char(x.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), d.version_id,
              'scheduled', CASE WHEN i = $2 THEN 'running' WHEN i % 17 = 3 THEN 'failed' ELSE 'success' END,
              x.at, x.at, x.at + interval '2 seconds',
              CASE WHEN i < $2 THEN x.at + interval '2 seconds' + (60 + 40 * sin(i / 9.0) + i % 7 * 11) * interval '1 second' END
         FROM generate_series(1, $2::int) i
        CROSS JOIN LATERAL (SELECT date_trunc('minute', now()) - ($2 - i) * $3::interval AS at) x
        JOIN podline.dag d ON d.dag_id = $1
       RETURNING id, dag_id, version_id, state, started_at, ended_at
     ), numbered AS (
       SELECT r.*, row_number() OVER (ORDER BY id) AS n FROM r
     ), size AS (
       SELECT p.version_id, count(*) AS tasks FROM podline.plan_task p JOIN podline.dag d USING (version_id)
        WHERE d.dag_id = $1 GROUP BY 1
     )
     INSERT INTO podline.task_instance (run_id, dag_id, task_id, map_index, state, pool, executor, attempts, tries_used,
                                        scheduled_at, queued_at, started_at, ended_at)
     SELECT r.id, r.dag_id, p.task_id, m, s.state, 'default_pool', 'local', 1, 1,
            r.started_at, r.started_at, y.began,
            CASE WHEN s.state IN ('success', 'failed') THEN y.began + (1 + p.position % 13) * interval '1 second' END
       FROM numbered r JOIN podline.plan_task p USING (version_id) JOIN size USING (version_id)
      CROSS JOIN LATERAL generate_series(CASE WHEN p.spec ? 'map' THEN 0 ELSE -1 END, CASE WHEN p.spec ? 'map' THEN 4 ELSE -1 END) m
      CROSS JOIN LATERAL (SELECT p.position * 100 / size.tasks AS share) place
      CROSS JOIN LATERAL (SELECT CASE
         WHEN p.position % 40 = 17 THEN 'skipped'
         WHEN r.state = 'running' THEN CASE
           WHEN place.share > 70 THEN 'none' WHEN place.share > 66 THEN 'scheduled' WHEN place.share > 60 THEN 'queued'
           WHEN place.share > 50 THEN CASE WHEN p.position % 9 = 4 THEN 'up_for_retry' WHEN p.position % 11 = 3 THEN 'launching' ELSE 'running' END
           ELSE 'success' END
         WHEN r.state = 'failed' AND place.share > (r.n * 37) % 90 THEN
           CASE WHEN place.share <= (r.n * 37) % 90 + 2 AND m < 2 THEN 'failed' ELSE 'upstream_failed' END
         ELSE 'success' END AS state) s
      CROSS JOIN LATERAL (SELECT CASE WHEN s.state NOT IN ('none', 'scheduled', 'queued', 'skipped', 'upstream_failed', 'launching')
         THEN r.started_at + place.share * interval '0.5 second' END AS began) y`,
    [dagId, count, every],
  );
}
