/**
 * Backfill: the scheduler runs a DAG for every tick of a range. Rows are made here in one transaction; the
 * scheduler starts them under the backfill's own limit. `planBackfill` says what would be done (dry run).
 */
import { PodlineError } from '../../src/errors.ts';
import { checkParams } from '../../src/plan/params.ts';
import type { JsonObject } from '../../src/plan/plan.ts';
import {
  parseInstant,
  type ScheduleFacts,
  type Tick,
  ticksBetween,
} from '../../src/plan/schedule.ts';
import { type Database, inTransaction, type Queryable } from '../database/pool.ts';
import { audit } from './audit.ts';

export interface BackfillOptions {
  /** ISO 8601; logical dates from `from` to `to`, both included. */
  from: string;
  to: string;
  reverse?: boolean;
  /** What to do with ticks that have a run: leave it, run it again if it failed, run it again. */
  reprocess?: 'none' | 'failed' | 'all';
  /** Runs of this backfill at a time. Default 4. */
  maxActiveRuns?: number;
  params?: unknown;
  actor?: string;
}

export interface BackfillStep {
  logicalDate: Date;
  action: 'create' | 'rerun' | 'skip';
  /** The run that exists already. */
  runId?: string;
}

/** A backfill makes at most this many runs; more is most likely a mistake in the range. */
export const MOST_BACKFILL_RUNS = 100_000;

interface DagRow {
  version_id: number;
  plan: ScheduleFacts & { params: JsonObject };
}

interface ExistingRun {
  id: number;
  run_id: string;
  state: string;
  logical_date: Date;
}

interface Prepared {
  dag: DagRow;
  from: Date;
  to: Date;
  steps: (BackfillStep & { tick: Tick; existing?: ExistingRun })[];
}

export async function planBackfill(
  database: Queryable,
  dagId: string,
  options: BackfillOptions,
): Promise<BackfillStep[]> {
  const { steps } = await prepare(database, dagId, options);
  return steps.map(({ logicalDate, action, runId }) => ({ logicalDate, action, runId }));
}

export async function createBackfill(
  database: Database,
  dagId: string,
  options: BackfillOptions,
): Promise<{ id: number; steps: BackfillStep[] }> {
  return inTransaction(database, async (transaction) => {
    const { dag, from, to, steps } = await prepare(transaction, dagId, options);
    const params = checkParams(dag.plan.params, options.params, dagId);
    const made = await transaction.query<{ id: number }>(
      `INSERT INTO podline.backfill (dag_id, from_date, to_date, reverse, reprocess, max_active_runs, params)
       VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id`,
      [
        dagId,
        from,
        to,
        options.reverse ?? false,
        options.reprocess ?? 'none',
        options.maxActiveRuns ?? 4,
        JSON.stringify(params),
      ],
    );
    const id = made.rows[0]?.id ?? 0;
    const fresh = steps.filter(({ action }) => action === 'create');
    await transaction.query(
      `WITH made AS (
         INSERT INTO podline.run (dag_id, run_id, version_id, kind, logical_date, interval_start, interval_end, params,
                                  backfill_id, backfill_order)
         SELECT $1, x.run_id, $2, 'backfill', x.logical, x.since, x.until, $3, $4, x.position
           FROM unnest($5::text[], $6::timestamptz[], $7::timestamptz[], $8::timestamptz[], $9::int[])
                AS x(run_id, logical, since, until, position)
         ON CONFLICT DO NOTHING RETURNING id)
       INSERT INTO podline.event (run_id, kind) SELECT id, 'queued' FROM made`,
      [
        dagId,
        dag.version_id,
        JSON.stringify(params),
        id,
        fresh.map(({ logicalDate }) => `backfill__${logicalDate.toISOString()}`),
        fresh.map(({ logicalDate }) => logicalDate),
        fresh.map(({ tick }) => tick.intervalStart),
        fresh.map(({ tick }) => tick.intervalEnd),
        fresh.map((step) => steps.indexOf(step)),
      ],
    );
    const again = steps.filter(({ action }) => action === 'rerun');
    const clear = {
      tasks: [],
      upstream: false,
      downstream: false,
      onlyFailed: false,
      latestVersion: true,
    };
    await transaction.query(
      `WITH owned AS (
         UPDATE podline.run SET backfill_id = $2, backfill_order = x.position,
                params = CASE WHEN $5 THEN $6::jsonb ELSE run.params END
           FROM unnest($1::bigint[], $3::int[]) AS x(id, position)
          WHERE run.id = x.id AND run.state IN ('success', 'failed') RETURNING run.id)
       INSERT INTO podline.event (run_id, kind, data) SELECT id, 'clear', $4 FROM owned`,
      [
        again.map(({ existing }) => existing?.id),
        id,
        again.map((step) => steps.indexOf(step)),
        JSON.stringify(clear),
        options.params !== undefined,
        JSON.stringify(params),
      ],
    );
    if (fresh.length + again.length === 0) {
      await transaction.query(
        'UPDATE podline.backfill SET ended_at = podline.now() WHERE id = $1',
        [id],
      );
    }
    await transaction.query(`SELECT pg_notify('podline_wake', '')`);
    await audit(transaction, options.actor, 'backfill', dagId, { ...options, runs: fresh.length });
    return { id, steps };
  });
}

async function prepare(
  database: Queryable,
  dagId: string,
  options: BackfillOptions,
): Promise<Prepared> {
  const found = await database.query<DagRow>(
    `SELECT d.version_id, v.plan FROM podline.dag d JOIN podline.dag_version v ON v.id = d.version_id
      WHERE d.dag_id = $1 AND d.active`,
    [dagId],
  );
  const dag = found.rows[0];
  if (!dag) throw new PodlineError('not_found.dag', { dag: dagId });
  const refuse = (reason: string) =>
    new PodlineError('backfill.bad_range', { from: options.from, to: options.to, reason });
  if (dag.plan.schedule.kind !== 'cron' && dag.plan.schedule.kind !== 'interval') {
    throw refuse(`DAG ${dagId} has no regular schedule`);
  }
  let from: Date;
  let to: Date;
  try {
    from = parseInstant(options.from, dag.plan.timezone);
    to = parseInstant(options.to, dag.plan.timezone);
  } catch (error) {
    throw refuse(error instanceof Error ? error.message : 'both must be ISO 8601 instants');
  }
  if (to < from) throw refuse('it ends before it begins');
  const ticks = [...ticksBetween(dag.plan, from, to, MOST_BACKFILL_RUNS + 1)];
  if (ticks.length > MOST_BACKFILL_RUNS) {
    throw refuse(`it has more than ${MOST_BACKFILL_RUNS} ticks`);
  }
  if (options.reverse) ticks.reverse();
  const { rows } = await database.query<ExistingRun>(
    `SELECT id, run_id, state, logical_date FROM podline.run
      WHERE dag_id = $1 AND kind IN ('scheduled', 'backfill') AND logical_date BETWEEN $2 AND $3`,
    [dagId, from, to],
  );
  const existing = new Map(rows.map((row) => [row.logical_date.getTime(), row]));
  const steps = ticks.map((tick) => {
    const run = existing.get(tick.logicalDate.getTime());
    const action = run ? reprocessAction(run.state, options.reprocess ?? 'none') : 'create';
    return { tick, logicalDate: tick.logicalDate, action, runId: run?.run_id, existing: run };
  });
  return { dag, from, to, steps };
}

function reprocessAction(
  state: string,
  reprocess: 'none' | 'failed' | 'all',
): BackfillStep['action'] {
  const isOver = state === 'success' || state === 'failed';
  if (!isOver || reprocess === 'none') return 'skip';
  return reprocess === 'all' || state === 'failed' ? 'rerun' : 'skip';
}
