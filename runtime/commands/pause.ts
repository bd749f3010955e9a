/**
 * Pauses a DAG or lets it go on. A DAG without catchup that was paused over some ticks goes on with the
 * latest complete interval, not with the one at which it was paused. Used by the CLI and later the API.
 */
import { PodlineError } from '../../src/errors.ts';
import { firstTick, type ScheduleFacts } from '../../src/plan/schedule.ts';
import { type Database, inTransaction } from '../database/pool.ts';
import { audit } from './audit.ts';

interface DagRow {
  paused: boolean;
  next_logical_date: Date | null;
  next_run_at: Date | null;
  now: Date;
  plan: ScheduleFacts;
}

/** False when it was so already. */
export async function setPaused(
  database: Database,
  dagId: string,
  paused: boolean,
  actor?: string,
): Promise<boolean> {
  return inTransaction(database, async (transaction) => {
    const { rows } = await transaction.query<DagRow>(
      `SELECT d.paused, d.next_logical_date, d.next_run_at, podline.now() AS now, v.plan
         FROM podline.dag d JOIN podline.dag_version v ON v.id = d.version_id
        WHERE d.dag_id = $1 FOR NO KEY UPDATE OF d`,
      [dagId],
    );
    const dag = rows[0];
    if (!dag) throw new PodlineError('not_found.dag', { dag: dagId });
    if (dag.paused === paused) return false;
    const next = paused ? null : skipMissed(dag);
    await transaction.query(
      `UPDATE podline.dag SET paused = $2, updated_at = podline.now(),
              next_logical_date = coalesce($3, next_logical_date), next_run_at = coalesce($4, next_run_at)
        WHERE dag_id = $1`,
      [dagId, paused, next?.logicalDate ?? null, next?.runAt ?? null],
    );
    await transaction.query(`SELECT pg_notify('podline_wake', '')`);
    await audit(transaction, actor, paused ? 'pause' : 'unpause', dagId);
    return true;
  });
}

function skipMissed({ plan, next_logical_date: next, next_run_at: due, now }: DagRow) {
  const isCalendar = plan.schedule.kind === 'cron' || plan.schedule.kind === 'interval';
  if (!isCalendar || plan.catchup || next === null || due === null || due > now) return null;
  const latest = firstTick(plan, now);
  return latest !== null && latest.logicalDate > next ? latest : null;
}
