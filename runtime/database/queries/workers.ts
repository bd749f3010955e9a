/**
 * The processes that start attempts: they register, beat, and are found dead. A worker is lost when its
 * session lock is gone and it has been silent for 5 s (a killed process drops its connection at once), or
 * when it was silent for 30 s. Real time, never the virtual clock: this is about processes. Who finds
 * others dead must have seen the database all that time itself (scheduler/loop.ts).
 */
import type { Queryable } from '../pool.ts';

/** First key of the session advisory locks that live workers hold. */
export const WORKER_LOCK = 7407;

/** How long a worker may be silent: in any case, and when its session lock is gone. */
export interface WorkerLimits {
  silentSeconds: number;
  unlockedSeconds: number;
}

export const WORKER_LIMITS: WorkerLimits = { silentSeconds: 30, unlockedSeconds: 5 };

export interface WorkerFacts {
  id: string;
  kind: 'scheduler' | 'pool';
  host: string;
  pid: number;
  lockKey: number;
  executors: string[];
  slots: number;
  version: string;
}

export async function registerWorker(database: Queryable, worker: WorkerFacts): Promise<void> {
  await database.query(
    `INSERT INTO podline.worker (id, kind, host, pid, lock_key, executors, slots, version)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      worker.id,
      worker.kind,
      worker.host,
      worker.pid,
      worker.lockKey,
      worker.executors,
      worker.slots,
      worker.version,
    ],
  );
}

const BEAT = `
WITH beat AS (
  UPDATE podline.worker SET heartbeat_at = clock_timestamp() WHERE id = $1 AND stopped_at IS NULL RETURNING 1
)
SELECT EXISTS (SELECT FROM beat) AS alive,
       ARRAY(SELECT a.id FROM podline.attempt a
              WHERE a.worker_id = $1 AND a.gone_at IS NULL AND a.state NOT IN ('launching', 'running')) AS unwanted,
       ARRAY(SELECT a.id FROM podline.attempt a
              WHERE a.worker_id = $1 AND a.gone_at IS NULL AND a.state IN ('launching', 'running')) AS expected`;

export interface Beat {
  /** False: others took this worker for dead. */
  alive: boolean;
  /** Attempts whose processes must go. */
  unwanted: number[];
  /** Attempts that this worker has, as far as the database knows. */
  expected: number[];
  /** Pool workers: work of their pool is queued. */
  waiting?: boolean;
}

export async function beat(database: Queryable, workerId: string): Promise<Beat> {
  type Ids = (number | string)[];
  const { rows } = await database.query<{ alive: boolean; unwanted: Ids; expected: Ids }>({
    name: 'worker_beat',
    text: BEAT,
    values: [workerId],
  });
  return {
    alive: rows[0]?.alive ?? false,
    unwanted: (rows[0]?.unwanted ?? []).map(Number),
    expected: (rows[0]?.expected ?? []).map(Number),
  };
}

const GONE = `
WITH gone AS (
  UPDATE podline.attempt SET gone_at = coalesce(gone_at, podline.now())
   WHERE id = ANY($1::bigint[]) AND state || '' NOT IN ('launching', 'running')
  RETURNING run_id, instance_id
)
SELECT podline.put_event(w.run_id, NULL, NULL, 'changed')
  FROM (SELECT DISTINCT g.run_id FROM gone g JOIN podline.task_instance t ON t.id = g.instance_id
         WHERE t.state || '' = 'scheduled') w`;

/** The executor saw that no process of these attempts is left; one that lives (again) keeps its process. Wakes instances that waited for that. */
export async function markGone(database: Queryable, attemptIds: number[]): Promise<void> {
  await database.query({
    name: 'mark_gone',
    text: GONE,
    values: [attemptIds],
  });
}

const END = `
WITH ended AS (
  UPDATE podline.attempt a
     SET state = 'failed', cause = x.cause, message = x.message, ended_at = podline.now(), gone_at = podline.now(),
         token_hash = NULL, lease_until = NULL
    FROM unnest($1::bigint[], $2::text[], $3::text[]) AS x(id, cause, message)
   WHERE a.id = x.id AND a.state IN ('launching', 'running')
  RETURNING a.id, a.run_id, a.instance_id
)
SELECT count(podline.put_event(run_id, instance_id, id, 'ended'))::int AS ended FROM ended`;

/** Ends attempts whose process died without a report. A report that came first wins. */
export async function endAttempts(
  database: Queryable,
  ends: { attemptId: number; cause: string; message: string }[],
): Promise<number> {
  const { rows } = await database.query<{ ended: number }>({
    name: 'end_attempts',
    text: END,
    values: [
      ends.map(({ attemptId }) => attemptId),
      ends.map(({ cause }) => cause),
      ends.map(({ message }) => message),
    ],
  });
  return rows[0]?.ended ?? 0;
}

const REAP = `
WITH lost AS (
  UPDATE podline.worker w SET stopped_at = clock_timestamp()
   WHERE w.stopped_at IS NULL
     AND (w.heartbeat_at < clock_timestamp() - make_interval(secs => $1)
          OR (w.heartbeat_at < clock_timestamp() - make_interval(secs => $2)
              AND NOT EXISTS (SELECT FROM pg_locks l
                               WHERE l.locktype = 'advisory' AND l.granted AND l.classid = ${WORKER_LOCK}
                                 AND l.objid = w.lock_key::bigint::oid
                                 AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()))))
  RETURNING w.id
), ended AS (
  UPDATE podline.attempt a
     SET state = 'failed', cause = CASE WHEN a.state = 'launching' THEN 'launch_lost' ELSE 'worker_lost' END,
         message = 'the worker ' || a.worker_id || ' is gone',
         ended_at = podline.now(), gone_at = podline.now(), token_hash = NULL, lease_until = NULL
    FROM podline.worker w
   WHERE a.worker_id = w.id AND a.gone_at IS NULL AND a.state IN ('launching', 'running') AND a.executor <> 'kubernetes'
     AND (w.id IN (SELECT id FROM lost)
          -- left in order, but not all of its work was over
          OR w.stopped_at BETWEEN clock_timestamp() - interval '1 day' AND clock_timestamp() - interval '2 seconds')
  RETURNING a.id, a.run_id, a.instance_id
), gone AS (
  -- Also of workers that left: an instance waits for the end of every former attempt before the next.
  UPDATE podline.attempt a SET gone_at = podline.now()
    FROM podline.worker w
   WHERE a.worker_id = w.id AND a.gone_at IS NULL AND a.state NOT IN ('launching', 'running') AND a.executor <> 'kubernetes'
     AND (w.id IN (SELECT id FROM lost)
          OR w.stopped_at BETWEEN clock_timestamp() - interval '1 day' AND clock_timestamp() - interval '2 seconds')
)
SELECT (SELECT count(*)::int FROM lost) AS lost,
       (SELECT count(podline.put_event(run_id, instance_id, id, 'ended'))::int FROM ended) AS ended`;

/**
 * Finds dead workers and ends what they were at. Run by every scheduler every few seconds. Not pods: they run on,
 * and another process with that executor takes them over (pods/adoptAttempts.ts).
 */
export async function reapWorkers(
  database: Queryable,
  limits: WorkerLimits = WORKER_LIMITS,
): Promise<{ lost: number; ended: number }> {
  const { rows } = await database.query<{ lost: number; ended: number }>({
    name: 'reap_workers',
    text: REAP,
    values: [limits.silentSeconds, limits.unlockedSeconds],
  });
  return rows[0] ?? { lost: 0, ended: 0 };
}

/** A worker that leaves in order. What it still had comes back through reapWorkers. */
export async function unregisterWorker(database: Queryable, workerId: string): Promise<void> {
  await database.query(
    'UPDATE podline.worker SET stopped_at = clock_timestamp() WHERE id = $1 AND stopped_at IS NULL',
    [workerId],
  );
}
