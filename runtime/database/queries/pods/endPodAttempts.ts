/**
 * Records how attempts ended, as their pods tell: many in one statement, each a compare-and-set on the look and
 * on being live, so that a report of the worker that came first wins and nothing is recorded twice.
 * Rows are locked in order: two schedulers may see the same pods. Found again by key and not by address: what another
 * session wrote while the lock was waited for has an address that this statement does not see, and the end would be lost.
 */
import type { Outcome } from '../../../worker/assignment.ts';
import type { Queryable } from '../../pool.ts';

const SQL = `
WITH x AS MATERIALIZED (
  SELECT * FROM jsonb_to_recordset($1::jsonb) AS x(
    id bigint, look int, state text, cause text, "exitCode" int, message text, outcome jsonb, xcom jsonb, "hasXcom" boolean,
    gone boolean, "ranSeconds" float8)
), held AS MATERIALIZED (
  SELECT a.id FROM podline.attempt a
   WHERE a.id = ANY(ARRAY(SELECT id FROM x)) ORDER BY a.id FOR UPDATE
), ended AS (
  UPDATE podline.attempt a
     SET state = x.state, cause = x.cause, exit_code = x."exitCode", message = left(x.message, 8192),
         outcome = coalesce(a.outcome, '{}') || x.outcome
                   || jsonb_build_object('hasXcom', x."hasXcom" OR coalesce((a.outcome ->> 'hasXcom')::boolean, false)),
         ended_at = CASE WHEN x.state <> 'waiting' THEN podline.now() END,
         gone_at = CASE WHEN x.gone THEN podline.now() END,
         claimed_at = CASE WHEN x."ranSeconds" IS NULL THEN a.claimed_at
                           ELSE coalesce(a.claimed_at, greatest(a.launched_at, podline.now() - make_interval(secs => x."ranSeconds"))) END,
         token_hash = NULL, lease_until = NULL, facts = a.facts - 'waiting'
    FROM held h JOIN x USING (id)
   WHERE a.id = h.id AND a.looks = x.look AND a.state IN ('launching', 'running')
  RETURNING a.id, a.run_id, a.instance_id, a.claimed_at
), began AS (
  UPDATE podline.task_instance t
     SET started_at = coalesce(t.started_at, e.claimed_at), first_look_at = coalesce(t.first_look_at, e.claimed_at)
    FROM ended e JOIN x USING (id)
   WHERE t.id = e.instance_id AND t.attempt_id = e.id AND x."ranSeconds" IS NOT NULL AND t.started_at IS NULL
), stored AS (
  INSERT INTO podline.xcom (run_id, task_id, map_index, key, value)
  SELECT t.run_id, t.task_id, t.map_index, 'return_value', coalesce(x.xcom, 'null')
    FROM ended e JOIN x USING (id) JOIN podline.task_instance t ON t.id = e.instance_id
   WHERE x."hasXcom" AND x.state = 'success'
  ON CONFLICT (run_id, task_id, map_index, key) DO UPDATE SET value = excluded.value, created_at = podline.now()
)
SELECT x.id, e.id IS NOT NULL AS recorded, coalesce(a.gone_at IS NOT NULL OR a.looks > x.look, true) AS gone,
       CASE WHEN e.id IS NOT NULL THEN podline.put_event(e.run_id, e.instance_id, e.id, 'ended') END
  FROM x LEFT JOIN ended e USING (id) LEFT JOIN podline.attempt a ON a.id = x.id`;

export interface PodEnd {
  attemptId: number;
  look: number;
  outcome: Outcome;
  /** Words of the task itself (a digest, an exit code), not a guess about a lost process. */
  reported: boolean;
  /** No process of it is left. */
  gone: boolean;
  /** Direct pods: how long it ran. They may end before anybody saw them run. */
  ranSeconds?: number;
}

export interface PodEndReply {
  /** False: it was over before. */
  recorded: boolean;
  /** It was over before, and nobody waits for its pod. */
  gone: boolean;
}

/** One reply for each end, in their order. */
export async function endPodAttempts(database: Queryable, ends: PodEnd[]): Promise<PodEndReply[]> {
  const values = ends.map(({ attemptId, look, outcome, reported, gone, ranSeconds }) => {
    const { xcom, message, ...rest } = outcome;
    return {
      id: attemptId,
      look,
      state: outcome.state,
      cause: outcome.cause,
      exitCode: outcome.exitCode,
      message: message?.replaceAll('\0', ''),
      outcome: { ...rest, reported },
      xcom,
      hasXcom: xcom !== undefined,
      gone,
      ranSeconds,
    };
  });
  const { rows } = await database.query<PodEndReply & { id: number }>({
    name: 'end_pod_attempts',
    text: SQL,
    values: [JSON.stringify(values)],
  });
  const replies = new Map(rows.map(({ id, recorded, gone }) => [id, { recorded, gone }]));
  return ends.map(({ attemptId }) => replies.get(attemptId) ?? { recorded: false, gone: true });
}
