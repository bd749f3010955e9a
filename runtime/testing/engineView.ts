/** What a test asks the engine: states, attempts, outputs, runs, logs. Reading only. */
import type { RunState, TaskState } from '../../src/model/states.ts';
import type { Json } from '../../src/plan/plan.ts';
import type { Database } from '../database/pool.ts';

export interface RunView {
  runId: string;
  kind: 'scheduled' | 'manual' | 'backfill';
  state: RunState;
  cause: string | null;
  logicalDate: Date | null;
  intervalStart: Date | null;
  intervalEnd: Date | null;
  startedAt: Date | null;
  endedAt: Date | null;
}

export interface AttemptView {
  number: number;
  state: string;
  cause: string | null;
  exitCode: number | null;
  message: string | null;
}

export class EngineView {
  readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  /** All runs of a DAG, oldest first. */
  async runs(dagId: string): Promise<RunView[]> {
    const { rows } = await this.database.query<RunView>(
      `SELECT run_id AS "runId", kind, state, cause, logical_date AS "logicalDate", interval_start AS "intervalStart",
              interval_end AS "intervalEnd", started_at AS "startedAt", ended_at AS "endedAt"
         FROM podline.run WHERE dag_id = $1 ORDER BY id`,
      [dagId],
    );
    return rows;
  }

  async runState(dagId: string, runId: string): Promise<RunState | undefined> {
    return (await this.runs(dagId)).find((run) => run.runId === runId)?.state;
  }

  /** State by task id; mapped instances as "task[0]". */
  async states(dagId: string, runId: string): Promise<Record<string, TaskState>> {
    const { rows } = await this.database.query<{
      task_id: string;
      map_index: number;
      state: TaskState;
    }>(
      `SELECT t.task_id, t.map_index, t.state FROM podline.task_instance t JOIN podline.run r ON r.id = t.run_id
        WHERE r.dag_id = $1 AND r.run_id = $2 ORDER BY t.task_id, t.map_index`,
      [dagId, runId],
    );
    return Object.fromEntries(
      rows.map((row) => [
        row.map_index < 0 ? row.task_id : `${row.task_id}[${row.map_index}]`,
        row.state,
      ]),
    );
  }

  async attempts(dagId: string, runId: string, taskId: string): Promise<AttemptView[]> {
    const { rows } = await this.database.query<AttemptView>(
      `SELECT a.number, a.state, a.cause, a.exit_code AS "exitCode", a.message
         FROM podline.attempt a JOIN podline.task_instance t ON t.id = a.instance_id JOIN podline.run r ON r.id = t.run_id
        WHERE r.dag_id = $1 AND r.run_id = $2 AND t.task_id = $3 ORDER BY t.map_index, a.number`,
      [dagId, runId, taskId],
    );
    return rows;
  }

  /** The outputs of a task by map index; one entry for a task that is not mapped. */
  async outputs(dagId: string, runId: string, taskId: string): Promise<Json[]> {
    const { rows } = await this.database.query<{ value: Json }>(
      `SELECT x.value FROM podline.xcom x JOIN podline.run r ON r.id = x.run_id
        WHERE r.dag_id = $1 AND r.run_id = $2 AND x.task_id = $3 AND x.key = 'return_value' ORDER BY x.map_index`,
      [dagId, runId, taskId],
    );
    return rows.map(({ value }) => value);
  }
}
