/**
 * Deletes finished runs with their instances, attempts, logs, outputs and events, 100 at a time, so that no
 * statement is long and a scheduler is never in the way. The last scheduled run of a DAG (the calendar goes
 * on from it) and its last run at all stay. Called by `podline db clean`.
 */
import type { Queryable, Transaction } from '../pool.ts';

const OLD_RUNS = `
SELECT r.id FROM podline.run r
 WHERE r.state IN ('success', 'failed') AND r.ended_at < $1
   AND r.id <> (SELECT l.id FROM podline.run l WHERE l.dag_id = r.dag_id ORDER BY l.dag_id DESC, l.id DESC LIMIT 1)
   AND (r.kind <> 'scheduled' OR r.logical_date IS DISTINCT FROM (
         SELECT l.logical_date FROM podline.run l
          WHERE l.dag_id = r.dag_id AND l.kind = 'scheduled' AND l.logical_date IS NOT NULL
          ORDER BY l.logical_date DESC LIMIT 1))`;

const COUNT = `
SELECT (SELECT count(*) FROM (${OLD_RUNS}) old) AS runs,
       (SELECT count(*) FROM podline.outbox WHERE delivered_at < $1 OR dead_at < $1) AS outbox,
       (SELECT count(*) FROM podline.worker WHERE stopped_at < $1) AS workers,
       (SELECT count(*) FROM podline.backfill b WHERE b.ended_at < $1
           AND NOT EXISTS (SELECT FROM podline.run r WHERE r.backfill_id = b.id
                              AND r.id NOT IN (${OLD_RUNS}))) AS backfills`;

export interface CleanCounts {
  runs: number;
  outbox: number;
  workers: number;
  backfills: number;
}

export async function countClean(database: Queryable, before: Date): Promise<CleanCounts> {
  const { rows } = await database.query<CleanCounts>(COUNT, [before]);
  return rows[0] ?? { runs: 0, outbox: 0, workers: 0, backfills: 0 };
}

const TAKE = `
SELECT id FROM podline.run WHERE id IN (${OLD_RUNS} ORDER BY r.id LIMIT 100)
 ORDER BY id FOR UPDATE SKIP LOCKED`;

const DELETE = `
WITH instances AS (
  DELETE FROM podline.task_instance WHERE run_id = ANY($1::bigint[]) RETURNING id
), attempts AS (
  DELETE FROM podline.attempt WHERE instance_id IN (SELECT id FROM instances) RETURNING id
), logs AS (
  DELETE FROM podline.log_chunk WHERE attempt_id IN (SELECT id FROM attempts)
), details AS (
  DELETE FROM podline.attempt_detail WHERE attempt_id IN (SELECT id FROM attempts)
), outputs AS (
  DELETE FROM podline.xcom WHERE run_id = ANY($1::bigint[])
), events AS (
  DELETE FROM podline.event WHERE run_id = ANY($1::bigint[])
)
DELETE FROM podline.run WHERE id = ANY($1::bigint[])`;

/** Number of runs deleted; 0 means that none is left. */
export async function cleanRuns(transaction: Transaction, before: Date): Promise<number> {
  const { rows } = await transaction.query<{ id: number }>(TAKE, [before]);
  if (rows.length === 0) return 0;
  await transaction.query(DELETE, [rows.map(({ id }) => id)]);
  return rows.length;
}

const BACKFILLS = `
DELETE FROM podline.backfill b WHERE b.ended_at < $1
   AND NOT EXISTS (SELECT FROM podline.run r WHERE r.backfill_id = b.id)`;

export async function cleanBackfills(database: Queryable, before: Date): Promise<number> {
  return (await database.query(BACKFILLS, [before])).rowCount ?? 0;
}

const OUTBOX = `
DELETE FROM podline.outbox WHERE delivered_at < $1 OR dead_at < $1`;

export async function cleanOutbox(database: Queryable, before: Date): Promise<number> {
  return (await database.query(OUTBOX, [before])).rowCount ?? 0;
}

// Attempts that are not yet gone name their worker: reaping still needs it.
const WORKERS = `
DELETE FROM podline.worker w WHERE w.stopped_at < $1
   AND NOT EXISTS (SELECT FROM podline.attempt a WHERE a.worker_id = w.id AND a.gone_at IS NULL)`;

export async function cleanWorkers(database: Queryable, before: Date): Promise<number> {
  return (await database.query(WORKERS, [before])).rowCount ?? 0;
}
