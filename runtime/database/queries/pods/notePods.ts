/**
 * Notes where the pods of attempts are and what they wait for, for people (`tasks show`, `explain`). Nothing is
 * decided from it but where the pod of an attempt that is taken over is. By primary keys, locked in order.
 */
import type { JsonObject } from '../../../../src/plan/plan.ts';
import type { Queryable } from '../../pool.ts';

const SQL = `
WITH x AS MATERIALIZED (
  SELECT * FROM jsonb_to_recordset($1::jsonb) AS x(id bigint, look int, facts jsonb)
), held AS MATERIALIZED (
  SELECT a.id FROM podline.attempt a
   WHERE a.id = ANY(ARRAY(SELECT id FROM x)) ORDER BY a.id FOR NO KEY UPDATE
)
UPDATE podline.attempt a
   SET facts = (coalesce(a.facts, '{}') - 'waiting')
               || CASE WHEN a.ended_at IS NULL THEN x.facts ELSE x.facts - 'waiting' END
  FROM held h JOIN x USING (id)
 WHERE a.id = h.id AND a.looks = x.look`;

export interface PodNote {
  attemptId: number;
  look: number;
  facts: JsonObject;
}

export async function notePods(database: Queryable, notes: PodNote[]): Promise<void> {
  await database.query({
    name: 'note_pods',
    text: SQL,
    values: [JSON.stringify(notes.map(({ attemptId, ...rest }) => ({ id: attemptId, ...rest })))],
  });
}
