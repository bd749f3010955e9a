/**
 * Why a pod did not succeed: the cause that is recorded on the attempt, and the words for people (pure). Part of
 * podFacts.ts. The exit of the main container counts first, then what the cluster did to the pod.
 */
import os from 'node:os';
import type { Cause } from '../../src/model/causes.ts';
import type { ContainerFacts, PodFacts, PodFailure } from './podFacts.ts';
import { condition, type PodJson } from './podJson.ts';

/** `status.reason` of a pod. OutOfcpu, OutOfmemory and the like are matched by their beginning. */
const POD_REASONS: Record<string, Cause> = {
  Evicted: 'evicted',
  Preempting: 'preempted',
  Preempted: 'preempted',
  NodeLost: 'node_lost',
  NodeShutdown: 'evicted',
  Shutdown: 'evicted',
  Terminated: 'evicted',
  DeadlineExceeded: 'timeout',
  UnexpectedAdmissionError: 'launch_failed',
  NodeAffinity: 'launch_failed',
  NodePorts: 'launch_failed',
  NodeName: 'launch_failed',
  TaintToleration: 'launch_failed',
  TopologyAffinityError: 'unschedulable',
  // The node's kubelet cannot run such a pod at all: the pod must change.
  SysctlForbidden: 'admission',
  AppArmor: 'admission',
  PodOSNotSupported: 'admission',
  PodOSSelectorNodeLabelDoesNotMatch: 'admission',
  InvalidNodeInfo: 'launch_failed',
};

const DISRUPTIONS: Record<string, { cause: Cause; says: string }> = {
  PreemptionByScheduler: {
    cause: 'preempted',
    says: 'it made room for a pod of a higher priority',
  },
  DeletionByTaintManager: {
    cause: 'node_lost',
    says: 'its node got a taint that it does not bear',
  },
  EvictionByEvictionAPI: { cause: 'evicted', says: 'it was evicted, as by a drain of its node' },
  DeletionByPodGC: { cause: 'node_lost', says: 'its node is not there any more' },
  TerminationByKubelet: { cause: 'evicted', says: 'its node had too little left of a resource' },
};

export function failureOfPod(pod: PodJson, facts: PodFacts): PodFailure | null {
  const { main } = facts;
  const ended = main.state === 'terminated';
  if (ended && main.exitCode === 0) return null;
  const final = facts.terminal || (ended && pod.spec?.restartPolicy === 'Never');
  if (!final || facts.phase === 'Succeeded') return null;
  return (
    facts.disruption ??
    failureOfContainers(facts) ?? {
      cause: 'launch_failed',
      message: facts.message ?? facts.reason ?? 'the pod failed and no container says why',
    }
  );
}

/** The pod was ended from outside. Null when its main container had failed by itself before that. */
export function disruptionOfPod(pod: PodJson, facts: PodFacts): PodFailure | null {
  const { main, reason = '' } = facts;
  const exitCode = main.exitCode === undefined ? {} : { exitCode: main.exitCode };

  const target = condition(pod, 'DisruptionTarget');
  if (target?.status === 'True' && !endedBefore(main, target.lastTransitionTime)) {
    const known = DISRUPTIONS[target.reason ?? ''] ?? {
      cause: 'evicted',
      says: 'it was disrupted',
    };
    const words = facts.message || target.message;
    return {
      cause: known.cause,
      message: `${known.says}${words ? ` (${words})` : ''}`,
      ...exitCode,
    };
  }
  const cause = Object.hasOwn(POD_REASONS, reason) ? POD_REASONS[reason] : undefined;
  if (cause !== undefined) {
    const words = facts.message ? `: ${facts.message}` : '';
    return { cause, message: `${reason}${words}`, ...exitCode };
  }
  if (reason.startsWith('OutOf')) {
    return {
      cause: 'unschedulable',
      message: `${reason}: ${facts.message ?? 'no room on the node'}`,
    };
  }
  if (facts.deleting && endedByDeletion(pod, main)) {
    return { cause: 'pod_deleted', message: 'somebody deleted the pod', ...exitCode };
  }
  return null;
}

/** Times in a pod are whole seconds: the same second counts as a consequence. */
function endedBefore(main: ContainerFacts, time: string | null | undefined): boolean {
  if (!main.endedAt || !time) return false;
  return Date.parse(main.endedAt) < Date.parse(time);
}

/** deletionTimestamp is when the grace ends; it was asked for that much earlier. */
function endedByDeletion(pod: PodJson, main: ContainerFacts): boolean {
  const { deletionTimestamp, deletionGracePeriodSeconds: grace } = pod.metadata ?? {};
  if (!grace || !deletionTimestamp) {
    // The last step of every deletion has no grace, and its own time: only the signal tells.
    return main.exitCode === undefined || main.exitCode === 137 || main.exitCode === 143;
  }
  const asked = new Date(Date.parse(deletionTimestamp) - grace * 1000).toISOString();
  return !endedBefore(main, asked);
}

function failureOfContainers(facts: PodFacts): PodFailure | null {
  if (facts.main.state === 'terminated') return failureOfContainer(facts.main, '');
  const init = facts.others.find(
    (container) => container.state === 'terminated' && (container.exitCode ?? 0) !== 0,
  );
  return init ? failureOfContainer(init, `${init.kind} container ${init.name}: `) : null;
}

function failureOfContainer(container: ContainerFacts, whose: string): PodFailure {
  const exitCode = container.exitCode ?? -1;
  const { reason = '', message = '' } = container;
  const failure = (cause: Cause, words: string): PodFailure => ({
    cause,
    message: `${whose}${words}`,
    exitCode,
  });
  if (reason === 'OOMKilled') {
    return failure('oom', 'it used more memory than its limit and was killed (OOMKilled)');
  }
  if (reason === 'ContainerStatusUnknown') {
    return failure('node_lost', message || 'the node does not know what became of the container');
  }
  if (reason === 'StartError' || reason === 'ContainerCannotRun') {
    const missing =
      /executable file not found|no such file or directory|permission denied|exec format error/;
    const cause = missing.test(message) ? 'missing_program' : 'launch_failed';
    return failure(cause, message || 'the container could not be started');
  }
  const signal = container.signal ?? (exitCode > 128 && exitCode <= 192 ? exitCode - 128 : 0);
  const name = SIGNALS.get(signal);
  if (name !== undefined) {
    return failure('signal', `it was ended by ${name} (exit code ${exitCode})`);
  }
  return failure('exit_code', `it ended with exit code ${exitCode}`);
}

const SIGNALS = new Map<number, string>(
  Object.entries(os.constants.signals)
    .filter(([name]) => name !== 'SIGIOT' && name !== 'SIGPOLL')
    .map(([name, value]) => [value, name]),
);
