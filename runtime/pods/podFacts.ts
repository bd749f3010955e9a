/**
 * The few facts about a pod that Podline acts on, taken from its JSON (pure). Everything else of a pod, some
 * 10 kB, is dropped as soon as it is read: see 005 in docs/decisions for what 10,000 of them cost.
 */
import type { Cause } from '../../src/model/causes.ts';
import { disruptionOfPod, failureOfPod } from './podFailure.ts';
import type { ContainerSpec, ContainerStatus, PodJson } from './podJson.ts';
import { waitingOfPod } from './podWaiting.ts';

export interface ContainerFacts {
  name: string;
  kind: 'init' | 'sidecar' | 'main';
  state: 'waiting' | 'running' | 'terminated' | 'none';
  reason?: string;
  /** Of a container that ended: its termination message, at most 4096 bytes. */
  message?: string;
  exitCode?: number;
  signal?: number;
  startedAt?: string;
  endedAt?: string;
  restarts: number;
}

export type WaitingReason =
  | 'scheduling'
  | 'unschedulable'
  | 'image_pull'
  | 'image_invalid'
  | 'container_config'
  | 'init'
  | 'creating';

export interface PodWaiting {
  reason: WaitingReason;
  message: string;
  since: string;
}

export interface PodFailure {
  cause: Cause;
  message: string;
  exitCode?: number;
}

export interface PodFacts {
  cluster: string;
  namespace: string;
  name: string;
  uid: string;
  resourceVersion: string;
  /** Empty for pods that are not Podline's. */
  installation: string;
  attemptId: number | null;
  look: number;
  kind: 'worker' | 'direct' | null;
  createdAt: string;
  phase: 'Pending' | 'Running' | 'Succeeded' | 'Failed' | 'Unknown';
  reason?: string;
  message?: string;
  node: string | null;
  /** Of the main container. */
  image?: string;
  /** Asked to go: no new work begins in it. */
  deleting: boolean;
  /** Seconds that its programs get for their end, while it is being deleted: those of its spec, or what was asked for. */
  graceSeconds?: number;
  /** No container of it will run any more. */
  terminal: boolean;
  /** The container named `main`, else the first. Others of `containers` count as sidecars. */
  main: ContainerFacts;
  others: ContainerFacts[];
  /** Why it does not run yet; null once its main container has begun. */
  waiting: PodWaiting | null;
  /** Why it did not succeed: set when it is terminal and did not, or its main container failed for good. */
  failure: PodFailure | null;
  /** What was done to it from outside, also while it still ends, and when its program ended in order. */
  disruption?: PodFailure;
}

const PHASES = ['Pending', 'Running', 'Succeeded', 'Failed'] as const;

export function factsOfPod(cluster: string, json: unknown): PodFacts {
  const pod = json as PodJson;
  const { metadata = {}, spec = {}, status = {} } = pod;
  const labels = metadata.labels ?? {};
  const phase = PHASES.find((name) => name === status.phase) ?? 'Unknown';
  const specs = spec.containers ?? [];
  const mainSpec = specs.find((container) => container.name === 'main') ?? specs[0];
  const attemptId = Number(labels['podline.dev/attempt']);
  const kind = labels['podline.dev/kind'];

  const facts: PodFacts = {
    cluster,
    namespace: metadata.namespace ?? '',
    name: metadata.name ?? '',
    uid: metadata.uid ?? '',
    resourceVersion: metadata.resourceVersion ?? '',
    installation: labels['podline.dev/installation'] ?? '',
    attemptId: Number.isSafeInteger(attemptId) && attemptId > 0 ? attemptId : null,
    look: Number(labels['podline.dev/look'] ?? 0) || 0,
    kind: kind === 'worker' || kind === 'direct' ? kind : null,
    createdAt: metadata.creationTimestamp ?? '',
    phase,
    ...(status.reason ? { reason: status.reason } : {}),
    ...(status.message ? { message: status.message } : {}),
    node: spec.nodeName || null,
    ...(mainSpec?.image ? { image: mainSpec.image } : {}),
    deleting: Boolean(metadata.deletionTimestamp),
    ...(metadata.deletionGracePeriodSeconds
      ? { graceSeconds: metadata.deletionGracePeriodSeconds }
      : {}),
    terminal: phase === 'Succeeded' || phase === 'Failed',
    main: containerFacts(mainSpec, 'main', status.containerStatuses),
    others: [],
    waiting: null,
    failure: null,
  };
  for (const container of spec.initContainers ?? []) {
    const role = container.restartPolicy === 'Always' ? 'sidecar' : 'init';
    facts.others.push(containerFacts(container, role, status.initContainerStatuses));
  }
  for (const container of specs) {
    if (container === mainSpec) continue;
    facts.others.push(containerFacts(container, 'sidecar', status.containerStatuses));
  }
  facts.waiting = waitingOfPod(pod, facts);
  const disruption = disruptionOfPod(pod, facts);
  if (disruption) facts.disruption = disruption;
  facts.failure = failureOfPod(pod, facts);
  return facts;
}

/**
 * Kubernetes does not say since when a container waits for its image. Whoever sees the changes does: the same
 * reason keeps its start, another one begins now.
 */
export function waitingSince(known: PodFacts | undefined, seen: PodFacts, now: string): PodFacts {
  if (known === undefined || seen.waiting === null) return seen;
  const since = known.waiting?.reason === seen.waiting.reason ? known.waiting.since : now;
  return { ...seen, waiting: { ...seen.waiting, since } };
}

/** Why it failed is told best before the last step of its deletion, which writes over the time of the deletion. */
export function lastSeen(known: PodFacts | undefined, seen: PodFacts): PodFacts {
  const { failure = null, disruption } = known ?? {};
  return { ...seen, failure: failure ?? seen.failure, ...(disruption && { disruption }) };
}

function containerFacts(
  spec: ContainerSpec | undefined,
  kind: ContainerFacts['kind'],
  statuses: ContainerStatus[] | undefined,
): ContainerFacts {
  const name = spec?.name ?? '';
  const status = statuses?.find((entry) => entry.name === name);
  const restarts = status?.restartCount ?? 0;
  const { waiting, running, terminated } = status?.state ?? {};
  if (terminated) {
    return {
      name,
      kind,
      state: 'terminated',
      ...(terminated.reason ? { reason: terminated.reason } : {}),
      ...(terminated.message ? { message: terminated.message } : {}),
      exitCode: terminated.exitCode,
      ...(terminated.signal ? { signal: terminated.signal } : {}),
      ...(terminated.startedAt ? { startedAt: terminated.startedAt } : {}),
      ...(terminated.finishedAt ? { endedAt: terminated.finishedAt } : {}),
      restarts,
    };
  }
  if (running) {
    const started = running.startedAt ? { startedAt: running.startedAt } : {};
    return { name, kind, state: 'running', ...started, restarts };
  }
  if (waiting) {
    const reason = waiting.reason ? { reason: waiting.reason } : {};
    const message = waiting.message ? { message: waiting.message } : {};
    return { name, kind, state: 'waiting', ...reason, ...message, restarts };
  }
  return { name, kind, state: 'none', restarts };
}
