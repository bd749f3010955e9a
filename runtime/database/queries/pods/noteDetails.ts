/** Writes the manifests and events of pods, for people. Nothing is decided from them. By primary key. */
import type { Json } from '../../../../src/plan/plan.ts';
import type { Queryable } from '../../pool.ts';

const SQL = `
INSERT INTO podline.attempt_detail AS d (attempt_id, pod, events)
SELECT x.id, x.pod, x.events FROM json_to_recordset($1::json) AS x(id bigint, pod json, events json)
 ORDER BY x.id
ON CONFLICT (attempt_id) DO UPDATE
   SET pod = coalesce(excluded.pod, d.pod), events = coalesce(excluded.events, d.events)`;

export interface PodDetail {
  pod?: Json;
  events?: Json;
}

export async function noteDetails(
  database: Queryable,
  details: ReadonlyMap<number, PodDetail>,
): Promise<void> {
  const rows = [...details].map(([id, detail]) => ({ id, ...detail }));
  await database.query({ name: 'note_details', text: SQL, values: [JSON.stringify(rows)] });
}
