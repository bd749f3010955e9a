/**
 * Says why workers were asked to stop: they report `interrupted`, their pods tell that they were evicted, say. Both are
 * causes of the infrastructure, so what was decided meanwhile holds. By primary keys, locked in order.
 */
import type { Cause } from '../../../../src/model/causes.ts';
import type { Queryable } from '../../pool.ts';

const SQL = `
WITH x AS MATERIALIZED (
  SELECT * FROM unnest($1::bigint[], $2::int[], $3::text[], $4::text[]) AS x(id, look, cause, message)
), held AS MATERIALIZED (
  SELECT a.id FROM podline.attempt a
   WHERE a.id = ANY(ARRAY(SELECT id FROM x)) ORDER BY a.id FOR NO KEY UPDATE
)
UPDATE podline.attempt a SET cause = x.cause, message = left(x.message, 8192)
  FROM held h JOIN x USING (id)
 WHERE a.id = h.id AND a.looks = x.look AND a.state = 'failed' AND a.cause = 'interrupted'`;

export interface Interruption {
  attemptId: number;
  look: number;
  cause: Cause;
  message: string;
}

export async function explainInterrupted(
  database: Queryable,
  interruptions: Interruption[],
): Promise<void> {
  await database.query({
    name: 'explain_interrupted',
    text: SQL,
    values: [
      interruptions.map(({ attemptId }) => attemptId),
      interruptions.map(({ look }) => look),
      interruptions.map(({ cause }) => cause),
      interruptions.map(({ message }) => message),
    ],
  });
}
