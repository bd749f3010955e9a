/** States of the tasks of runs, grouped: for graph and grid. Through the unique index on (run_id, task_id, map_index). */
import type { TaskState } from '../../../../src/model/states.ts';
import type { Queryable } from '../../pool.ts';

const SQL = `
SELECT run_id AS "runNumber", task_id AS "taskId", state, count(*)::int AS count,
       min(started_at) AS "startedAt", max(ended_at) AS "endedAt"
  FROM podline.task_instance WHERE run_id = ANY($1::bigint[]) GROUP BY run_id, task_id, state`;

export interface TaskStateRow {
  runNumber: number;
  taskId: string;
  state: TaskState;
  count: number;
  startedAt: Date | null;
  endedAt: Date | null;
}

export async function readTaskStates(
  database: Queryable,
  runs: readonly number[],
): Promise<TaskStateRow[]> {
  const { rows } = await database.query<TaskStateRow>({
    name: 'web_task_states',
    text: SQL,
    values: [runs],
  });
  return rows;
}
