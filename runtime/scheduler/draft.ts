/**
 * The notebook of one decision: every change of an instance goes through `change`, so that memory,
 * counts, the list of moves, callbacks and the set of tasks to look at next never disagree.
 */
import { isTerminal, type TaskState } from '../../src/model/states.ts';
import type { CallbackEvent } from '../../src/plan/plan.ts';
import type { Decision, Move } from './decision.ts';
import { type Instance, type LiveRun, setState } from './liveRun.ts';
import { descendants } from './planGraph.ts';
import { TaskQueue } from './taskQueue.ts';

export interface Draft {
  live: LiveRun;
  decision: Decision;
  /** Positions of tasks whose upstream changed. */
  dirty: TaskQueue;
  /** A task of a fail-fast DAG failed: the rest of the run ends. */
  failedFast: boolean;
}

export function newDraft(live: LiveRun): Draft {
  return {
    live,
    decision: { moves: [], inserts: [], kills: [], callbacks: [], wakesNextRun: false },
    dirty: new TaskQueue(),
    failedFast: false,
  };
}

export function change(
  draft: Draft,
  task: number,
  instance: Instance,
  move: Omit<Move, 'id'>,
  message?: string,
): void {
  const { live, decision } = draft;
  const { to } = move;
  setState(live, task, instance, to);
  if (move.triesUsed !== undefined) instance.triesUsed = move.triesUsed;
  if (move.infraUsed !== undefined) instance.infraUsed = move.infraUsed;
  if (move.maxTries !== undefined) instance.maxTries = move.maxTries;
  if (move.mapIndex !== undefined) instance.mapIndex = move.mapIndex;
  if (move.choice !== undefined || move.reset) instance.choice = move.choice ?? null;
  if (move.mapLength !== undefined || move.reset) instance.mapLength = move.mapLength ?? null;
  if (to !== 'up_for_reschedule' && to !== 'scheduled') instance.attemptId = null;
  // A new instance is written with the state it ends up in.
  if (instance.id > 0) {
    decision.moves.push({ id: instance.id, mapIndex: instance.mapIndex, ...move });
  } else {
    instance.first = move;
  }

  const spec = live.graph.tasks[task];
  if (to === 'failed' && live.graph.plan.failFast && spec?.teardownOf === undefined) {
    draft.failedFast = true;
  }
  if (isTerminal(to)) {
    for (const next of live.graph.downstream[task] ?? []) draft.dirty.add(next);
    for (const next of live.graph.watchers[task] ?? []) draft.dirty.add(next);
    if (spec?.flow === 'short_circuit' && instance.choice === false) {
      for (const below of descendants(live.graph, [task])) draft.dirty.add(below);
    }
    if (spec?.dependsOnPast && (to === 'success' || to === 'skipped')) decision.wakesNextRun = true;
  }
  const event = CALLBACK_OF[to];
  if (event) {
    for (const target of spec?.callbacks[event] ?? []) {
      decision.callbacks.push({ event, target, instance, cause: move.cause, message });
    }
  }
}

const CALLBACK_OF: Partial<Record<TaskState, CallbackEvent>> = {
  success: 'success',
  failed: 'failure',
  up_for_retry: 'retry',
  skipped: 'skip',
};

/** Ends an open instance, and the attempt it may have. */
export function end(
  draft: Draft,
  task: number,
  instance: Instance,
  to: 'success' | 'failed' | 'skipped',
  cause: Move['cause'],
): void {
  if (isTerminal(instance.state)) return;
  if (instance.id > 0 && cause) draft.decision.kills.push({ instanceId: instance.id, cause });
  change(draft, task, instance, { expect: 'any', to, cause });
}

/** In memory too: a clear that came in the same moment must know that the run is over. */
export function endRun(draft: Draft, state: 'success' | 'failed', cause?: Move['cause']): void {
  draft.decision.run = { state, cause };
  draft.live.run.state = state;
}

/** A removed instance is wanted again. */
export function revive(draft: Draft, task: number, instance: Instance): void {
  const maxTries = 1 + (draft.live.graph.tasks[task]?.retries.max ?? 0);
  const move = { to: 'none' as const, triesUsed: 0, infraUsed: 0, maxTries, reset: true };
  change(draft, task, instance, { expect: 'any', ...move });
  draft.dirty.add(task);
}
