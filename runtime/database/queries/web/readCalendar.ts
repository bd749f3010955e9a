/** Runs of a year by day of the DAG's time zone. Through run_logical; runs without a logical date count when made. */
import type { Queryable } from '../../pool.ts';

const SQL = `
WITH dag AS (
  SELECT d.dag_id, v.plan ->> 'timezone' AS zone FROM podline.dag d JOIN podline.dag_version v ON v.id = d.version_id
   WHERE d.dag_id = $1
), bounds AS (
  SELECT make_date($2, 1, 1)::timestamp AT TIME ZONE zone AS begin,
         make_date($2 + 1, 1, 1)::timestamp AT TIME ZONE zone AS end FROM dag
), found AS (
  SELECT r.logical_date AS at, r.state FROM bounds b, podline.run r
   WHERE r.dag_id = $1 AND r.logical_date >= b.begin AND r.logical_date < b.end
  UNION ALL
  SELECT r.created_at, r.state FROM bounds b, podline.run r
   WHERE r.dag_id = $1 AND r.logical_date IS NULL AND r.created_at >= b.begin AND r.created_at < b.end
)
SELECT d.zone AS timezone, coalesce((
  SELECT jsonb_agg(to_jsonb(x) ORDER BY x.day) FROM (
    SELECT to_char(f.at AT TIME ZONE d.zone, 'YYYY-MM-DD') AS day,
           count(*) FILTER (WHERE f.state = 'queued') AS queued, count(*) FILTER (WHERE f.state = 'running') AS running,
           count(*) FILTER (WHERE f.state = 'success') AS success, count(*) FILTER (WHERE f.state = 'failed') AS failed
      FROM found f GROUP BY 1) x), '[]') AS days
  FROM dag d`;

export interface CalendarRow {
  timezone: string;
  days: { day: string; queued: number; running: number; success: number; failed: number }[];
}

export async function readCalendar(
  database: Queryable,
  dagId: string,
  year: number,
): Promise<CalendarRow> {
  const { rows } = await database.query<CalendarRow>({
    name: 'web_calendar',
    text: SQL,
    values: [dagId, year],
  });
  return rows[0] ?? { timezone: 'UTC', days: [] };
}
