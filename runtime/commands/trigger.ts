/** Starts a run by hand. Used by the CLI, the test kit and later the API. Returns the run's id. */
import { PodlineError } from '../../src/errors.ts';
import { checkParams } from '../../src/plan/params.ts';
import type { JsonObject } from '../../src/plan/plan.ts';
import { alignedTick, parseInstant, type ScheduleFacts } from '../../src/plan/schedule.ts';
import { type Database, inTransaction, type Transaction } from '../database/pool.ts';
import { audit } from './audit.ts';
import { once } from './once.ts';

export interface TriggerOptions {
  params?: unknown;
  /** ISO 8601 with time; default now. */
  logicalDate?: string;
  /** Default manual__<logical date>. */
  runId?: string;
  note?: string;
  actor?: string;
  /** The same key again, with the same options, answers with the run that was made. */
  requestKey?: string;
  /** W3C Trace Context of who asks. One that makes no sense is passed over, as it has to be. */
  traceparent?: string;
}

export interface TriggeredRun {
  id: number;
  runId: string;
}

interface DagRow {
  version_id: number | null;
  now: Date;
  plan: ScheduleFacts & { params: JsonObject };
}

export async function triggerRun(
  database: Database,
  dagId: string,
  options: TriggerOptions = {},
): Promise<TriggeredRun> {
  // Who tries again may do so in another span.
  const { requestKey: key, actor = '', traceparent: _, ...request } = options;
  const requestKey = key === undefined ? undefined : { actor, key };
  return inTransaction(database, (transaction) =>
    once(transaction, requestKey, ['trigger', dagId, request], () =>
      makeRun(transaction, dagId, options),
    ),
  );
}

async function makeRun(
  transaction: Transaction,
  dagId: string,
  options: TriggerOptions,
): Promise<TriggeredRun> {
  const found = await transaction.query<DagRow>(
    `SELECT d.version_id, podline.now() AS now, v.plan FROM podline.dag d
         JOIN podline.dag_version v ON v.id = d.version_id WHERE d.dag_id = $1 AND d.active`,
    [dagId],
  );
  const dag = found.rows[0];
  if (!dag) throw new PodlineError('not_found.dag', { dag: dagId });
  const params = checkParams(dag.plan.params, options.params, dagId);
  const logicalDate = readLogicalDate(options.logicalDate, dag.plan.timezone) ?? dag.now;
  const { intervalStart, intervalEnd } = alignedTick(dag.plan, logicalDate);
  const runId = options.runId ?? `manual__${logicalDate.toISOString()}`;
  if (!/^[\w.:+-]{1,250}$/.test(runId)) {
    throw new PodlineError('dag.bad_id', {
      what: 'run',
      id: JSON.stringify(runId),
      reason: 'it has other characters or is too long',
    });
  }
  if (/^(scheduled|backfill)__/.test(runId)) {
    throw new PodlineError('dag.bad_id', {
      what: 'run',
      id: JSON.stringify(runId),
      reason: 'the scheduler itself names its runs so',
    });
  }
  const made = await transaction.query<{ id: number }>(
    `INSERT INTO podline.run (dag_id, run_id, version_id, kind, logical_date, interval_start, interval_end, params, note, caller)
       VALUES ($1, $2, $3, 'manual', $4, $5, $6, $7, $8, $9) ON CONFLICT (dag_id, run_id) DO NOTHING RETURNING id`,
    [
      dagId,
      runId,
      dag.version_id,
      logicalDate,
      intervalStart,
      intervalEnd,
      JSON.stringify(params),
      options.note ?? null,
      readCaller(options.traceparent),
    ],
  );
  const id = made.rows[0]?.id;
  if (id === undefined) throw new PodlineError('run.exists', { dag: dagId, run: runId });
  await transaction.query(`SELECT podline.put_event($1, NULL, NULL, 'queued')`, [id]);
  await audit(transaction, options.actor, 'trigger', `${dagId}/${runId}`, { params });
  return { id, runId };
}

function readCaller(traceparent: string | undefined): string | null {
  const isKnown = /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(-|$)/;
  return traceparent !== undefined && isKnown.test(traceparent) ? traceparent.slice(0, 55) : null;
}

function readLogicalDate(text: string | undefined, timezone: string): Date | null {
  if (text === undefined) return null;
  try {
    return parseInstant(text, timezone);
  } catch {
    throw new PodlineError('run.bad_logical_date', { value: JSON.stringify(text) });
  }
}
