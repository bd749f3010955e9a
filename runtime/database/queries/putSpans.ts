/**
 * Notes ended runs and attempts whose spans are to be sent, in the transaction that decides upon the end: whichever
 * process that is, a scheduler sends them later (takeSpans.ts). One statement a tick, and none without tracing.
 */
import type { Queryable } from '../pool.ts';

const SQL = `
INSERT INTO podline.span_due (kind, subject_id, life)
SELECT * FROM unnest($1::text[], $2::bigint[], $3::int[])`;

export interface SpanSubject {
  kind: 'run' | 'attempt';
  /** Row of the run or attempt. */
  id: number;
  /** How often the run had ended before. */
  life: number;
}

export async function putSpans(database: Queryable, subjects: SpanSubject[]): Promise<void> {
  await database.query({
    name: 'put_spans',
    text: SQL,
    values: [
      subjects.map(({ kind }) => kind),
      subjects.map(({ id }) => id),
      subjects.map(({ life }) => life),
    ],
  });
}
