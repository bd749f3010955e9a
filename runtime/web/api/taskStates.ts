/** States of tasks in short: which of a mapped task's instances matters most, and how many are in which. Pure. */
import type { TaskState } from '../../../src/model/states.ts';

/** What people want to hear of first. */
const BY_WEIGHT: readonly TaskState[] = [
  ...(['failed', 'upstream_failed', 'up_for_retry', 'running', 'launching', 'queued'] as const),
  ...(['scheduled', 'up_for_reschedule', 'deferred', 'none', 'success', 'skipped'] as const),
  'removed',
];

const WEIGHT = new Map(BY_WEIGHT.map((state, place) => [state, place]));

export function weightiest(states: Iterable<TaskState>): TaskState {
  let found: TaskState = 'removed';
  for (const state of states) {
    if ((WEIGHT.get(state) ?? 99) < (WEIGHT.get(found) ?? 99)) found = state;
  }
  return found;
}

export function countsOf(
  rows: Iterable<{ state: TaskState; count: number }>,
): Partial<Record<TaskState, number>> {
  const counts: Partial<Record<TaskState, number>> = {};
  for (const { state, count } of rows) counts[state] = (counts[state] ?? 0) + count;
  return counts;
}
