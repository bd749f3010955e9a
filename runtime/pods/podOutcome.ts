/**
 * How an attempt in a direct pod ended, told from the last facts about its pod (pure). Called by the
 * kubernetes executor for a terminal pod; a worker in a pod reports its outcome itself.
 */
import type { PlanTask } from '../../src/plan/plan.ts';
import type { Outcome } from '../worker/assignment.ts';
import type { PodFacts } from './podFacts.ts';

export function outcomeOfPod(pod: PodFacts, task: PlanTask): Outcome {
  throw new Error(`not there yet: ${pod.name} ${task.id}`);
}
