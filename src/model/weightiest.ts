/** Of the states of several task instances, the one that people want to hear of first. Pure; used by the API and the pages. */
import type { TaskState } from './states.ts';

const BY_WEIGHT: readonly TaskState[] = [
  ...(['failed', 'upstream_failed', 'up_for_retry', 'running', 'launching', 'queued'] as const),
  ...(['scheduled', 'up_for_reschedule', 'deferred', 'none', 'success', 'skipped'] as const),
  'removed',
];

const WEIGHT = new Map<string | undefined, number>(BY_WEIGHT.map((state, place) => [state, place]));

/** Undefined: none of them is known. */
export function weightiest(states: Iterable<string | undefined>): TaskState | undefined {
  let most = BY_WEIGHT.length;
  for (const state of states) most = Math.min(most, WEIGHT.get(state) ?? most);
  return BY_WEIGHT[most];
}
