/** How far a backfill is, for people. Through backfill_pkey and run_backfill. */
import type { RunState } from '../../../src/model/states.ts';
import type { Queryable } from '../pool.ts';

const SQL = `
SELECT b.id, b.dag_id AS "dagId", b.from_date AS "from", b.to_date AS "to", b.created_at AS "createdAt",
       b.ended_at AS "endedAt",
       (SELECT coalesce(jsonb_object_agg(state, n), '{}')
          FROM (SELECT r.state, count(*) AS n FROM podline.run r WHERE r.backfill_id = b.id GROUP BY r.state) s) AS states
  FROM podline.backfill b WHERE b.id = $1`;

export interface BackfillDetails {
  id: number;
  dagId: string;
  from: Date;
  to: Date;
  createdAt: Date;
  endedAt: Date | null;
  states: Partial<Record<RunState, number>>;
}

export async function readBackfill(database: Queryable, id: number): Promise<BackfillDetails> {
  const { rows } = await database.query<BackfillDetails>(SQL, [id]);
  const row = rows[0];
  if (!row) throw new Error(`backfill ${id} is gone`);
  return row;
}
