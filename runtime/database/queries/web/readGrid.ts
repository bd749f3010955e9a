/** Runs of a grid, newest first (run_recent), and the tasks of the versions that they are on. */
import type { RunState } from '../../../../src/model/states.ts';
import type { Queryable } from '../../pool.ts';

const RUNS = `
SELECT r.id, r.run_id AS "runId", r.kind, r.state, r.version_id AS version, r.logical_date AS "logicalDate",
       r.created_at AS "createdAt", r.started_at AS "startedAt", r.ended_at AS "endedAt"
  FROM podline.run r
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

const TASKS = `
SELECT p.version_id AS version, p.task_id AS "taskId", p.spec ->> 'group' AS "group", p.spec ->> 'operator' AS operator,
       p.spec ? 'map' AS "isMapped"
  FROM podline.plan_task p WHERE p.version_id = ANY($1::bigint[])
 ORDER BY p.version_id DESC, p.position`;

export interface GridTaskRow {
  version: number;
  taskId: string;
  group: string | null;
  operator: string;
  isMapped: boolean;
}

export async function readGridTasks(
  database: Queryable,
  versions: readonly number[],
): Promise<GridTaskRow[]> {
  const { rows } = await database.query<GridTaskRow>({
    name: 'web_grid_tasks',
    text: TASKS,
    values: [versions],
  });
  return rows;
}
