/**
 * What is new since the last look, for the live lines of `podline dev`: runs that began or ended, tasks that
 * failed. Looks only at open runs and those known to be open before: partial indexes and primary keys.
 */
import type { Queryable } from '../pool.ts';

const RUNS = `
SELECT r.id, r.dag_id AS "dagId", r.run_id AS "runId", r.state, r.cause, r.kind, r.seq,
       r.started_at AS "startedAt", r.ended_at AS "endedAt"
  FROM podline.run r
 WHERE r.state = 'running' OR r.id = ANY($1::bigint[]) OR r.id > $2
 ORDER BY r.id LIMIT 1000`;

export interface LiveRunRow {
  id: number;
  dagId: string;
  runId: string;
  state: string;
  cause: string | null;
  kind: string;
  seq: number;
  startedAt: Date | null;
  endedAt: Date | null;
}

export async function readLiveRuns(
  database: Queryable,
  known: number[],
  after: number,
): Promise<LiveRunRow[]> {
  const { rows } = await database.query<LiveRunRow>(RUNS, [known, after]);
  return rows;
}

const FAILURES = `
SELECT t.id, t.run_id AS "runNumber", t.dag_id AS "dagId", t.task_id AS "taskId", t.map_index AS "mapIndex", t.state,
       t.attempts, t.cause, t.not_before AS "notBefore", a.cause AS "attemptCause", a.exit_code AS "exitCode", a.message
  FROM podline.task_instance t
  LEFT JOIN podline.attempt a ON a.instance_id = t.id AND a.number = t.attempts
 WHERE t.run_id = ANY($1::bigint[]) AND t.state IN ('failed', 'up_for_retry') ORDER BY t.id LIMIT 1000`;

export interface FailureRow {
  id: number;
  runNumber: number;
  dagId: string;
  taskId: string;
  mapIndex: number;
  state: 'failed' | 'up_for_retry';
  attempts: number;
  cause: string | null;
  notBefore: Date | null;
  attemptCause: string | null;
  exitCode: number | null;
  message: string | null;
}

export async function readFailures(database: Queryable, runs: number[]): Promise<FailureRow[]> {
  const { rows } = await database.query<FailureRow>(FAILURES, [runs]);
  return rows;
}

const NEWEST = `
SELECT coalesce(max(id), 0) AS id FROM podline.run`;

export async function readNewestRun(database: Queryable): Promise<number> {
  const { rows } = await database.query<{ id: number }>(NEWEST);
  return rows[0]?.id ?? 0;
}
