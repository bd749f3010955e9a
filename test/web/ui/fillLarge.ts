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

/**
 * Runs of the DAG `fan`: its mapped task has `instances` of them, of which one in two hundred failed. In the newest run they
 * are at work: some ran, some run, the others wait.
 */
export async function addFans(
  database: Database,
  { count, instances }: { count: number; instances: number },
): Promise<void> {
  await database.query(
    `WITH r AS (
       INSERT INTO podline.run (dag_id, run_id, version_id, kind, state, logical_date, created_at, started_at, ended_at)
       SELECT d.dag_id, 'fan_' || i, d.version_id, 'scheduled', CASE WHEN i = $1 THEN 'running' ELSE 'failed' END,
              x.at, x.at, x.at, CASE WHEN i < $1 THEN x.at + interval '9 minutes' END
         FROM generate_series(1, $1::int) i CROSS JOIN LATERAL (SELECT now() - ($1 - i) * interval '1 hour' - interval '4 minutes' AS at) x
         JOIN podline.dag d ON d.dag_id = 'fan'
       RETURNING id, dag_id, state, started_at
     ), loaded AS (
       INSERT INTO podline.task_instance (run_id, dag_id, task_id, map_index, state, cause, pool, executor, attempts, tries_used,
                                          scheduled_at, queued_at, started_at, ended_at)
       SELECT r.id, r.dag_id, 'files.load', m, s.state, CASE WHEN s.state = 'failed' THEN 'task_failed' END, 'default_pool',
              'local', 1, 1, r.started_at, r.started_at,
              CASE WHEN s.state NOT IN ('queued', 'scheduled') THEN y.began END,
              CASE WHEN s.state IN ('success', 'failed') THEN y.began + (3 + abs(hashint4(m)) % 40) * interval '1 second' END
         FROM r CROSS JOIN generate_series(0, $2::int - 1) m
        CROSS JOIN LATERAL (SELECT CASE
           WHEN r.state = 'running' AND m * 100 / $2 >= 60 THEN 'scheduled'
           WHEN r.state = 'running' AND m * 100 / $2 >= 55 THEN 'queued'
           WHEN r.state = 'running' AND m * 100 / $2 >= 50 THEN 'running'
           WHEN m % 200 = 17 THEN 'failed' ELSE 'success' END AS state) s
        CROSS JOIN LATERAL (SELECT r.started_at + m * interval '50 ms' AS began) y
     )
     INSERT INTO podline.task_instance (run_id, dag_id, task_id, map_index, state, pool, executor, attempts, tries_used,
                                        scheduled_at, queued_at, started_at, ended_at)
     SELECT r.id, r.dag_id, 'list_files', -1, 'success', 'default_pool', 'local', 1, 1,
            r.started_at, r.started_at, r.started_at, r.started_at + interval '2 seconds' FROM r
     UNION ALL
     SELECT r.id, r.dag_id, 'report', -1, CASE WHEN r.state = 'running' THEN 'none' ELSE 'upstream_failed' END,
            'default_pool', 'local', 0, 0, NULL, NULL, NULL, NULL FROM r`,
    [count, instances],
  );
}
