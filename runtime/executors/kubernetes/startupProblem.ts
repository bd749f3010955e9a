/**
 * What becomes of a pod that does not begin to run (pure): a problem that waiting does not mend ends the attempt
 * at once, an image that cannot be pulled after a grace, anything after the startup timeout. Called by reconcile.ts.
 */
import type { Cause } from '../../../src/model/causes.ts';
import type { PodWaiting, WaitingReason } from '../../pods/podFacts.ts';
import { failed, type PodVerdict } from './podVerdict.ts';

const LATE: Record<WaitingReason, { cause: Cause; says: string }> = {
  scheduling: { cause: 'unschedulable', says: 'No node was chosen for the pod' },
  unschedulable: { cause: 'unschedulable', says: 'No node had room for the pod' },
  image_pull: { cause: 'image_pull', says: 'The image could not be pulled' },
  image_invalid: { cause: 'image_pull', says: 'The image cannot be used' },
  container_config: {
    cause: 'launch_failed',
    says: 'The container lacks something that it refers to',
  },
  init: { cause: 'launch_failed', says: 'The init containers did not end' },
  creating: { cause: 'launch_failed', says: 'The container was not made' },
};

/** Reasons that get the shorter grace: see isStuck. */
export function isStuck(waiting: PodWaiting | null): boolean {
  return waiting?.reason === 'image_pull' || waiting?.reason === 'container_config';
}

export function startupProblem(
  waiting: PodWaiting | null,
  ages: { pod: number | null; stuck: number | null },
  limits: { startup: number; imagePull: number },
): PodVerdict | null {
  const { cause, says } = LATE[waiting?.reason ?? 'creating'];
  const words = waiting !== null && waiting.message !== '' ? `: ${waiting.message}` : '.';
  if (waiting?.reason === 'image_invalid') return failed(cause, says + words);
  if (isStuck(waiting) && (ages.stuck ?? 0) > limits.imagePull) {
    return failed(cause, `${says} within ${limits.imagePull} s${words}`);
  }
  if ((ages.pod ?? 0) > limits.startup) {
    return failed(cause, `${says} within ${limits.startup} s${words}`);
  }
  return null;
}
