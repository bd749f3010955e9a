/**
 * Reads all task instances of some runs, for runs that the scheduler does not have in memory.
 * Index: the unique (run_id, task_id, map_index). 10,000 instances take 25 ms.
 */
import type { Queryable } from '../pool.ts';
import type { Instance } from '../../scheduler/liveRun.ts';
import type { TaskState } from '../../../src/model/states.ts';

const SQL = `
SELECT id, run_id, task_id, map_index, state, attempt_id, tries_used, infra_used, max_tries, choice, map_length
  FROM podline.task_instance WHERE run_id = ANY($1::bigint[]) ORDER BY id`;

interface Row {
  id: number;
  run_id: number;
  task_id: string;
  map_index: number;
  state: TaskState;
  attempt_id: number | null;
  tries_used: number;
  infra_used: number;
  max_tries: number;
  choice: string[] | boolean | null;
  map_length: number | null;
}

export async function readInstances(
  database: Queryable,
  runIds: number[],
): Promise<Map<number, Instance[]>> {
  const { rows } = await database.query<Row>({
    name: 'read_instances',
    text: SQL,
    values: [runIds],
  });
  const byRun = new Map<number, Instance[]>(runIds.map((id) => [id, []]));
  for (const row of rows) {
    byRun.get(row.run_id)?.push({
      id: row.id,
      taskId: row.task_id,
      mapIndex: row.map_index,
      state: row.state,
      attemptId: row.attempt_id,
      triesUsed: row.tries_used,
      infraUsed: row.infra_used,
      maxTries: row.max_tries,
      choice: row.choice,
      mapLength: row.map_length,
    });
  }
  return byRun;
}
