/**
 * A page of runs, newest first: keyset by number. One DAG through run_recent, failed ones through run_failed, open ones
 * through run_queued and run_running; a time from which on through run_created; a day of one DAG through run_logical.
 */
import type { RunState } from '../../../../src/model/states.ts';
import type { Visible } from '../../../../src/model/access.ts';
import type { Queryable } from '../../pool.ts';
import { seen, seenValues } from './seen.ts';

export const RUN_COLUMNS = `
r.id, r.dag_id AS "dagId", r.run_id AS "runId", r.kind, r.state, r.cause, r.logical_date AS "logicalDate",
r.created_at AS "createdAt", r.started_at AS "startedAt", r.ended_at AS "endedAt", r.note`;

const SEEN = seen('r.dag_id', 7);

const WHERE = `
   AND ($1::bigint IS NULL OR r.id < $1)
   AND ($2::text IS NULL OR r.state = $2)
   AND ($3::text IS NULL OR r.kind = $3)
   AND ($4::timestamptz IS NULL OR r.created_at >= $4)
   AND ($5::bigint IS NULL OR r.backfill_id = $5)`;

const ALL = `
SELECT ${RUN_COLUMNS} FROM podline.run r
 WHERE ${SEEN} ${WHERE}
 ORDER BY r.id DESC LIMIT $6`;

const OF_DAG = `
SELECT ${RUN_COLUMNS} FROM podline.run r
 WHERE r.dag_id = $10 AND ${SEEN} ${WHERE}
 ORDER BY r.dag_id DESC, r.id DESC LIMIT $6`;

// As the calendar counts: days of the DAG's time zone; runs without a logical date count when made.
const OF_DAY = `
WITH bounds AS (
  SELECT $11::date::timestamp AT TIME ZONE z.zone AS begin, ($11::date + 1)::timestamp AT TIME ZONE z.zone AS end
    FROM podline.dag d JOIN podline.dag_version v ON v.id = d.version_id, LATERAL (SELECT v.plan ->> 'timezone' AS zone) z
   WHERE d.dag_id = $10
)
SELECT ${RUN_COLUMNS} FROM bounds b, podline.run r
 WHERE r.dag_id = $10 AND ${SEEN} ${WHERE}
   AND (r.logical_date >= b.begin AND r.logical_date < b.end
     OR r.logical_date IS NULL AND r.created_at >= b.begin AND r.created_at < b.end)
 ORDER BY r.id DESC LIMIT $6`;

// By number the planner would walk through the history to find what is open.
const OPEN = `
SELECT * FROM (
  SELECT ${RUN_COLUMNS} FROM podline.run r
   WHERE ($10::text IS NULL OR r.dag_id = $10) AND ${SEEN} ${WHERE} AND r.state IN ('queued', 'running')
  OFFSET 0) open
 ORDER BY id DESC LIMIT $6`;

export interface RunPageRow {
  id: number;
  dagId: string;
  runId: string;
  kind: 'scheduled' | 'manual' | 'backfill';
  state: RunState;
  cause: string | null;
  logicalDate: Date | null;
  createdAt: Date;
  startedAt: Date | null;
  endedAt: Date | null;
  note: string | null;
}

export async function readRunPage(
  database: Queryable,
  given: {
    before?: number;
    dagId?: string;
    /** Of that DAG. */
    day?: string;
    state?: RunState;
    kind?: string;
    since?: string;
    backfill?: number;
    visible: Visible;
    limit: number;
  },
): Promise<RunPageRow[]> {
  const { before, dagId, day, state, kind, since, backfill, limit } = given;
  const values: unknown[] = [
    ...[before ?? null, state ?? null, kind ?? null, since ?? null, backfill ?? null, limit],
    ...seenValues(given.visible),
  ];
  if (dagId !== undefined && day !== undefined) {
    const ofDay = { name: 'web_runs_of_day', text: OF_DAY, values: [...values, dagId, day] };
    return (await database.query<RunPageRow>(ofDay)).rows;
  }
  if (state === 'queued' || state === 'running') {
    const open = { name: 'web_runs_open', text: OPEN, values: [...values, dagId ?? null] };
    return (await database.query<RunPageRow>(open)).rows;
  }
  const { rows } =
    dagId === undefined
      ? await database.query<RunPageRow>({ name: 'web_runs', text: ALL, values })
      : await database.query<RunPageRow>({
          name: 'web_runs_of_dag',
          text: OF_DAG,
          values: [...values, dagId],
        });
  return rows;
}
