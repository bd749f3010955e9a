/**
 * Makes the runs that are due: one a DAG and pass, under the row lock of the DAG, so that a tick becomes
 * exactly one run with any number of schedulers (the unique index run_tick is the second wall). A DAG
 * whose schedule cannot be computed is set aside with its error. Called by the loop.
 */
import { nextTick, type ScheduleFacts } from '../../src/plan/schedule.ts';
import { type Database, inTransaction } from '../database/pool.ts';
import { crashPoint } from '../observe/crashPoint.ts';

/** Catchup makes no more queued runs ahead than a DAG may have active. */
const DUE = `
SELECT d.dag_id, d.version_id, d.next_logical_date, d.next_run_at, podline.now() AS now, v.plan,
       podline_defaults.params
  FROM podline.dag d JOIN podline.dag_version v ON v.id = d.version_id
  CROSS JOIN LATERAL (
    SELECT coalesce((SELECT jsonb_object_agg(p.key, p.value -> 'default')
                       FROM jsonb_each(CASE WHEN jsonb_typeof(v.plan #> '{params,properties}') = 'object'
                                            THEN v.plan #> '{params,properties}' ELSE '{}' END) p
                      WHERE p.value ? 'default'), '{}') AS params) podline_defaults
 WHERE d.next_run_at <= podline.now() AND NOT d.paused AND d.active
   AND (SELECT count(*) FROM (SELECT FROM podline.run r WHERE r.dag_id = d.dag_id AND r.state = 'queued'
                                 AND r.kind = 'scheduled' LIMIT d.max_active_runs) q) < d.max_active_runs
 ORDER BY d.next_run_at LIMIT 50 FOR NO KEY UPDATE OF d SKIP LOCKED`;

const INSERT = `
WITH made AS (
  INSERT INTO podline.run (dag_id, run_id, version_id, kind, logical_date, interval_start, interval_end, params)
  SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::timestamptz[], $6::timestamptz[],
                       $7::timestamptz[], $8::jsonb[])
  ON CONFLICT DO NOTHING
  RETURNING id
), events AS (
  INSERT INTO podline.event (run_id, kind) SELECT id, 'queued' FROM made
)
SELECT id FROM made`;

const ADVANCE = `
UPDATE podline.dag d SET next_logical_date = x.logical, next_run_at = x.run_at, schedule_error = x.error
  FROM unnest($1::text[], $2::timestamptz[], $3::timestamptz[], $4::text[]) AS x(dag_id, logical, run_at, error)
 WHERE d.dag_id = x.dag_id`;

interface DueDag {
  dag_id: string;
  version_id: number;
  next_logical_date: Date;
  next_run_at: Date;
  now: Date;
  plan: ScheduleFacts;
  params: object;
}

interface NewRun {
  dag: DueDag;
  logicalDate: Date;
  intervalStart: Date;
  intervalEnd: Date;
}

/** Number of DAGs that went on to their next tick. */
export async function makeDueRuns(database: Database): Promise<number> {
  const advanced = await inTransaction(database, async (transaction) => {
    const { rows } = await transaction.query<DueDag>({ name: 'due_dags', text: DUE });
    if (rows.length === 0) return 0;
    const runs: NewRun[] = [];
    const next: {
      dagId: string;
      logical: Date | null;
      runAt: Date | null;
      error: string | null;
    }[] = [];
    for (const dag of rows) {
      try {
        const due = dueRun(dag);
        runs.push({ dag, ...due });
        const tick = following(dag, due.logicalDate);
        next.push({
          dagId: dag.dag_id,
          logical: tick?.logicalDate ?? null,
          runAt: tick?.runAt ?? null,
          error: null,
        });
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        next.push({ dagId: dag.dag_id, logical: null, runAt: null, error: reason });
      }
    }
    await transaction.query({
      name: 'insert_due_runs',
      text: INSERT,
      values: [
        runs.map(({ dag }) => dag.dag_id),
        runs.map(({ logicalDate }) => `scheduled__${logicalDate.toISOString()}`),
        runs.map(({ dag }) => dag.version_id),
        runs.map(() => 'scheduled'),
        runs.map(({ logicalDate }) => logicalDate),
        runs.map(({ intervalStart }) => intervalStart),
        runs.map(({ intervalEnd }) => intervalEnd),
        runs.map(({ dag }) => JSON.stringify(dag.params)),
      ],
    });
    await transaction.query({
      name: 'advance_dags',
      text: ADVANCE,
      values: [
        next.map(({ dagId }) => dagId),
        next.map(({ logical }) => logical),
        next.map(({ runAt }) => runAt),
        next.map(({ error }) => error),
      ],
    });
    crashPoint('timetable.before_commit');
    return rows.length;
  });
  if (advanced > 0) crashPoint('timetable.after_commit');
  return advanced;
}

/** A DAG that comes back from a pause, without catchup, goes on with its latest complete interval. */
function dueRun(dag: DueDag): Omit<NewRun, 'dag'> {
  const { kind } = dag.plan.schedule;
  const stored = dag.next_logical_date;
  if (kind === 'cron' || kind === 'interval') {
    const tick = nextTick(dag.plan, new Date(stored.getTime() - 1), dag.now);
    if (tick && tick.runAt.getTime() <= dag.now.getTime()) return tick;
  }
  return { logicalDate: stored, intervalStart: stored, intervalEnd: stored };
}

/** Continuous: the end of the run sets the next tick (queries/startRuns.ts, releaseRuns). */
function following(dag: DueDag, logicalDate: Date) {
  if (dag.plan.schedule.kind === 'continuous') return null;
  return nextTick(dag.plan, logicalDate, dag.now);
}
