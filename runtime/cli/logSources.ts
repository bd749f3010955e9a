/** Whose texts a log has: the task's, and those of other containers of its pod. Used by both forms of installation.ts and by tasks/. */

/** What the worker or the main container wrote. */
export const TASK_SOURCE = 'task';
/** Container of the task in pods. */
export const MAIN = 'main';

/** Whose texts are wanted where one container was asked for; null: all. */
export function sourcesOf(container: string | undefined): string[] | null {
  if (container === undefined) return null;
  // A direct pod's main container is the task; of a worker's, only what it said when it died is stored.
  return container === MAIN ? [TASK_SOURCE, MAIN] : [container];
}
