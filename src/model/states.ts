/**
 * States of tasks, attempts and runs, and the one table of legal moves between task states.
 * Used by the scheduler, by the SQL trigger that refuses illegal moves (a test keeps both equal)
 * and by docs/states.md. The words are Airflow's, plus `launching`.
 *
 *   none -> scheduled -> queued -> launching -> running -> success | failed | skipped
 *              ^                                  |-> up_for_retry / up_for_reschedule -+
 *              |----------------------------------------------------------------------- +
 */

export const TASK_STATES = [
  'none',
  'scheduled',
  'queued',
  'launching',
  'running',
  'success',
  'failed',
  'skipped',
  'upstream_failed',
  'up_for_retry',
  'up_for_reschedule',
  'deferred',
  'removed',
] as const;
export type TaskState = (typeof TASK_STATES)[number];

export const TERMINAL_TASK_STATES = [
  'success',
  'failed',
  'skipped',
  'upstream_failed',
  'removed',
] as const satisfies readonly TaskState[];

export const RUN_STATES = ['queued', 'running', 'success', 'failed'] as const;
export type RunState = (typeof RUN_STATES)[number];

/** States of one attempt. `waiting` is a sensor between two looks: no process exists. */
export const ATTEMPT_STATES = [
  'launching',
  'running',
  'waiting',
  'success',
  'failed',
  'skipped',
] as const;
export type AttemptState = (typeof ATTEMPT_STATES)[number];

const TERMINAL = new Set<TaskState>(TERMINAL_TASK_STATES);

export function isTerminal(state: TaskState): boolean {
  return TERMINAL.has(state);
}

/** States in which nobody was handed a task instance that is still to be started: its priority and pool may change. */
export const MOVABLE_STATES = [
  'none',
  'scheduled',
  'queued',
  'up_for_retry',
  'up_for_reschedule',
] as const satisfies readonly TaskState[];

/** States in which a task instance holds its pool slots and counts against limits. */
export const SLOT_STATES = [
  'queued',
  'launching',
  'running',
] as const satisfies readonly TaskState[];

const SLOTS = new Set<TaskState>(SLOT_STATES);

export function holdsSlot(state: TaskState): boolean {
  return SLOTS.has(state);
}

/**
 * Legal moves. Marking by a person may end any state (`success`, `failed`), clearing returns any
 * state to `none`; both are listed so that the trigger in the database needs no exception.
 */
export const TASK_TRANSITIONS: Readonly<Record<TaskState, readonly TaskState[]>> = {
  none: ['scheduled', 'deferred', 'success', 'failed', 'skipped', 'upstream_failed', 'removed'],
  scheduled: ['queued', 'deferred', 'none', 'success', 'failed', 'skipped', 'removed'],
  queued: ['launching', 'scheduled', 'none', 'success', 'failed', 'skipped', 'removed'],
  launching: ['running', 'scheduled', 'up_for_retry', 'none', 'success', 'failed', 'skipped'],
  running: ['success', 'failed', 'skipped', 'up_for_retry', 'up_for_reschedule', 'none'],
  up_for_retry: ['scheduled', 'none', 'success', 'failed', 'skipped'],
  up_for_reschedule: ['scheduled', 'none', 'success', 'failed', 'skipped'],
  deferred: ['scheduled', 'none', 'success', 'failed', 'skipped'],
  success: ['none', 'failed'],
  failed: ['none', 'success'],
  skipped: ['none', 'success', 'failed'],
  upstream_failed: ['none', 'success', 'failed'],
  removed: ['none', 'success', 'failed'],
};

export function canMove(from: TaskState, to: TaskState): boolean {
  return TASK_TRANSITIONS[from].includes(to);
}
