/**
 * Task instances of one run for people, each with its last attempt, in the order of the plan. Through the
 * unique indexes on (run_id, task_id, map_index) and (instance_id, number).
 */
import type { TaskState } from '../../../src/model/states.ts';
import type { Json } from '../../../src/plan/plan.ts';
import type { Queryable } from '../pool.ts';

const INSTANCES = `
SELECT t.id, t.task_id AS "taskId", t.map_index AS "mapIndex", t.state, t.cause, t.pool, t.pool_slots AS "poolSlots",
       t.priority, t.executor, t.attempts, t.tries_used AS "triesUsed", t.max_tries AS "maxTries",
       t.not_before AS "notBefore", t.cap_dag AS "capDag", t.cap_run AS "capRun",
       t.scheduled_at AS "scheduledAt", t.started_at AS "startedAt", t.ended_at AS "endedAt",
       a.cause AS "attemptCause", a.exit_code AS "exitCode", a.message, a.host, a.facts, a.gone_at IS NULL AND a.id IS NOT NULL AS "atWork",
       p.spec ->> 'operator' AS operator, p.spec ->> 'triggerRule' AS "triggerRule", p.spec -> 'upstream' AS upstream,
       (p.spec ->> 'dependsOnPast')::boolean AS "dependsOnPast"
  FROM podline.task_instance t
  LEFT JOIN podline.plan_task p ON p.version_id = $2 AND p.task_id = t.task_id
  LEFT JOIN podline.attempt a ON a.instance_id = t.id AND a.number = t.attempts
 WHERE t.run_id = $1 AND ($4::text IS NULL OR t.task_id = $4) AND ($5::int IS NULL OR t.map_index = $5)
 ORDER BY p.position NULLS LAST, t.task_id, t.map_index LIMIT $3`;

export interface InstanceRow {
  id: number;
  taskId: string;
  mapIndex: number;
  state: TaskState;
  cause: string | null;
  pool: string;
  poolSlots: number;
  priority: number;
  executor: string;
  attempts: number;
  triesUsed: number;
  maxTries: number;
  notBefore: Date | null;
  capDag: number | null;
  capRun: number | null;
  scheduledAt: Date | null;
  startedAt: Date | null;
  endedAt: Date | null;
  attemptCause: string | null;
  exitCode: number | null;
  message: string | null;
  host: string | null;
  /** Of the last attempt: pid, or where its pod is and what it waits for. */
  facts: Json;
  /** A process of the last attempt may still be there. */
  atWork: boolean;
  operator: string | null;
  triggerRule: string | null;
  upstream: string[] | null;
  dependsOnPast: boolean | null;
}

export async function readInstanceRows(
  database: Queryable,
  run: { id: number; versionId: number },
  { limit, taskId, mapIndex }: { limit: number; taskId?: string; mapIndex?: number },
): Promise<InstanceRow[]> {
  const { rows } = await database.query<InstanceRow>(INSTANCES, [
    run.id,
    run.versionId,
    limit,
    taskId ?? null,
    mapIndex ?? null,
  ]);
  return rows;
}

const COUNTS = `
SELECT task_id AS "taskId", state, count(*)::int AS count FROM podline.task_instance
 WHERE run_id = $1 GROUP BY task_id, state`;

export interface TaskCount {
  taskId: string;
  state: TaskState;
  count: number;
}

/** How many instances of each task are in which state. */
export async function readTaskCounts(database: Queryable, runId: number): Promise<TaskCount[]> {
  const { rows } = await database.query<TaskCount>(COUNTS, [runId]);
  return rows;
}

// Clocks of transactions: a row may be committed after a later one was seen, so each look goes back a bit.
const CHANGED = `
SELECT t.id, t.task_id AS "taskId", t.map_index AS "mapIndex", t.state, t.cause, t.attempts, t.not_before AS "notBefore",
       t.started_at AS "startedAt", t.ended_at AS "endedAt", a.cause AS "attemptCause", a.exit_code AS "exitCode", a.message
  FROM podline.task_instance t
  LEFT JOIN podline.attempt a ON a.instance_id = t.id AND a.number = t.attempts
 WHERE t.run_id = $1
   AND (t.state IN ('running', 'up_for_retry', 'up_for_reschedule') OR t.ended_at >= $2::timestamptz - interval '5 seconds')
 ORDER BY coalesce(t.ended_at, t.started_at), t.id LIMIT 5000`;

export type ChangedInstance = Pick<
  InstanceRow,
  | 'id'
  | 'taskId'
  | 'mapIndex'
  | 'state'
  | 'cause'
  | 'attempts'
  | 'notBefore'
  | 'startedAt'
  | 'endedAt'
  | 'attemptCause'
  | 'exitCode'
  | 'message'
>;

/** What is at work or ended lately; who watches leaves out what was seen before. */
export async function readChanged(
  database: Queryable,
  runId: number,
  since: Date,
): Promise<ChangedInstance[]> {
  const { rows } = await database.query<ChangedInstance>(CHANGED, [runId, since]);
  return rows;
}
