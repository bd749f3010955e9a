/**
 * What decisions cause beside states: forgotten outputs of cleared instances, callbacks in the outbox,
 * and a wake-up for the next run of a DAG whose tasks depend on the past. Called by apply.ts.
 */
import type { Transaction } from '../pool.ts';
import type { Decided } from '../../scheduler/apply.ts';

export async function forgetXComs(transaction: Transaction, instanceIds: number[]): Promise<void> {
  await transaction.query({
    name: 'forget_xcoms',
    text: `DELETE FROM podline.xcom x USING podline.task_instance t
            WHERE t.id = ANY($1::bigint[]) AND x.run_id = t.run_id AND x.task_id = t.task_id AND x.map_index = t.map_index`,
    values: [instanceIds],
  });
}

const OUTBOX = `
INSERT INTO podline.outbox (run_id, instance_id, event, target, payload)
SELECT x.run_id, x.instance_id, x.event, x.target,
       x.payload || jsonb_build_object('at', podline.now(), 'dagId', r.dag_id, 'runId', r.run_id, 'logicalDate', r.logical_date)
  FROM ROWS FROM (jsonb_to_recordset($1::jsonb)
                  AS (run_id bigint, instance_id bigint, event text, target jsonb, payload jsonb))
       WITH ORDINALITY AS x(run_id, instance_id, event, target, payload, position)
  JOIN podline.run r ON r.id = x.run_id
 ORDER BY x.position`;

export async function putCallbacks(transaction: Transaction, decided: Decided[]): Promise<void> {
  const rows = decided.flatMap(({ live, decision }) =>
    decision.callbacks.map(({ event, target, instance, cause, message }) => ({
      run_id: live.run.id,
      instance_id: instance?.id ?? null,
      event,
      target,
      payload: {
        event,
        subject: instance ? 'task' : 'run',
        taskId: instance?.taskId ?? null,
        mapIndex: instance?.mapIndex ?? null,
        triesUsed: instance?.triesUsed ?? null,
        cause: cause ?? null,
        message: message ?? null,
      },
    })),
  );
  if (rows.length === 0) return;
  await transaction.query({ name: 'put_callbacks', text: OUTBOX, values: [JSON.stringify(rows)] });
}

/** The next run by logical date (there may be two of one date) gets an event, so that it is read again. Index: run_logical. */
const WAKE = `
INSERT INTO podline.event (run_id, kind)
SELECT DISTINCT n.id, 'changed'
  FROM podline.run r CROSS JOIN LATERAL (
    SELECT x.id FROM podline.run x
     WHERE x.dag_id = r.dag_id
       AND x.logical_date = (SELECT min(y.logical_date) FROM podline.run y
                              WHERE y.dag_id = r.dag_id AND y.logical_date > r.logical_date)) n
 WHERE r.id = ANY($1::bigint[])`;

export async function wakeNextRuns(transaction: Transaction, runIds: number[]): Promise<void> {
  await transaction.query({ name: 'wake_next_runs', text: WAKE, values: [runIds] });
}

/**
 * Tasks with dependsOnPast that may not start: in the run before (by logical date) the task is neither
 * success nor skipped. A first run has nothing before it.
 */
const PAST = `
SELECT r.id AS run_id, t.task_id
  FROM podline.run r CROSS JOIN LATERAL (
    SELECT x.id FROM podline.run x
     WHERE x.dag_id = r.dag_id AND x.logical_date < r.logical_date
     ORDER BY x.logical_date DESC, x.id DESC LIMIT 1) p
  JOIN podline.plan_task k ON k.version_id = r.version_id AND (k.spec ->> 'dependsOnPast')::boolean
  CROSS JOIN LATERAL (
    SELECT k.task_id
     WHERE NOT EXISTS (SELECT FROM podline.task_instance i WHERE i.run_id = p.id AND i.task_id = k.task_id)
        OR EXISTS (SELECT FROM podline.task_instance i WHERE i.run_id = p.id AND i.task_id = k.task_id
                      AND i.state NOT IN ('success', 'skipped', 'removed'))) t
 WHERE r.id = ANY($1::bigint[])`;

export async function blockedByPast(
  transaction: Transaction,
  runIds: number[],
): Promise<{ run_id: number; task_id: string }[]> {
  const { rows } = await transaction.query<{ run_id: number; task_id: string }>({
    name: 'blocked_by_past',
    text: PAST,
    values: [runIds],
  });
  return rows;
}

/** What due external_run sensors wait for looks like now. */
const EXTERNAL = `
SELECT t.id,
       CASE WHEN x.state = 'success' THEN 'success'
            WHEN x.state IN ('failed', 'upstream_failed') THEN 'failed'
            WHEN t.first_look_at + make_interval(secs => (k.spec #>> '{sensor,timeout}')::float8) <= podline.now() THEN 'timeout'
            ELSE 'waiting' END AS external
  FROM podline.task_instance t
  JOIN podline.run r ON r.id = t.run_id
  JOIN podline.plan_task k ON k.version_id = r.version_id AND k.task_id = t.task_id
  LEFT JOIN LATERAL (
    SELECT CASE WHEN k.spec #>> '{config,task}' IS NULL THEN o.state
                ELSE (SELECT CASE WHEN bool_and(i.state = 'success') THEN 'success'
                                  WHEN bool_or(i.state IN ('failed', 'upstream_failed')) THEN 'failed' END
                        FROM podline.task_instance i WHERE i.run_id = o.id AND i.task_id = k.spec #>> '{config,task}'
                         AND i.state <> 'removed') END AS state
      FROM podline.run o
     WHERE o.dag_id = k.spec #>> '{config,dag}'
       AND o.logical_date = r.logical_date - make_interval(secs => coalesce((k.spec #>> '{config,offset}')::float8, 0))
     ORDER BY o.id DESC LIMIT 1) x ON true
 WHERE t.id = ANY($1::bigint[]) AND t.state = 'deferred' AND k.spec #>> '{sensor,mode}' = 'external_run'`;

export async function readExternal(
  transaction: Transaction,
  instanceIds: number[],
): Promise<Map<number, 'success' | 'failed' | 'waiting' | 'timeout'>> {
  const { rows } = await transaction.query<{
    id: number;
    external: 'success' | 'failed' | 'waiting' | 'timeout';
  }>({ name: 'read_external', text: EXTERNAL, values: [instanceIds] });
  return new Map(rows.map(({ id, external }) => [id, external]));
}
