/**
 * Writes what a tick decided about runs: a new sequence number always, an end or a return to the queue
 * where decided. Returns runs that left `running`, so that the tick frees their places.
 */
import type { Transaction } from '../pool.ts';

const SQL = `
WITH x AS (
  SELECT * FROM jsonb_to_recordset($1::jsonb) AS x(id bigint, state text, cause text, latest boolean)
), held AS MATERIALIZED (
  SELECT r.ctid AS place, r.id, r.state FROM podline.run r WHERE r.id = ANY(ARRAY(SELECT id FROM x))
   ORDER BY r.id FOR NO KEY UPDATE
), old AS MATERIALIZED (
  SELECT x.*, h.state AS old_state, h.place FROM x JOIN held h USING (id)
)
UPDATE podline.run r
   SET seq = r.seq + 1,
       state = coalesce(o.state, r.state),
       cause = CASE WHEN o.state IS NULL THEN r.cause ELSE o.cause END,
       ends = r.ends + (o.state IS NOT NULL AND o.state IN ('success', 'failed'))::int,
       cleared_at = CASE WHEN o.state = 'queued' THEN podline.now() ELSE r.cleared_at END,
       ended_at = CASE WHEN o.state IN ('success', 'failed') THEN podline.now()
                       WHEN o.state = 'queued' THEN NULL ELSE r.ended_at END,
       version_id = CASE WHEN o.latest THEN coalesce((SELECT d.version_id FROM podline.dag d WHERE d.dag_id = r.dag_id),
                                                     r.version_id)
                         ELSE r.version_id END
  FROM old o
 WHERE r.ctid = o.place
RETURNING r.id, r.dag_id, r.backfill_id, o.old_state, r.state, r.seq`;

export interface RunChange {
  id: number;
  state?: 'success' | 'failed' | 'queued';
  cause?: string;
  latest?: boolean;
}

export interface ChangedRun {
  id: number;
  dag_id: string;
  backfill_id: number | null;
  old_state: string;
  state: string;
  seq: number;
}

export async function changeRuns(
  transaction: Transaction,
  changes: RunChange[],
): Promise<ChangedRun[]> {
  const { rows } = await transaction.query<ChangedRun>({
    name: 'change_runs',
    text: SQL,
    values: [JSON.stringify(changes)],
  });
  return rows;
}
