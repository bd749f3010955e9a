/** Runs of a grid, newest first (run_recent), the tasks of the versions that they are on, and the states in them. */
import type { RunState, TaskState } from '../../../../src/model/states.ts';
import type { Queryable } from '../../pool.ts';

const COLUMNS = `
r.id, r.run_id AS "runId", r.kind, r.state, r.logical_date AS "logicalDate",
(SELECT v.number FROM podline.dag_version v WHERE v.id = r.version_id) AS version,
r.created_at AS "createdAt", r.started_at AS "startedAt", r.ended_at AS "endedAt"`;

const RUNS = `
SELECT ${COLUMNS} FROM podline.run r
 WHERE r.dag_id = $1 AND ($2::bigint IS NULL OR r.id < $2)
 ORDER BY r.dag_id DESC, r.id DESC LIMIT $3`;

export interface GridRunRow {
  id: number;
  runId: string;
  kind: string;
  state: RunState;
  version: number;
  logicalDate: Date | null;
  createdAt: Date;
  startedAt: Date | null;
  endedAt: Date | null;
}

export async function readGridRuns(
  database: Queryable,
  given: { dagId: string; before?: number; limit: number },
): Promise<GridRunRow[]> {
  const { rows } = await database.query<GridRunRow>({
    name: 'web_grid_runs',
    text: RUNS,
    values: [given.dagId, given.before ?? null, given.limit],
  });
  return rows;
}

// By the unique key of DAG and name.
const NAMED = `
SELECT ${COLUMNS} FROM podline.run r
 WHERE r.dag_id = $1 AND r.run_id = ANY($2::text[])
 ORDER BY r.id DESC`;

export async function readNamedGridRuns(
  database: Queryable,
  dagId: string,
  runIds: readonly string[],
): Promise<GridRunRow[]> {
  const { rows } = await database.query<GridRunRow>({
    name: 'web_grid_named_runs',
    text: NAMED,
    values: [dagId, runIds],
  });
  return rows;
}

// Versions by their numbers in the DAG, through the unique index.
const TASKS = `
SELECT v.number AS version, p.task_id AS "taskId", p.spec ->> 'group' AS "group", p.spec ->> 'operator' AS operator,
       p.spec ? 'map' AS "isMapped"
  FROM podline.plan_task p JOIN podline.dag_version v ON v.id = p.version_id
 WHERE v.dag_id = $1 AND v.number = ANY($2::bigint[])
 ORDER BY v.number DESC, p.position`;

export interface GridTaskRow {
  version: number;
  taskId: string;
  group: string | null;
  operator: string;
  isMapped: boolean;
}

export async function readGridTasks(
  database: Queryable,
  dagId: string,
  versions: readonly number[],
): Promise<GridTaskRow[]> {
  const { rows } = await database.query<GridTaskRow>({
    name: 'web_grid_tasks',
    text: TASKS,
    values: [dagId, versions],
  });
  return rows;
}

// By task and not by instance: 276,000 instances of a thousand runs come as 600 rows, in 0.3 s instead of 1.9. Lists of
// places are strings, because those are read four times as fast as arrays.
const STATES = `
SELECT t.task_id AS "taskId", t.state, string_agg(r.place::text, ',') AS runs
  FROM unnest($1::bigint[]) WITH ORDINALITY r(id, place)
  JOIN podline.task_instance t ON t.run_id = r.id
 GROUP BY t.task_id, t.state`;

export interface GridStateRow {
  taskId: string;
  state: TaskState;
  /** Places of the runs in the question, from 1; once for each instance. */
  runs: string;
}

export async function readGridStates(
  database: Queryable,
  runs: readonly number[],
): Promise<GridStateRow[]> {
  const { rows } = await database.query<GridStateRow>({
    name: 'web_grid_states',
    text: STATES,
    values: [runs],
  });
  return rows;
}
