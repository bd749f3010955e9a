/** What an attempt was given and what the cluster told of its pod. By primary key; nothing where nothing was noted. */
import type { Json } from '../../../../src/plan/plan.ts';
import type { PodEvent } from '../../../pods/podEvents.ts';
import type { Queryable } from '../../pool.ts';

const SQL = `
SELECT rendered, pod, events FROM podline.attempt_detail WHERE attempt_id = $1`;

export interface AttemptDetailRow {
  rendered: Json;
  pod: Json;
  events: Omit<PodEvent, 'uid'>[] | null;
}

export async function readAttemptDetail(
  database: Queryable,
  attemptId: number,
): Promise<AttemptDetailRow> {
  const { rows } = await database.query<AttemptDetailRow>({
    name: 'web_attempt_detail',
    text: SQL,
    values: [attemptId],
  });
  return rows[0] ?? { rendered: null, pod: null, events: null };
}
