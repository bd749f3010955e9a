/**
 * The hand-over from the database to a worker: what report.claim returns, and what report.finish
 * takes back. Versioned with the migrations; pods, the local executor and pool workers share it.
 */
import type { Cause } from '../../src/model/causes.ts';
import type { Json, JsonObject, PlanTask } from '../../src/plan/plan.ts';

export interface Assignment {
  attempt: { id: number; number: number; try: number; maxTries: number; look: number };
  instance: { id: number; mapIndex: number; firstLookAt: string };
  run: {
    id: number;
    dagId: string;
    runId: string;
    kind: 'scheduled' | 'manual' | 'backfill';
    logicalDate: string | null;
    intervalStart: string | null;
    intervalEnd: string | null;
    startedAt: string | null;
    params: JsonObject;
  };
  /** Time of the database at the claim. */
  now: string;
  timezone: string;
  task: PlanTask;
  bundleId: string | null;
  /** W3C Trace Context of the attempt; null where traces are off. */
  traceparent: string | null;
  xcoms: { task: string; key: string; mapIndex: number; value: Json }[];
  variables: Record<string, Json>;
}

/** How an attempt (or one look of a sensor, `waiting`) ended. */
export interface Outcome {
  state: 'success' | 'failed' | 'skipped' | 'waiting';
  cause?: Cause;
  exitCode?: number;
  message?: string;
  /** branch: the task ids to follow; short circuit: whether to go on. */
  choice?: string[] | boolean;
  /** waiting: seconds until the next look. */
  delay?: number;
  xcom?: Json;
  /** Length of `xcom` when it is an array or object: mapped tasks downstream expand by it. */
  mapLength?: number;
  /** Code of the task did not heed its stop and may still run: the attempt is gone when its process is. */
  left?: boolean;
}

export type FinishReply = 'recorded' | 'duplicate' | 'stale';
