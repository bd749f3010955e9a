/**
 * Numbers and runs of the home page. Open runs through run_running and run_queued, ended ones of a day through run_ended,
 * failed ones through run_failed_at; counting stops at 10,000. Never the history.
 */
import type { Visible } from '../../../../src/model/access.ts';
import type { Queryable } from '../../pool.ts';
import { RUN_COLUMNS, type RunPageRow } from './readRunPage.ts';
import { seen, seenValues } from './seen.ts';

const MOST = 10_000;
const SEEN_DAG = seen('d.dag_id', 1);
const SEEN_RUN = seen('r.dag_id', 1);

const COUNTS = `
SELECT (SELECT jsonb_build_object('total', count(*), 'paused', count(*) FILTER (WHERE d.paused),
                                  'broken', count(*) FILTER (WHERE d.schedule_error IS NOT NULL OR e.source IS NOT NULL))
          FROM podline.dag d LEFT JOIN podline.build_error e ON e.source = d.source
         WHERE d.active AND ${SEEN_DAG}) AS dags,
       (SELECT count(*)::int FROM (SELECT FROM podline.run r WHERE r.state = 'queued' AND ${SEEN_RUN}
                                    LIMIT ${MOST}) q) AS queued,
       (SELECT count(*)::int FROM (SELECT FROM podline.run r WHERE r.state = 'running' AND ${SEEN_RUN}
                                    LIMIT ${MOST}) q) AS running,
       (SELECT count(*)::int FROM (SELECT FROM podline.task_instance t WHERE t.state = 'scheduled'
                                    LIMIT ${MOST}) q) AS scheduled`;

const HOURS = `
SELECT date_trunc('hour', r.ended_at) AS at, count(*) FILTER (WHERE r.state = 'success')::int AS success,
       count(*) FILTER (WHERE r.state = 'failed')::int AS failed
  FROM podline.run r
 WHERE r.ended_at > podline.now() - interval '24 hours' AND r.state IN ('success', 'failed') AND ${SEEN_RUN}
 GROUP BY 1 ORDER BY 1`;

// All open ones first: by number, the planner would walk through the history to find them.
const ACTIVE = `
WITH open AS MATERIALIZED (
  (SELECT * FROM podline.run r WHERE r.state = 'running' AND ${SEEN_RUN} LIMIT ${MOST})
  UNION ALL (SELECT * FROM podline.run r WHERE r.state = 'queued' AND ${SEEN_RUN} LIMIT ${MOST})
)
SELECT ${RUN_COLUMNS} FROM open r ORDER BY r.state DESC, r.id LIMIT 20`;

const FAILED = `
SELECT ${RUN_COLUMNS} FROM podline.run r
 WHERE r.state = 'failed' AND r.ended_at > podline.now() - interval '24 hours' AND ${SEEN_RUN}
 ORDER BY r.ended_at DESC LIMIT 20`;

export interface OverviewRows {
  dags: { total: number; paused: number; broken: number };
  queued: number;
  running: number;
  scheduled: number;
  hours: { at: Date; success: number; failed: number }[];
  active: RunPageRow[];
  failed: RunPageRow[];
}

type Counts = Pick<OverviewRows, 'dags' | 'queued' | 'running' | 'scheduled'>;

export async function readOverview(database: Queryable, visible: Visible): Promise<OverviewRows> {
  const values = seenValues(visible);
  const [counts, hours, active, failed] = await Promise.all([
    database.query<Counts>({ name: 'web_overview_counts', text: COUNTS, values }),
    database.query<OverviewRows['hours'][number]>({
      name: 'web_overview_hours',
      text: HOURS,
      values,
    }),
    database.query<RunPageRow>({ name: 'web_overview_active', text: ACTIVE, values }),
    database.query<RunPageRow>({ name: 'web_overview_failed', text: FAILED, values }),
  ]);
  const [row] = counts.rows;
  if (!row) throw new Error('the database gave no row');
  return { ...row, hours: hours.rows, active: active.rows, failed: failed.rows };
}
