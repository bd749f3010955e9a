/**
 * Moves the attempts of direct pods whose container runs from launching to running, and their instances with
 * them: what the claim of a worker does for the others. The launch token stays, a sidecar hands in the
 * output with it. Returns the ids that moved. By primary keys, locked in order.
 */
import type { Queryable } from '../../pool.ts';

const SQL = `
WITH x AS MATERIALIZED (
  SELECT * FROM unnest($1::bigint[], $2::int[], $3::text[]) AS x(id, look, host)
), held AS MATERIALIZED (
  SELECT a.id FROM podline.attempt a
   WHERE a.id = ANY(ARRAY(SELECT id FROM x)) ORDER BY a.id FOR NO KEY UPDATE
), running AS (
  UPDATE podline.attempt a
     SET state = 'running', host = x.host, claimed_at = coalesce(a.claimed_at, podline.now()), facts = a.facts - 'waiting'
    FROM held h JOIN x USING (id)
   WHERE a.id = h.id AND a.looks = x.look AND a.state || '' = 'launching'
  RETURNING a.id, a.instance_id
), moved AS (
  UPDATE podline.task_instance t
     SET state = 'running', started_at = coalesce(t.started_at, podline.now()),
         first_look_at = coalesce(t.first_look_at, podline.now())
    FROM running r WHERE t.id = r.instance_id AND t.attempt_id = r.id AND t.state || '' = 'launching'
)
SELECT id FROM running`;

export interface PodRunning {
  attemptId: number;
  look: number;
  /** Node that it runs on. */
  host: string | null;
}

export async function markPodsRunning(
  database: Queryable,
  pods: PodRunning[],
): Promise<Set<number>> {
  const { rows } = await database.query<{ id: number }>({
    name: 'mark_pods_running',
    text: SQL,
    values: [
      pods.map(({ attemptId }) => attemptId),
      pods.map(({ look }) => look),
      pods.map(({ host }) => host),
    ],
  });
  return new Set(rows.map(({ id }) => id));
}
