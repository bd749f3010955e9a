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

// One look at the primary key for each source, and then one range of it: the length of the log costs nothing.
// The clock of the server may be set back: in a source the numbers alone decide.
const CHUNKS = `
WITH RECURSIVE sources AS (
  (SELECT source FROM podline.log_chunk WHERE attempt_id = $1 ORDER BY source LIMIT 1)
  UNION ALL
  SELECT (SELECT c.source FROM podline.log_chunk c
           WHERE c.attempt_id = $1 AND c.source > s.source ORDER BY c.source LIMIT 1)
    FROM sources s WHERE s.source IS NOT NULL
)
SELECT x.source, x.seq, x.content
  FROM sources s
  LEFT JOIN unnest($2::text[], $3::int[]) AS after(source, seq) ON after.source = s.source
 CROSS JOIN LATERAL (
   SELECT c.source, c.seq, c.content, max(c.written_at) OVER (ORDER BY c.seq) AS at
     FROM podline.log_chunk c
    WHERE c.attempt_id = $1 AND c.source = s.source AND c.seq > coalesce(after.seq, -1)
    ORDER BY c.seq LIMIT 50) x
 WHERE $4::text[] IS NULL OR s.source = ANY($4)
 ORDER BY x.at, x.source, x.seq`;

export interface LogChunkRow {
  /** `task`, or the name of a container beside it. */
  source: string;
  seq: number;
  content: Buffer;
}

/** The next chunks of a log, at most 6 MB of each source, about in the order in which they were written. */
export async function readLogChunks(
  database: Queryable,
  attemptId: number,
  { after, sources }: { after: ReadonlyMap<string, number>; sources: string[] | null },
): Promise<LogChunkRow[]> {
  const values = [attemptId, [...after.keys()], [...after.values()], sources];
  const { rows } = await database.query<LogChunkRow>(CHUNKS, values);
  return rows;
}
