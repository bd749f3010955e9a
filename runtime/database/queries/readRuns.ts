/** Lists of runs for people, newest first: keyset by number, through run_pkey or run_recent. */
import type { RunState } from '../../../src/model/states.ts';
import type { Queryable } from '../pool.ts';

const COLUMNS = `
r.id, r.dag_id AS "dagId", r.run_id AS "runId", r.kind, r.state, r.cause, r.logical_date AS "logicalDate",
r.created_at AS "createdAt", r.started_at AS "startedAt", r.ended_at AS "endedAt", r.note`;

const ALL = `
SELECT ${COLUMNS} FROM podline.run r
 WHERE ($1::text IS NULL OR r.state = $1) AND ($2::bigint IS NULL OR r.id < $2)
 ORDER BY r.id DESC LIMIT $3`;

const OF_DAG = `
SELECT ${COLUMNS} FROM podline.run r
 WHERE r.dag_id = $4 AND ($1::text IS NULL OR r.state = $1) AND ($2::bigint IS NULL OR r.id < $2)
 ORDER BY r.dag_id DESC, r.id DESC LIMIT $3`;

export interface RunListRow {
  id: number;
  dagId: string;
  runId: string;
  kind: string;
  state: RunState;
  cause: string | null;
  logicalDate: Date | null;
  createdAt: Date;
  startedAt: Date | null;
  endedAt: Date | null;
  note: string | null;
}

export async function readRuns(
  database: Queryable,
  given: { dagId?: string; state?: string; before?: number; limit: number },
): Promise<RunListRow[]> {
  const values = [given.state ?? null, given.before ?? null, given.limit];
  const { rows } =
    given.dagId === undefined
      ? await database.query<RunListRow>(ALL, values)
      : await database.query<RunListRow>(OF_DAG, [...values, given.dagId]);
  return rows;
}

const LATEST = `
SELECT run_id AS "runId" FROM podline.run WHERE dag_id = $1 ORDER BY dag_id DESC, id DESC LIMIT 1`;

/** The run that was made last. */
export async function readLatestRunId(
  database: Queryable,
  dagId: string,
): Promise<string | undefined> {
  const { rows } = await database.query<{ runId: string }>(LATEST, [dagId]);
  return rows[0]?.runId;
}
