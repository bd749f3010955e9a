/**
 * One run for people, with what decides whether it and its tasks may go on: pause, limits, pools, live
 * executors. explain.ts turns it into words. By primary keys and the unique index on (dag_id, run_id).
 */
import type { RunState } from '../../../src/model/states.ts';
import type { JsonObject } from '../../../src/plan/plan.ts';
import type { Queryable } from '../pool.ts';

const RUN = `
SELECT r.id, r.dag_id AS "dagId", r.run_id AS "runId", r.kind, r.state, r.cause, r.note, r.params,
       r.logical_date AS "logicalDate", r.interval_start AS "intervalStart", r.interval_end AS "intervalEnd",
       r.created_at AS "createdAt", r.started_at AS "startedAt", r.ended_at AS "endedAt",
       r.version_id AS "versionId", v.number AS version, d.version_id AS "currentVersionId", r.backfill_id AS "backfillId",
       d.paused, d.max_active_runs AS "maxActiveRuns", d.max_active_tasks AS "maxActiveTasks",
       l.active_runs AS "activeRuns", l.active_tasks AS "activeTasks",
       b.active_runs AS "backfillActiveRuns", b.max_active_runs AS "backfillMaxActiveRuns",
       CASE WHEN (SELECT i.tracing FROM podline.installation i)
            THEN substr(podline.run_trace(r.id, greatest(0, r.ends - (r.ended_at IS NOT NULL)::int)), 1, 32) END AS "traceId",
       podline.now() AS now
  FROM podline.run r
  JOIN podline.dag d ON d.dag_id = r.dag_id
  JOIN podline.dag_version v ON v.id = r.version_id
  LEFT JOIN podline.dag_load l ON l.dag_id = r.dag_id
  LEFT JOIN podline.backfill b ON b.id = r.backfill_id
 WHERE r.dag_id = $1 AND r.run_id = $2`;

export interface RunDetails {
  id: number;
  dagId: string;
  runId: string;
  kind: string;
  state: RunState;
  cause: string | null;
  note: string | null;
  params: JsonObject;
  logicalDate: Date | null;
  intervalStart: Date | null;
  intervalEnd: Date | null;
  createdAt: Date;
  startedAt: Date | null;
  endedAt: Date | null;
  versionId: number;
  version: number;
  currentVersionId: number;
  backfillId: number | null;
  paused: boolean;
  maxActiveRuns: number;
  maxActiveTasks: number;
  activeRuns: number;
  activeTasks: number;
  backfillActiveRuns: number | null;
  backfillMaxActiveRuns: number | null;
  /** Of the life that it is in, or ended with; null where traces are off. */
  traceId: string | null;
  now: Date;
}

export async function readRun(
  database: Queryable,
  dagId: string,
  runId: string,
): Promise<RunDetails | undefined> {
  const { rows } = await database.query<RunDetails>(RUN, [dagId, runId]);
  return rows[0];
}

// A worker beats every 3 s.
const CAPACITY = `
SELECT (SELECT coalesce(jsonb_object_agg(name, jsonb_build_object('slots', slots, 'used', used)), '{}')
          FROM podline.pool) AS pools,
       (SELECT coalesce(jsonb_object_agg(executor, slots), '{}') FROM (
          SELECT e.executor, sum(w.slots) AS slots
            FROM podline.worker w CROSS JOIN unnest(w.executors) AS e(executor)
           WHERE w.stopped_at IS NULL AND w.heartbeat_at > clock_timestamp() - interval '10 seconds'
           GROUP BY e.executor) alive) AS executors,
       (SELECT count(*)::int FROM podline.worker w
         WHERE w.stopped_at IS NULL AND w.heartbeat_at > clock_timestamp() - interval '10 seconds'
           AND w.kind = 'scheduler') AS schedulers`;

export interface Capacity {
  pools: Record<string, { slots: number; used: number }>;
  /** Slots of live processes by executor; an executor that is missing has none. */
  executors: Record<string, number>;
  /** Live processes that decide; a pool worker is none. */
  schedulers: number;
}

export async function readCapacity(database: Queryable): Promise<Capacity> {
  const { rows } = await database.query<Capacity>(CAPACITY);
  return rows[0] ?? { pools: {}, executors: {}, schedulers: 0 };
}
