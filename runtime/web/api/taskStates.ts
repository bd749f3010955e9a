/** How many instances of a task are in which state. Pure. */
import type { TaskState } from '../../../src/model/states.ts';

export function countsOf(
  rows: Iterable<{ state: TaskState; count: number }>,
): Partial<Record<TaskState, number>> {
  const counts: Partial<Record<TaskState, number>> = {};
  for (const { state, count } of rows) counts[state] = (counts[state] ?? 0) + count;
  return counts;
}
