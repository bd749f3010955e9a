/**
 * What is known about one launch of an attempt as a pod: read by the kubernetes executor in one query for
 * many, handed to the pure builders of pods (taskPod.ts, directPod.ts).
 */
import type { PlanTask } from '../../src/plan/plan.ts';
import type { Assignment } from '../worker/assignment.ts';

export interface PodLaunch {
  attemptId: number;
  /** Sensors: times that a worker looked. Each look has a pod of its own. */
  look: number;
  /** Number of the attempt in its task instance. */
  number: number;
  /** For people: scheduled__2026-01-01T00:00:00Z. */
  runId: string;
  dagId: string;
  taskId: string;
  mapIndex: number;
  /** The launch token follows from it (runtime/database/roles.ts). */
  nonce: Buffer;
  task: PlanTask;
  /** Direct pods only: nobody claims them. */
  assignment: Assignment | null;
}
