/**
 * The heart of the executor (pure): one attempt in our charge beside its pod -> what is to be done now. Asked
 * at every change of either and every second while something may come due; asking twice does no harm. It
 * never decides anything because an API is silent: a pod is `absent` only when the server said so.
 */
import type { PodFacts } from '../../pods/podFacts.ts';
import type { PlanTask } from '../../../src/plan/plan.ts';

import { endOfMissing, endOfPod, failed, type PodVerdict } from './podVerdict.ts';
import { startupProblem } from './startupProblem.ts';

export interface Situation {
  /** The row, as last read: the claim of a worker is not noticed at once. */
  state: 'launching' | 'running' | 'ended';
  /** gone_at is set: nobody waits for this pod any more. */
  gone: boolean;
  direct: boolean;
  /** Null: not in the version that its run is on now. */
  task: PlanTask | null;
  attemptId: number;
  pod: PodFacts | 'unknown' | 'absent';
  /** The last that was seen of a pod that is absent now. */
  last: PodFacts | null;
  /** The row was read after the pod was found absent. */
  rowIsFresh: boolean;
  /** A create waits for its turn, or its answer is not there. */
  creating: boolean;
  /** Pods that were made for this look by this process. */
  created: number;
  /** Seconds, by the clock of this process. Null: not (yet) so. */
  ages: {
    /** Since the pod was there. */
    pod: number | null;
    /** Since an image could not be pulled, or a container lacked something. */
    stuck: number | null;
    running: number | null;
    deleting: number | null;
    /** Since the attempt was over. */
    over: number | null;
  };
  limits: {
    startup: number;
    imagePull: number;
    /** Direct pods; workers keep the time themselves. */
    execution: number | null;
    /** Seconds between TERM and KILL. */
    grace: number;
  };
}

export interface End extends PodVerdict {
  gone: boolean;
}

export type Action =
  | { do: 'create' }
  /** Ask the server for the pod. */
  | { do: 'look' }
  /** Ask the database for the row. */
  | { do: 'read' }
  | { do: 'running' }
  | { do: 'end'; end: End }
  /** `force`: without waiting for a node that does not answer. */
  | { do: 'remove'; force: boolean }
  | { do: 'gone' }
  /** Logs are read, then the pod is deleted or kept. The attempt leaves our charge. */
  | { do: 'clean' }
  | { do: 'forget' };

/** A pod that vanished before its task began is made again so often. */
const MOST_PODS = 3;
/** Seconds beyond its grace after which a pod that does not end is on a node that does not answer. */
export const NODE_PATIENCE = 60;
/** Seconds that a worker gets to leave after it has recorded its end. */
const LEAVE_SECONDS = 30;

export function reconcile(situation: Situation): Action[] {
  const { state, gone, pod } = situation;
  if (state === 'ended') return gone ? settle(situation) : makeGo(situation);
  if (pod === 'absent') return withoutPod(situation);
  if (pod === 'unknown') {
    if (situation.creating) return [];
    // A launching attempt can always be created: a pod that is there turns out to be ours.
    const canCreate = state === 'launching' && situation.task !== null;
    return canCreate ? [{ do: 'create' }] : [{ do: 'look' }];
  }
  return withPod(situation, pod);
}

function withPod(situation: Situation, pod: PodFacts): Action[] {
  const { state, direct, ages, limits } = situation;
  if (isDone(pod, situation)) {
    return [{ do: 'end', end: { ...endOfPod(pod, situation), gone: pod.terminal } }];
  }
  if (pod.deleting) {
    if (mayStillEnd(pod, situation)) return [];
    const message = `The pod ${pod.name} was asked to go and did not end: node ${pod.node ?? '(none)'} does not answer.`;
    return [
      { do: 'end', end: { ...failed('node_lost', message), gone: true } },
      { do: 'remove', force: true },
    ];
  }
  const isRunning = pod.main.state === 'running';
  if (!isRunning) {
    const problem = startupProblem(pod.waiting, ages, limits);
    // Not gone: the pod is there until the server says that it is not.
    return problem ? [{ do: 'end', end: { ...problem, gone: false } }] : [];
  }
  if (!direct) return [];
  const actions: Action[] = state === 'launching' ? [{ do: 'running' }] : [];
  if (limits.execution !== null && (ages.running ?? 0) > limits.execution) {
    const message = `It ran for longer than its execution timeout of ${limits.execution} s.`;
    actions.push({ do: 'end', end: { ...failed('timeout', message), gone: false } });
  }
  return actions;
}

function withoutPod(situation: Situation): Action[] {
  const { last, creating, rowIsFresh, state, created } = situation;
  if (last !== null && isDone(last, situation)) {
    return [{ do: 'end', end: { ...endOfPod(last, situation), gone: true } }];
  }
  if (creating) return [];
  // A worker may have claimed, or reported, since the row was read.
  if (!rowIsFresh) return [{ do: 'read' }];
  if (state === 'launching' && created < MOST_PODS && situation.task !== null) {
    return [{ do: 'create' }];
  }
  return [endMissing(situation)];
}

function endMissing(situation: Situation): Action {
  return { do: 'end', end: { ...endOfMissing(situation), gone: true } };
}

/** The attempt is over and its pod may still be there. */
function makeGo(situation: Situation): Action[] {
  const { pod, creating } = situation;
  if (pod === 'absent') return creating ? [] : [{ do: 'gone' }];
  if (pod === 'unknown') return creating ? [] : [{ do: 'look' }];
  if (pod.terminal) return [{ do: 'gone' }];
  if (!pod.deleting) return [{ do: 'remove', force: false }];
  if (mayStillEnd(pod, situation)) return [];
  return [{ do: 'gone' }, { do: 'remove', force: true }];
}

/** It was asked to go, and its node may only be slow. The template of a cluster may give more time than the task says. */
function mayStillEnd({ graceSeconds = 0 }: PodFacts, { ages, limits }: Situation): boolean {
  return (ages.deleting ?? 0) <= Math.max(limits.grace, graceSeconds) + NODE_PATIENCE;
}

/** Nobody waits for it any more. */
function settle(situation: Situation): Action[] {
  const { pod, creating, ages } = situation;
  if (typeof pod !== 'object') return creating ? [] : [{ do: 'forget' }];
  if (pod.terminal) return [{ do: 'clean' }];
  if (pod.deleting) return [];
  // Without a node there is no worker in it that is about to leave.
  const mayGo = pod.node === null || (ages.over ?? 0) > LEAVE_SECONDS;
  return mayGo ? [{ do: 'remove', force: false }] : [];
}

/** The task has ended. Sidecars may live on, and hand in an output that was written to a file. */
function isDone(pod: PodFacts, { direct, task }: Situation): boolean {
  if (pod.terminal) return true;
  if (pod.main.state !== 'terminated') return false;
  return !direct || task?.config.output !== 'file';
}
