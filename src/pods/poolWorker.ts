/**
 * What a pod of warm workers is started with, wherever it comes from: `podline worker --manifest` or the component
 * WorkerPool. Pure.
 */

/** Beyond the drain: 2 s between TERM and KILL of a task, and its last report. */
const MARGIN_SECONDS = 15;

export function poolWorkerArgs(pool: string, slots: number): string[] {
  return ['worker', '--pool', pool, '--slots', String(slots)];
}

/** Grace period of a pod whose tasks get `drainSeconds` to end. */
export function poolGraceSeconds(drainSeconds: number): number {
  return drainSeconds + MARGIN_SECONDS;
}

/** Plain words for what is wrong with the name of a pool of workers; undefined when tasks can choose it. */
export function poolNameProblem(pool: string): string | undefined {
  if (/^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/.test(pool)) return undefined;
  return `"${pool.slice(0, 80)}" is no pool: use at most 63 letters, digits, "_", "." and "-", a letter or digit first`;
}
