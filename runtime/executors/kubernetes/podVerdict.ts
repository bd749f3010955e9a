/**
 * How an attempt ended, told by its pod (pure). Pods of workers: the digest that the worker left counts, else the
 * pod's own failure; an exit code of a worker says nothing about the task. Direct pods: podOutcome.ts. The
 * database takes it only when the worker has not reported itself. Called by reconcile.ts.
 */
import type { Cause } from '../../../src/model/causes.ts';
import type { PlanTask } from '../../../src/plan/plan.ts';
import type { PodFacts } from '../../pods/podFacts.ts';
import { outcomeOfPod } from '../../pods/podOutcome.ts';
import type { Outcome } from '../../worker/assignment.ts';
import { outcomeOfTermination, readTermination } from '../../worker/terminationMessage.ts';

export interface PodVerdict {
  outcome: Outcome;
  /** Words of the task itself, not a guess about a lost process. */
  reported: boolean;
  ranSeconds?: number;
}

export function failed(cause: Cause, message: string, exitCode?: number): PodVerdict {
  const outcome: Outcome = { state: 'failed', cause, message };
  if (exitCode !== undefined) outcome.exitCode = exitCode;
  return { outcome, reported: false };
}

interface Subject {
  attemptId: number;
  direct: boolean;
  task: PlanTask | null;
}

/** Exit codes of a worker (runtime/worker/once.ts). */
const REFUSED = 5;
/** What a pod says about its process alone: for a worker it means that the worker is lost. */
const OF_PROCESS = new Set<Cause>(['exit_code', 'signal', 'error']);
/** What is nobody's wish and no fault of the task, even where its process ended in order. */
const OF_CLUSTER = new Set<Cause>(['evicted', 'preempted', 'node_lost', 'oom']);

export function endOfPod(pod: PodFacts, subject: Subject): PodVerdict {
  return subject.direct ? endOfDirect(pod, subject) : endOfWorker(pod, subject);
}

function endOfDirect(pod: PodFacts, { task }: Subject): PodVerdict {
  const ranSeconds = secondsOf(pod);
  if (task === null) {
    const message = `Its task is not in the plan any more; the pod ended with ${pod.main.exitCode ?? pod.phase}.`;
    return { ...failed('launch_failed', message), ranSeconds };
  }
  return { outcome: outcomeOfPod(pod, task), reported: true, ranSeconds };
}

function endOfWorker(pod: PodFacts, { attemptId }: Subject): PodVerdict {
  const digest = readTermination(pod.main.message);
  if (digest?.attempt === attemptId) {
    const outcome = outcomeOfTermination(digest);
    if (outcome) {
      const why = outcome.cause === 'interrupted' ? interruptionOf(pod) : null;
      return { outcome: why ? { ...outcome, ...why } : outcome, reported: true };
    }
    if (digest.report === 'unclaimed') {
      return failed('launch_lost', digest.message ?? 'The worker could not claim the attempt.');
    }
  }
  const { failure } = pod;
  if (failure && !OF_PROCESS.has(failure.cause)) {
    return failed(failure.cause, failure.message, failure.exitCode);
  }
  if (pod.deleting) return deleted(pod);
  const exitCode = failure?.exitCode ?? pod.main.exitCode;
  if (exitCode === REFUSED) {
    return failed('launch_lost', 'The claim of the worker was refused.', exitCode);
  }
  if (exitCode === 0) {
    const message =
      'The container ended without a report: does its image have the runtime of Podline?';
    return failed('worker_lost', message, exitCode);
  }
  return failed('worker_lost', failure?.message ?? 'The worker ended without a report.', exitCode);
}

/** The server says that there is no pod. */
export function endOfMissing(situation: {
  task: PlanTask | null;
  last: PodFacts | null;
}): PodVerdict {
  const { task, last } = situation;
  if (task === null)
    return failed('launch_failed', 'Its task is not in the plan of its run any more.');
  const why = last?.failure ?? last?.disruption;
  if (why && OF_CLUSTER.has(why.cause)) return failed(why.cause, why.message, why.exitCode);
  return last ? deleted(last) : failed('pod_deleted', 'The pod was deleted.');
}

/** A worker that was asked to stop does not know why. Its pod does; `vanished`: the server has it no more. */
export function interruptionOf(
  pod: PodFacts,
  vanished = false,
): { cause: Cause; message: string } | null {
  const { disruption } = pod;
  // A deletion by force leaves no trace in the last that is told of a pod.
  const isTaken = vanished && disruption === undefined && !pod.terminal;
  if (isTaken || disruption?.cause === 'pod_deleted')
    return { cause: 'pod_deleted', message: whoDeleted(pod) };
  if (!disruption || !OF_CLUSTER.has(disruption.cause)) return null;
  const { cause, message } = disruption;
  return { cause, message: `The worker was asked to stop: ${message}.` };
}

function deleted(pod: PodFacts): PodVerdict {
  return failed('pod_deleted', whoDeleted(pod), pod.main.exitCode);
}

function whoDeleted(pod: PodFacts): string {
  const at = pod.node === null ? '' : ` on node ${pod.node}`;
  return `The pod ${pod.name}${at} was deleted.`;
}

function secondsOf({ main }: PodFacts): number {
  const seconds = (Date.parse(main.endedAt ?? '') - Date.parse(main.startedAt ?? '')) / 1000;
  return Number.isFinite(seconds) && seconds > 0 ? seconds : 0;
}
