/** Attempts, outputs and logs of one task instance, for people. By primary keys and (instance_id, number). */
import type { Json } from '../../../src/plan/plan.ts';
import type { Queryable } from '../pool.ts';

const ATTEMPTS = `
SELECT a.id, t.map_index AS "mapIndex", a.number, a.state, a.executor, a.host, a.cause, a.exit_code AS "exitCode", a.message,
       a.claimed_at AS "startedAt", a.ended_at AS "endedAt", a.log_bytes AS "logBytes", a.facts
  FROM podline.task_instance t JOIN podline.attempt a ON a.instance_id = t.id
 WHERE t.run_id = $1 AND t.task_id = $2 AND ($3::int IS NULL OR t.map_index = $3)
 ORDER BY t.map_index, a.number LIMIT $4`;

export interface AttemptRow {
  id: number;
  mapIndex: number;
  number: number;
  state: string;
  executor: string;
  host: string | null;
  cause: string | null;
  exitCode: number | null;
  message: string | null;
  startedAt: Date | null;
  endedAt: Date | null;
  logBytes: number;
  facts: Json;
}

export async function readAttempts(
  database: Queryable,
  runId: number,
  taskId: string,
  { mapIndex, limit }: { mapIndex?: number; limit: number },
): Promise<AttemptRow[]> {
  const values = [runId, taskId, mapIndex ?? null, limit];
  const { rows } = await database.query<AttemptRow>(ATTEMPTS, values);
  return rows;
}

const OUTPUTS = `
SELECT map_index AS "mapIndex", key, value FROM podline.xcom
 WHERE run_id = $1 AND task_id = $2 ORDER BY map_index, key LIMIT $3`;

export interface OutputRow {
  mapIndex: number;
  key: string;
  value: Json;
}

export async function readOutputs(
  database: Queryable,
  runId: number,
  taskId: string,
  limit: number,
): Promise<OutputRow[]> {
  const { rows } = await database.query<OutputRow>(OUTPUTS, [runId, taskId, limit]);
  return rows;
}

const CHUNKS = `
SELECT seq, content FROM podline.log_chunk WHERE attempt_id = $1 AND seq > $2 ORDER BY seq LIMIT 100`;

/** The next chunks of a log, at most 6 MB. */
export async function readLogChunks(
  database: Queryable,
  attemptId: number,
  after: number,
): Promise<{ seq: number; content: Buffer }[]> {
  const values = [attemptId, after];
  const { rows } = await database.query<{ seq: number; content: Buffer }>(CHUNKS, values);
  return rows;
}
