/**
 * Why a run or task instance is where it is, in plain words. Pure: from the rows that readRun and readRunTasks
 * give. Used by `runs show`, `runs watch`, `tasks show`.
 */
import { type Cause, CAUSES, isCause } from '../../src/model/causes.ts';
import { isTerminal, type TaskState } from '../../src/model/states.ts';
import type { Capacity, RunDetails } from '../database/queries/readRun.ts';
import type { InstanceRow, TaskCount } from '../database/queries/readRunTasks.ts';
import { explainPodWait, podPlace } from './explainPod.ts';
import { age, date } from './human.ts';

/** Executors of warm workers are named `pool:NAME`. */
const POOL = 'pool:';

export interface RunSituation {
  run: RunDetails;
  capacity: Capacity;
  /** States of the run's tasks, for what is not yet started. */
  counts: readonly TaskCount[];
}

export function explainRun({
  run,
  capacity,
  counts = [],
}: Omit<RunSituation, 'counts'> & Partial<RunSituation>): string {
  switch (run.state) {
    case 'queued':
      if (run.paused) return 'waits: the DAG is paused';
      if (noScheduler(capacity)) return 'waits: no scheduler is running';
      if (run.backfillId !== null) {
        const { backfillActiveRuns: active, backfillMaxActiveRuns: most } = run;
        return active !== null && most !== null && active >= most
          ? `waits: its backfill has ${active} of ${most} runs at work`
          : '';
      }
      return run.activeRuns >= run.maxActiveRuns
        ? `waits: the DAG has ${run.activeRuns} of ${run.maxActiveRuns} runs at work`
        : '';
    case 'running':
      if (noScheduler(capacity)) return 'stands still: no scheduler is running';
      return run.paused ? 'the DAG is paused: no further task starts' : '';
    case 'failed':
      return run.cause === null ? failedTasks(counts) : causeWords(run.cause);
    case 'success':
      return causeWords(run.cause);
  }
}

function failedTasks(counts: readonly TaskCount[]): string {
  const names = counts.filter(({ state }) => state === 'failed').map(({ taskId }) => taskId);
  if (names.length === 0) return '';
  return `because of ${listed(names, 5)}`;
}

function listed(names: readonly string[], most: number): string {
  const more = names.length > most ? ` and ${names.length - most} more` : '';
  return `${names.slice(0, most).join(', ')}${more}`;
}

export function explainTask(task: InstanceRow, situation: RunSituation): string {
  const { run, capacity } = situation;
  switch (task.state) {
    case 'none':
      if (run.state === 'success' || run.state === 'failed') return '';
      return waitsForUpstream(task, situation);
    case 'scheduled':
      return waitsForPlace(task, run, capacity);
    case 'queued':
      return waitsForExecutor(task.executor, capacity);
    case 'launching':
      return explainPodWait(task.facts, run.now) || 'its process is starting';
    case 'running':
      return task.attempts > 1 ? `attempt ${task.attempts}` : '';
    case 'up_for_retry':
      return `retry ${task.triesUsed} of ${task.maxTries - 1} ${when(task, run)}: ${lastFailure(task)}`;
    case 'up_for_reschedule':
      return `looks again ${when(task, run)}`;
    case 'deferred':
      return task.notBefore === null ? 'waits' : `waits, looks again ${when(task, run)}`;
    case 'failed':
      return task.cause === 'marked' || task.cause === 'cancelled'
        ? causeWords(task.cause)
        : lastFailure(task);
    case 'upstream_failed':
      return failedUpstream(task, situation);
    case 'skipped':
      return task.cause === null ? (task.message ?? '') : causeWords(task.cause);
    case 'success':
      return task.cause === null ? '' : causeWords(task.cause);
    case 'removed':
      return 'no longer part of the DAG';
  }
}

function noScheduler({ schedulers }: Capacity): boolean {
  return schedulers === 0;
}

/** A task that is queued waits for a process that takes it. */
function waitsForExecutor(name: string, capacity: Capacity): string {
  if ((capacity.executors[name] ?? 0) > 0) {
    return name.startsWith(POOL)
      ? `waits for a free worker of the pool ${name.slice(POOL.length)}`
      : `waits for a free slot of the executor ${name}`;
  }
  if (name.startsWith(POOL)) {
    const pool = name.slice(POOL.length);
    return `waits: no worker of the pool ${pool} is running; \`podline worker --pool ${pool}\` starts one`;
  }
  if (noScheduler(capacity)) return 'waits: no scheduler is running';
  if (name === 'kubernetes') return 'waits: no scheduler that runs has a cluster for its pod';
  return name === 'local'
    ? 'waits: every scheduler that runs was started without a local executor'
    : `waits: no process with the executor ${name} is running`;
}

function waitsForUpstream(task: InstanceRow, { run, counts }: RunSituation): string {
  const open = new Map<string, TaskState>();
  for (const { taskId, state } of counts) {
    if (task.upstream?.includes(taskId) && !isTerminal(state)) open.set(taskId, state);
  }
  if (open.size > 0) {
    const names = [...open].map(([id, state]) => (state === 'none' ? id : `${id} (${state})`));
    return `waits for ${listed(names, 5)}`;
  }
  if (run.state === 'queued') return 'waits for the run to start';
  return task.dependsOnPast ? 'waits for the same task of the run before' : '';
}

function waitsForPlace(task: InstanceRow, run: RunDetails, capacity: Capacity): string {
  const pool = capacity.pools[task.pool];
  if (run.paused) return 'waits: the DAG is paused';
  if (noScheduler(capacity)) return 'waits: no scheduler is running';
  if (!pool) return `waits: there is no pool ${task.pool}`;
  if (pool.slots < task.poolSlots) {
    return `waits: it needs ${task.poolSlots} slots, the pool ${task.pool} has ${pool.slots}`;
  }
  if (pool.used + task.poolSlots > pool.slots) {
    return `waits: the pool ${task.pool} is full (${pool.used} of ${pool.slots} slots)`;
  }
  if (run.activeTasks >= run.maxActiveTasks) {
    return `waits: the DAG has ${run.activeTasks} of ${run.maxActiveTasks} tasks at work`;
  }
  if (task.atWork) {
    const pod = podPlace(task.facts)?.pod;
    const what = pod === undefined ? 'process' : `pod ${pod}`;
    return `waits: the ${what} of its former attempt is still being stopped`;
  }
  if (task.capDag !== null) return `waits: at most ${task.capDag} of this task at a time`;
  if (task.capRun !== null) return `waits: at most ${task.capRun} of this task in a run`;
  return 'waits for its turn';
}

function failedUpstream(task: InstanceRow, { counts }: RunSituation): string {
  const failed = counts.filter(
    ({ taskId, state }) =>
      task.upstream?.includes(taskId) && (state === 'failed' || state === 'upstream_failed'),
  );
  const names = [...new Set(failed.map(({ taskId }) => taskId))];
  return names.length === 0 ? '' : `because of ${listed(names, 5)}`;
}

/** What went wrong with the last attempt: the message when it says more than the cause. */
export function lastFailure(task: {
  cause: string | null;
  attemptCause: string | null;
  exitCode: number | null;
  message: string | null;
}): string {
  const cause = task.attemptCause ?? task.cause;
  if (task.message !== null && task.message !== '') return task.message;
  if (cause === 'exit_code' && task.exitCode !== null) return `exit code ${task.exitCode}`;
  return causeWords(cause);
}

export function causeWords(cause: string | null): string {
  if (cause === null) return '';
  return isCause(cause) ? CAUSES[cause satisfies Cause].says : cause;
}

function when(task: InstanceRow, run: RunDetails): string {
  if (task.notBefore === null) return 'soon';
  return `${age(task.notBefore, run.now)} (${date(task.notBefore)})`;
}
