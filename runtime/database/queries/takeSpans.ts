/**
 * Spans on their way out: taken for a minute, forgotten when they were sent, given back when they could not be.
 * SKIP LOCKED shares them between schedulers; what a lost one had taken is taken by another. The table is empty but for
 * the last second, or while nobody receives spans. Index: its primary key.
 */
import type { Queryable } from '../pool.ts';
import type { SpanSubject } from './putSpans.ts';

const TAKE = `
UPDATE podline.span_due s SET taken_until = clock_timestamp() + interval '1 minute'
 WHERE s.id = ANY(ARRAY(SELECT d.id FROM podline.span_due d WHERE d.taken_until < clock_timestamp()
                         ORDER BY d.id LIMIT $1 FOR UPDATE SKIP LOCKED))
RETURNING s.id AS due, s.kind, s.subject_id AS id, s.life`;

export interface DueSpan extends SpanSubject {
  /** Its row in the queue. */
  due: number;
}

export async function takeSpans(database: Queryable, limit: number): Promise<DueSpan[]> {
  const { rows } = await database.query<DueSpan>({
    name: 'take_spans',
    text: TAKE,
    values: [limit],
  });
  return rows;
}

const FORGET = `
DELETE FROM podline.span_due WHERE id = ANY($1::bigint[])`;

export async function forgetSpans(database: Queryable, taken: DueSpan[]): Promise<void> {
  await database.query({ name: 'forget_spans', text: FORGET, values: [taken.map(dueOf)] });
}

const GIVE_BACK = `
UPDATE podline.span_due SET taken_until = '-infinity' WHERE id = ANY($1::bigint[])`;

export async function giveSpansBack(database: Queryable, taken: DueSpan[]): Promise<void> {
  await database.query({ name: 'give_spans_back', text: GIVE_BACK, values: [taken.map(dueOf)] });
}

const SHORTEN = `
DELETE FROM podline.span_due
 WHERE id <= (SELECT d.id FROM podline.span_due d ORDER BY d.id DESC OFFSET $1 LIMIT 1)`;

/** Leaves the newest `most`. Returns how many were dropped. */
export async function shortenSpans(database: Queryable, most: number): Promise<number> {
  return (await database.query(SHORTEN, [most])).rowCount ?? 0;
}

const SET_TRACING = `
UPDATE podline.installation SET tracing = $1 WHERE tracing <> $1`;

/** What all processes on this database go by from now on. */
export async function setTracing(database: Queryable, tracing: boolean): Promise<void> {
  const { rowCount } = await database.query(SET_TRACING, [tracing]);
  if (rowCount && !tracing) await shortenSpans(database, 0);
}

function dueOf({ due }: DueSpan): number {
  return due;
}
