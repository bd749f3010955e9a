/** One backfill and how far it is, for people. Through backfill_pkey and run_backfill. */
import { PodlineError } from '../../../src/errors.ts';
import type { RunState } from '../../../src/model/states.ts';
import type { JsonObject } from '../../../src/plan/plan.ts';
import type { Queryable } from '../pool.ts';

const SQL = `
SELECT b.id, b.dag_id AS "dagId", b.from_date AS "from", b.to_date AS "to", b.reverse, b.reprocess,
       b.max_active_runs AS "maxActiveRuns", b.params, b.created_at AS "createdAt", b.ended_at AS "endedAt",
       (SELECT coalesce(jsonb_object_agg(state, n), '{}')
          FROM (SELECT r.state, count(*) AS n FROM podline.run r WHERE r.backfill_id = b.id GROUP BY r.state) s) AS states
  FROM podline.backfill b WHERE b.id = $1 AND b.dag_id = $2`;

export interface BackfillDetails {
  id: number;
  dagId: string;
  from: Date;
  to: Date;
  reverse: boolean;
  reprocess: 'none' | 'failed' | 'all';
  maxActiveRuns: number;
  params: JsonObject;
  createdAt: Date;
  endedAt: Date | null;
  states: Partial<Record<RunState, number>>;
}

export async function readBackfill(
  database: Queryable,
  { dagId, id }: { dagId: string; id: number },
): Promise<BackfillDetails> {
  const { rows } = await database.query<BackfillDetails>(SQL, [id, dagId]);
  const [row] = rows;
  if (!row) throw new PodlineError('not_found.backfill', { dag: dagId, id });
  return row;
}
