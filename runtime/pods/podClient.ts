/**
 * Pods of one cluster: create, get, remove, list, watch, logs, events. One per cluster in a process; retries
 * nothing by itself and throws ApiError, so that its callers decide what waits and what is final.
 */
import type { Readable } from 'node:stream';
import type { ApiError } from './apiError.ts';
import type { ClusterConfig } from './clusterConfig.ts';
import type { PodEvent } from './podEvents.ts';
import type { PodFacts } from './podFacts.ts';

export interface LogOptions {
  follow?: boolean;
  /** RFC 3339. */
  sinceTime?: string;
  tailLines?: number;
  timestamps?: boolean;
  signal?: AbortSignal;
}

export interface RemoveOptions {
  /** Only this very pod; another one of the same name stays (conflict). */
  uid?: string;
  /** Seconds between TERM and KILL. Default: the pod's own. 0 forgets the pod before it is dead: not for tasks. */
  graceSeconds?: number;
}

export interface PodList {
  pods: PodFacts[];
  /** Where a watch goes on without a gap. */
  resourceVersion: string;
}

export type WatchEvent =
  | { type: 'ADDED' | 'MODIFIED' | 'DELETED'; pod: PodFacts }
  | { type: 'BOOKMARK'; resourceVersion: string }
  | { type: 'ERROR'; error: ApiError };

export interface WatchOptions {
  selector: string;
  resourceVersion: string;
  /** After so many seconds the server ends the watch. */
  timeoutSeconds: number;
  signal: AbortSignal;
  /** Called in order, as soon as the bytes are there. */
  onEvent(event: WatchEvent): void;
}

export interface PodClient {
  readonly cluster: ClusterConfig;
  create(namespace: string, pod: object): Promise<PodFacts>;
  get(namespace: string, name: string): Promise<PodFacts | null>;
  /** Returns false when there is no such pod (any more). */
  remove(namespace: string, name: string, options?: RemoveOptions): Promise<boolean>;
  list(namespace: string, selector: string): Promise<PodList>;
  /** Ends when the server or the signal ends it; throws when it breaks. */
  watch(namespace: string, options: WatchOptions): Promise<void>;
  log(namespace: string, name: string, container: string, options?: LogOptions): Promise<Readable>;
  events(namespace: string, podName: string): Promise<PodEvent[]>;
  close(): void;
}

export function openPodClient(cluster: ClusterConfig): Promise<PodClient> {
  return Promise.reject(new Error(`not there yet: ${cluster.name}`));
}
