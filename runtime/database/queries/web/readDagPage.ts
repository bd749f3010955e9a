/**
 * A page of the list of DAGs with the last 20 runs of each: keyset by id, then one lateral read through run_recent for
 * the DAGs of the page alone.
 */
import type { Schedule } from '../../../../src/plan/plan.ts';
import type { Visible } from '../../../../src/model/access.ts';
import type { Queryable } from '../../pool.ts';

const SQL = `
WITH page AS MATERIALIZED (
  SELECT d.*, v.plan, e.source AS broken_file
    FROM podline.dag d
    JOIN podline.dag_version v ON v.id = d.version_id
    LEFT JOIN podline.build_error e ON e.source = d.source
   WHERE (d.active OR $10::boolean OR d.dag_id = $9) AND ($9::text IS NULL OR d.dag_id = $9)
     AND ($1::text IS NULL OR d.dag_id > $1)
     AND ($2::text IS NULL OR strpos(lower(d.dag_id), lower($2)) > 0)
     AND ($3::text IS NULL OR v.plan -> 'tags' ? $3)
     AND ($4::text IS NULL OR CASE $4
            WHEN 'active' THEN NOT d.paused
            WHEN 'paused' THEN d.paused
            WHEN 'running' THEN EXISTS (SELECT FROM podline.dag_load a WHERE a.dag_id = d.dag_id AND a.active_runs > 0)
            WHEN 'failed' THEN (SELECT r.state FROM podline.run r WHERE r.dag_id = d.dag_id
                                 ORDER BY r.dag_id DESC, r.id DESC LIMIT 1) = 'failed'
            WHEN 'broken' THEN e.source IS NOT NULL OR d.schedule_error IS NOT NULL END)
     AND ($5::boolean OR d.dag_id = ANY($6::text[]) OR v.plan -> 'tags' ?| $7::text[])
   ORDER BY d.dag_id LIMIT $8
)
SELECT d.dag_id AS "dagId", d.paused, d.active, d.managed_by AS "managedBy", d.schedule_error AS "scheduleError",
       d.source, d.next_logical_date AS "nextLogicalDate", d.next_run_at AS "nextRunAt", d.plan -> 'schedule' AS schedule, d.plan ->> 'timezone' AS timezone,
       coalesce(d.plan -> 'tags', '[]') AS tags, d.plan ->> 'description' AS description, d.plan ->> 'owner' AS owner,
       coalesce(l.active_runs, 0) AS "activeRuns", coalesce(l.active_tasks, 0) AS "activeTasks",
       d.broken_file AS "brokenFile", coalesce(last.runs, '[]') AS "lastRuns"
  FROM page d
  LEFT JOIN podline.dag_load l ON l.dag_id = d.dag_id
  LEFT JOIN LATERAL (
    SELECT json_agg(json_build_object('runId', r.run_id, 'state', r.state, 'kind', r.kind,
                                      'startedAt', r.started_at, 'endedAt', r.ended_at)) AS runs
      FROM (SELECT * FROM podline.run x WHERE x.dag_id = d.dag_id ORDER BY x.dag_id DESC, x.id DESC LIMIT 20) r
  ) last ON true
 ORDER BY d.dag_id`;

export interface DagPageRow {
  dagId: string;
  paused: boolean;
  active: boolean;
  managedBy: string;
  source: string | null;
  scheduleError: string | null;
  nextLogicalDate: Date | null;
  nextRunAt: Date | null;
  schedule: Schedule;
  timezone: string;
  tags: string[];
  description: string | null;
  owner: string | null;
  activeRuns: number;
  activeTasks: number;
  brokenFile: string | null;
  lastRuns: {
    runId: string;
    state: 'queued' | 'running' | 'success' | 'failed';
    kind: string;
    startedAt: string | null;
    endedAt: string | null;
  }[];
}

export async function readDagPage(
  database: Queryable,
  given: {
    /** This one alone, also when no bundle has it any more. */
    dagId?: string;
    /** Also those that no bundle has any more. */
    inactive?: boolean;
    after?: string;
    q?: string;
    tag?: string;
    state?: string;
    visible: Visible;
    limit: number;
  },
): Promise<DagPageRow[]> {
  const { all, dags, tags } = given.visible;
  const { rows } = await database.query<DagPageRow>({
    name: 'web_dag_page',
    text: SQL,
    values: [
      given.after ?? null,
      given.q ?? null,
      given.tag ?? null,
      given.state ?? null,
      all,
      dags,
      tags,
      given.limit,
      given.dagId ?? null,
      given.inactive ?? false,
    ],
  });
  return rows;
}
