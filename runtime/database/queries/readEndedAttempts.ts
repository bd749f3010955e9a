/** Ended attempts as their spans tell them. By primary keys, 128 at a time. Times are microseconds since 1970. */
import type { JsonObject } from '../../../src/plan/plan.ts';
import type { Queryable } from '../pool.ts';
import type { SpanSubject } from './putSpans.ts';

const SQL = `
SELECT podline.run_trace(a.run_id, x.life) AS trace, podline.attempt_spans(a.id) AS spans,
       t.dag_id AS "dagId", r.run_id AS "runId", t.task_id AS "taskId", t.map_index AS "mapIndex", t.pool,
       a.number, a.looks, a.state, a.executor, a.host, a.facts, a.cause, a.exit_code AS "exitCode", a.message,
       p.spec ->> 'operator' AS operator,
       (extract(epoch FROM coalesce(a.scheduled_at, a.queued_at, a.launched_at)) * 1000000)::bigint AS scheduled,
       (extract(epoch FROM a.queued_at) * 1000000)::bigint AS queued,
       (extract(epoch FROM a.launched_at) * 1000000)::bigint AS launched,
       (extract(epoch FROM a.claimed_at) * 1000000)::bigint AS claimed,
       (extract(epoch FROM a.ended_at) * 1000000)::bigint AS ended
  FROM unnest($1::bigint[], $2::int[]) AS x(id, life)
  JOIN podline.attempt a ON a.id = x.id
  JOIN podline.task_instance t ON t.id = a.instance_id
  JOIN podline.run r ON r.id = a.run_id
  LEFT JOIN podline.plan_task p ON p.version_id = r.version_id AND p.task_id = t.task_id
 WHERE a.ended_at IS NOT NULL`;

export interface EndedAttemptRow {
  /** As podline.run_trace and podline.attempt_spans have them. */
  trace: string;
  spans: string;
  dagId: string;
  runId: string;
  taskId: string;
  mapIndex: number;
  pool: string;
  number: number;
  looks: number;
  state: string;
  executor: string;
  host: string | null;
  facts: JsonObject | null;
  cause: string | null;
  exitCode: number | null;
  message: string | null;
  operator: string | null;
  /** Its upstream tasks had ended. */
  scheduled: number;
  /** It got its slot. */
  queued: number | null;
  /** A process or pod was asked for; of a sensor, for the last look. */
  launched: number;
  /** Its code began; of a sensor, with the first look. Null: it never did. */
  claimed: number | null;
  ended: number;
}

export async function readEndedAttempts(
  database: Queryable,
  subjects: SpanSubject[],
): Promise<EndedAttemptRow[]> {
  const { rows } = await database.query<EndedAttemptRow>({
    name: 'read_ended_attempts',
    text: SQL,
    values: [subjects.map(({ id }) => id), subjects.map(({ life }) => life)],
  });
  return rows;
}
