/** How long the last ended runs of a DAG, or one task in them, took. run_recent, then the unique index of instances. */
import type { RunState } from '../../../../src/model/states.ts';
import type { Queryable } from '../../pool.ts';

const RUNS = `
SELECT r.id, r.run_id AS "runId", r.state, r.started_at AS "startedAt",
       extract(epoch FROM r.started_at - r.created_at)::float8 AS waited,
       extract(epoch FROM r.ended_at - r.started_at)::float8 AS took
  FROM podline.run r
 WHERE r.dag_id = $1 AND r.ended_at IS NOT NULL
 ORDER BY r.dag_id DESC, r.id DESC LIMIT $2`;

export interface DurationRow {
  id: number;
  runId: string;
  state: RunState;
  startedAt: Date | null;
  waited: number | null;
  took: number | null;
}

export async function readRunDurations(
  database: Queryable,
  dagId: string,
  limit: number,
): Promise<DurationRow[]> {
  const { rows } = await database.query<DurationRow>({
    name: 'web_run_durations',
    text: RUNS,
    values: [dagId, limit],
  });
  return rows;
}

const TASKS = `
SELECT task_id AS "taskId", count(DISTINCT run_id)::int AS runs, max(took)::float8 AS most,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY took)::float8 AS median
  FROM (SELECT t.task_id, t.run_id, extract(epoch FROM t.ended_at - t.started_at) AS took
          FROM podline.task_instance t
         WHERE t.run_id = ANY($1::bigint[]) AND t.started_at IS NOT NULL AND t.ended_at IS NOT NULL) x
 GROUP BY task_id ORDER BY median DESC, task_id LIMIT 100`;

export interface TaskDurationRow {
  taskId: string;
  runs: number;
  most: number;
  median: number;
}

export async function readTaskDurations(
  database: Queryable,
  runs: readonly number[],
): Promise<TaskDurationRow[]> {
  const { rows } = await database.query<TaskDurationRow>({
    name: 'web_task_durations',
    text: TASKS,
    values: [runs],
  });
  return rows;
}

const ONE_TASK = `
SELECT run_id AS id, min(started_at) AS "startedAt",
       extract(epoch FROM min(started_at) - min(scheduled_at))::float8 AS waited,
       max(extract(epoch FROM ended_at - started_at))::float8 AS took
  FROM podline.task_instance
 WHERE run_id = ANY($1::bigint[]) AND task_id = $2 GROUP BY run_id`;

export async function readDurationsOfTask(
  database: Queryable,
  runs: readonly number[],
  taskId: string,
): Promise<Pick<DurationRow, 'id' | 'startedAt' | 'waited' | 'took'>[]> {
  const { rows } = await database.query<DurationRow>({
    name: 'web_durations_of_task',
    text: ONE_TASK,
    values: [runs, taskId],
  });
  return rows;
}
