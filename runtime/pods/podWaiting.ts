/**
 * Why a pod does not run yet, in plain words (pure): a node, an image, something it refers to, or its init
 * containers. Part of podFacts.ts; `since` is as near as the pod's own conditions tell.
 */
import type { ContainerFacts, PodFacts, PodWaiting, WaitingReason } from './podFacts.ts';
import { condition, type PodJson } from './podJson.ts';

/** `reason` of a waiting container, as kubelets write it. Others, ContainerCreating above all, are no trouble. */
const TROUBLE: Record<string, WaitingReason> = {
  ErrImagePull: 'image_pull',
  ImagePullBackOff: 'image_pull',
  ErrImageNeverPull: 'image_pull',
  ImageInspectError: 'image_pull',
  RegistryUnavailable: 'image_pull',
  InvalidImageName: 'image_invalid',
  SignatureValidationFailed: 'image_invalid',
  CreateContainerConfigError: 'container_config',
  CreateContainerError: 'container_config',
  RunContainerError: 'container_config',
  PostStartHookError: 'container_config',
};

export function waitingOfPod(pod: PodJson, facts: PodFacts): PodWaiting | null {
  const begun = facts.main.state === 'running' || facts.main.state === 'terminated';
  if (facts.terminal || (begun && facts.main.restarts === 0)) return null;
  if (begun && facts.main.state === 'running') return null;

  if (facts.node === null) return waitingForNode(pod, facts);
  const troubled = [...facts.others, facts.main].find((container) => troubleOf(container));
  const scheduled = condition(pod, 'PodScheduled')?.lastTransitionTime ?? facts.createdAt;
  if (troubled) {
    const reason = troubleOf(troubled) ?? 'creating';
    return { reason, message: wordsOf(troubled), since: scheduled };
  }
  return waitingForStart(pod, facts, scheduled);
}

function waitingForNode(pod: PodJson, facts: PodFacts): PodWaiting {
  const scheduled = condition(pod, 'PodScheduled');
  const since = scheduled?.lastTransitionTime ?? facts.createdAt;
  if (scheduled?.reason === 'SchedulingGated') {
    return { reason: 'scheduling', message: 'it is held back by its scheduling gates', since };
  }
  if (scheduled?.status === 'False') {
    const message = scheduled.message || 'the scheduler of the cluster found no node for it';
    return { reason: 'unschedulable', message, since };
  }
  return { reason: 'scheduling', message: 'it waits for a node', since: facts.createdAt };
}

function waitingForStart(pod: PodJson, facts: PodFacts, scheduled: string): PodWaiting {
  const unready = facts.others.find(
    (container) => container.reason === 'CrashLoopBackOff' || container.state === 'running',
  );
  const initialized = condition(pod, 'Initialized');
  if (initialized?.status === 'False' && unready) {
    const words =
      unready.reason === 'CrashLoopBackOff'
        ? `the ${unready.kind} container ${unready.name} keeps ending: ${unready.message ?? ''}`
        : `its ${unready.kind} container ${unready.name} is at work`;
    return { reason: 'init', message: words, since: unready.startedAt ?? scheduled };
  }
  if (facts.main.reason === 'CrashLoopBackOff') {
    const message = facts.main.message ?? 'its container keeps ending';
    return { reason: 'container_config', message, since: scheduled };
  }
  const message = `its container is being made on node ${facts.node}`;
  return { reason: 'creating', message, since: initialized?.lastTransitionTime ?? scheduled };
}

function troubleOf(container: ContainerFacts): WaitingReason | undefined {
  if (container.state !== 'waiting' || container.reason === undefined) return undefined;
  return Object.hasOwn(TROUBLE, container.reason) ? TROUBLE[container.reason] : undefined;
}

function wordsOf(container: ContainerFacts): string {
  const whose = container.kind === 'main' ? '' : `${container.kind} container ${container.name}: `;
  return `${whose}${container.reason}${container.message ? `: ${container.message}` : ''}`;
}
