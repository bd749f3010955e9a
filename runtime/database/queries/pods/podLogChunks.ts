/**
 * Logs of pods: appends a chunk each to many sources in one statement, and finds where a stored log ends. The
 * primary key is the fence between two processes that read one pod: the first chunk of a number stays, and the
 * other reader goes on behind it.
 */
import type { Queryable } from '../../pool.ts';

const APPEND = `
INSERT INTO podline.log_chunk (attempt_id, source, seq, content, position)
SELECT * FROM unnest($1::bigint[], $2::text[], $3::int[], $4::bytea[], $5::text[])
ON CONFLICT DO NOTHING RETURNING attempt_id, source`;

export interface PodLogChunk {
  attemptId: number;
  source: string;
  seq: number;
  content: Buffer;
  position: string;
}

/** Which were stored, as `attempt/source`. At most one chunk of each source. */
export async function appendPodLogs(
  database: Queryable,
  chunks: PodLogChunk[],
): Promise<Set<string>> {
  const { rows } = await database.query<{ attempt_id: number; source: string }>({
    name: 'append_pod_logs',
    text: APPEND,
    values: [
      chunks.map(({ attemptId }) => attemptId),
      chunks.map(({ source }) => source),
      chunks.map(({ seq }) => seq),
      chunks.map(({ content }) => content),
      chunks.map(({ position }) => position),
    ],
  });
  return new Set(rows.map(({ attempt_id, source }) => `${attempt_id}/${source}`));
}

const END = `
SELECT seq, position FROM podline.log_chunk WHERE attempt_id = $1 AND source = $2 ORDER BY seq DESC LIMIT 1`;

export async function readPodLogEnd(
  database: Queryable,
  attemptId: number,
  source: string,
): Promise<{ seq: number; position: string | null } | undefined> {
  const { rows } = await database.query<{ seq: number; position: string | null }>({
    name: 'read_pod_log_end',
    text: END,
    values: [attemptId, source],
  });
  return rows[0];
}

const COUNT = `
UPDATE podline.attempt a
   SET log_bytes = (SELECT coalesce(sum(octet_length(content)), 0) FROM podline.log_chunk WHERE attempt_id = $1)
 WHERE a.id = $1`;

/** Once, when the pod is read to its end: the size for people. */
export async function countLogBytes(database: Queryable, attemptId: number): Promise<void> {
  await database.query({ name: 'count_log_bytes', text: COUNT, values: [attemptId] });
}
