/**
 * Tasks of a pool of warm workers that are queued or at work, for autoscalers and people. Partial indexes
 * ti_queued, worker_live and attempt_live; it stops counting at 10,000.
 */
import type { Queryable } from '../pool.ts';

const SQL = 'SELECT pool.depth($1) AS depth';

export async function queueDepth(database: Queryable, pool: string): Promise<number> {
  const { rows } = await database.query<{ depth: number }>(SQL, [pool]);
  return rows[0]?.depth ?? 0;
}
