/**
 * Ended runs as their root spans tell them. By primary keys. Times are microseconds since 1970. A run that was cleared
 * before anybody received its span is over all the same: its life ended at the latest when it was cleared.
 */
import type { Queryable } from '../pool.ts';
import type { SpanSubject } from './putSpans.ts';

const SQL = `
SELECT podline.run_trace(r.id, x.life) AS trace,
       CASE WHEN x.life > 0 THEN podline.run_trace(r.id, x.life - 1) END AS before,
       CASE WHEN x.life = 0 THEN r.caller END AS caller,
       r.dag_id AS "dagId", r.run_id AS "runId", r.kind, v.number AS version, v.hash, v.plan -> 'tags' AS tags,
       CASE WHEN o.over THEN r.state ELSE 'cleared' END AS state, CASE WHEN o.over THEN r.cause END AS cause,
       r.logical_date AS "logicalDate",
       (extract(epoch FROM r.created_at) * 1000000)::bigint AS created,
       (extract(epoch FROM CASE WHEN x.life > 0 AND o.over THEN coalesce(r.cleared_at, r.started_at)
                                ELSE coalesce(r.started_at, r.created_at) END) * 1000000)::bigint AS started,
       (extract(epoch FROM CASE WHEN o.over THEN r.ended_at ELSE coalesce(r.cleared_at, podline.now()) END) * 1000000)::bigint AS ended
  FROM unnest($1::bigint[], $2::int[]) AS x(id, life)
  JOIN podline.run r ON r.id = x.id
  JOIN podline.dag_version v ON v.id = r.version_id
 CROSS JOIN LATERAL (SELECT r.ends = x.life + 1 AND r.ended_at IS NOT NULL AS over) o`;

export interface EndedRunRow {
  /** As podline.run_trace has it. */
  trace: string;
  /** That of its life before, when it was cleared after its end. */
  before: string | null;
  /** W3C Trace Context of who asked for it. */
  caller: string | null;
  dagId: string;
  runId: string;
  kind: string;
  /** Of its DAG. */
  version: number;
  hash: string;
  tags: string[] | null;
  state: string;
  cause: string | null;
  logicalDate: Date | null;
  created: number;
  started: number;
  ended: number;
}

export async function readEndedRuns(
  database: Queryable,
  subjects: SpanSubject[],
): Promise<EndedRunRow[]> {
  const { rows } = await database.query<EndedRunRow>({
    name: 'read_ended_runs',
    text: SQL,
    values: [subjects.map(({ id }) => id), subjects.map(({ life }) => life)],
  });
  return rows;
}
