/**
 * Takes the oldest runs that have something to decide, and their events. The runs stay locked until
 * the tick commits; other schedulers skip them, so a run is decided by one scheduler at a time.
 * Index: event_pkey for the oldest, event_run for the rest. 0.4 ms for one run, 4 ms for 200.
 * NO KEY UPDATE: workers must go on inserting rows that name the run.
 */
import type { Queryable, Transaction } from '../pool.ts';
import type { Command, EndedAttempt } from '../../scheduler/decision.ts';
import type { RunFacts } from '../../scheduler/liveRun.ts';

const SQL = `
WITH oldest AS MATERIALIZED (
  SELECT DISTINCT run_id FROM (SELECT run_id FROM podline.event ORDER BY id LIMIT 2000) e
), locked AS MATERIALIZED (
  SELECT r.* FROM podline.run r
   WHERE r.id = ANY(CASE WHEN $2::bigint IS NULL THEN ARRAY(SELECT run_id FROM oldest) ELSE ARRAY[$2] END)
     AND EXISTS (SELECT FROM podline.event e WHERE e.run_id = r.id)
   ORDER BY r.id LIMIT $1 FOR NO KEY UPDATE SKIP LOCKED
), taken AS MATERIALIZED (
  DELETE FROM podline.event e WHERE e.run_id = ANY(ARRAY(SELECT id FROM locked))
  RETURNING e.id, e.run_id, e.instance_id, e.attempt_id, e.kind, e.data
)
SELECT l.id, l.dag_id, l.run_id, l.version_id, l.kind, l.state, l.seq, l.logical_date, l.interval_end,
       l.backfill_id, l.ends, (SELECT i.tracing FROM podline.installation i) AS tracing, podline.now() AS now, e.kind AS event, e.instance_id, e.data,
       a.id AS attempt_id, a.state AS attempt_state, a.cause, a.exit_code, a.message, a.outcome
  FROM locked l
  JOIN taken e ON e.run_id = l.id
  LEFT JOIN LATERAL (SELECT * FROM podline.attempt x WHERE x.id = e.attempt_id OFFSET 0) a ON true
 ORDER BY e.id`;

interface Row {
  id: number;
  dag_id: string;
  run_id: string;
  version_id: number;
  kind: RunFacts['kind'];
  state: RunFacts['state'];
  seq: number;
  logical_date: Date | null;
  interval_end: Date | null;
  backfill_id: number | null;
  ends: number;
  tracing: boolean;
  now: Date;
  event: 'ended' | 'due' | 'changed' | 'queued' | 'run_timeout' | 'cancel' | 'clear' | 'mark';
  instance_id: number | null;
  data: unknown;
  attempt_id: number | null;
  attempt_state: string | null;
  cause: string | null;
  exit_code: number | null;
  message: string | null;
  outcome: unknown;
}

export interface ClaimedRun {
  facts: RunFacts;
  /** The spans of what ends are to be sent. */
  tracing: boolean;
  now: Date;
  /** How many were taken, of any kind. */
  events: number;
  ended: EndedAttempt[];
  dueInstances: number[];
  /** As people wrote them; not yet checked. */
  commands: { kind: Command['kind']; data: unknown }[];
  runTimedOut: boolean;
  /** Something outside the usual flow happened: read the run again. */
  changed: boolean;
}

/** `onlyRun` limits it to one run: commands of people tick their own run at once. */
export async function claimEvents(
  transaction: Transaction,
  limit: number,
  onlyRun: number | null = null,
): Promise<ClaimedRun[]> {
  const { rows } = await transaction.query<Row>({
    name: 'claim_events',
    text: SQL,
    values: [limit, onlyRun],
  });
  const runs = new Map<number, ClaimedRun>();
  for (const row of rows) {
    let run = runs.get(row.id);
    if (!run) runs.set(row.id, (run = newRun(row)));
    addEvent(run, row);
  }
  return [...runs.values()];
}

/** From now on the first event wakes a scheduler. The caller looks for events once more after this. */
export async function announceSleep(database: Queryable): Promise<void> {
  await database.query({ name: 'announce_sleep', text: `SELECT setval('podline.sleeping', 1)` });
}

function newRun(row: Row): ClaimedRun {
  return {
    facts: {
      id: row.id,
      dagId: row.dag_id,
      runId: row.run_id,
      versionId: row.version_id,
      kind: row.kind,
      state: row.state,
      seq: row.seq,
      logicalDate: row.logical_date,
      intervalEnd: row.interval_end,
      backfillId: row.backfill_id,
      ends: row.ends,
    },
    tracing: row.tracing,
    now: row.now,
    events: 0,
    ended: [],
    dueInstances: [],
    commands: [],
    runTimedOut: false,
    changed: false,
  };
}

function addEvent(run: ClaimedRun, row: Row): void {
  run.events += 1;
  if (row.event === 'ended') {
    if (row.instance_id !== null && row.attempt_id !== null && isEnd(row.attempt_state)) {
      run.ended.push({
        instanceId: row.instance_id,
        attemptId: row.attempt_id,
        state: row.attempt_state,
        cause: row.cause,
        exitCode: row.exit_code,
        message: row.message,
        outcome: row.outcome,
      });
    }
  } else if (row.event === 'due') {
    if (row.instance_id !== null) run.dueInstances.push(row.instance_id);
  } else if (row.event !== 'queued') {
    run.changed = true;
    if (row.event === 'run_timeout') run.runTimedOut = true;
    else if (row.event !== 'changed') {
      run.commands.push({ kind: row.event, data: row.data });
    }
  }
}

function isEnd(state: string | null): state is EndedAttempt['state'] {
  return state === 'success' || state === 'failed' || state === 'skipped' || state === 'waiting';
}
