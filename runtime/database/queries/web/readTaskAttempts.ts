/** The last attempts and the outputs of one task instance. Long outputs are not read. */
import type { Json } from '../../../../src/plan/plan.ts';
import type { Queryable } from '../../pool.ts';

const ATTEMPTS = `
SELECT a.id, a.number, a.state, a.executor, a.host, a.worker_id AS worker, a.looks, a.launched_at AS "launchedAt",
       a.claimed_at AS "startedAt", a.ended_at AS "endedAt", a.cause, a.exit_code AS "exitCode", a.message,
       a.log_bytes AS "logBytes", a.facts
  FROM podline.attempt a WHERE a.instance_id = $1 ORDER BY a.number DESC LIMIT 50`;

export interface TaskAttemptRow {
  id: number;
  number: number;
  state: string;
  executor: string;
  host: string | null;
  worker: string | null;
  looks: number;
  launchedAt: Date;
  startedAt: Date | null;
  endedAt: Date | null;
  cause: string | null;
  exitCode: number | null;
  message: string | null;
  logBytes: number;
  facts: Json;
}

export async function readTaskAttempts(
  database: Queryable,
  instanceId: number,
): Promise<TaskAttemptRow[]> {
  const { rows } = await database.query<TaskAttemptRow>({
    name: 'web_task_attempts',
    text: ATTEMPTS,
    values: [instanceId],
  });
  return rows;
}

/** Longer ones are given by length alone. */
const SHORT_BYTES = 65_536;

const XCOMS = `
SELECT key, created_at AS "createdAt", octet_length(value::text) AS bytes,
       CASE WHEN octet_length(value::text) <= ${SHORT_BYTES} THEN value END AS value,
       octet_length(value::text) > ${SHORT_BYTES} AS "isLong"
  FROM podline.xcom WHERE run_id = $1 AND task_id = $2 AND map_index = $3 ORDER BY key LIMIT 100`;

export interface XComRow {
  key: string;
  createdAt: Date;
  bytes: number;
  value: Json;
  isLong: boolean;
}

export async function readXComs(
  database: Queryable,
  at: { runNumber: number; taskId: string; mapIndex: number },
): Promise<XComRow[]> {
  const { rows } = await database.query<XComRow>({
    name: 'web_xcoms',
    text: XCOMS,
    values: [at.runNumber, at.taskId, at.mapIndex],
  });
  return rows;
}

const SPEC = `
SELECT spec FROM podline.plan_task WHERE version_id = $1 AND task_id = $2`;

/** Null: the version of the run has no such task any more. */
export async function readTaskSpec(
  database: Queryable,
  version: number,
  taskId: string,
): Promise<Json> {
  const { rows } = await database.query<{ spec: Json }>({
    name: 'web_task_spec',
    text: SPEC,
    values: [version, taskId],
  });
  return rows[0]?.spec ?? null;
}
