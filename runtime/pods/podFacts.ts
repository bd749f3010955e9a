/**
 * The few facts about a pod that Podline acts on, taken from its JSON (pure). Everything else of a pod, some
 * 10 kB, is dropped as soon as it is read: 10,000 pods are kept at about 1 kB each.
 */
import type { Cause } from '../../src/model/causes.ts';

export interface ContainerFacts {
  name: string;
  kind: 'init' | 'sidecar' | 'main';
  state: 'waiting' | 'running' | 'terminated' | 'none';
  reason?: string;
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
  image?: string;
  /** Asked to go: no new work begins in it. */
  deleting: boolean;
  /** No container of it will run any more. */
  terminal: boolean;
  main: ContainerFacts;
  others: ContainerFacts[];
  /** Why it does not run yet; null once its main container has begun. */
  waiting: PodWaiting | null;
  /** Why it did not succeed: set when it is terminal and did not, or its main container has failed. */
  failure: PodFailure | null;
}

export function factsOfPod(cluster: string, pod: unknown): PodFacts {
  throw new Error(`not there yet: ${cluster} ${String(pod)}`);
}
