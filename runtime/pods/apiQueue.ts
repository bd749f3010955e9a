/**
 * Calls that change a cluster, off the scheduling path: kills before creates before cleanups, as many at a time
 * as the API server bears. One per cluster; asked by the kubernetes executor.
 */
import type { Log } from '../observe/log.ts';

export type ApiCallKind = 'kill' | 'create' | 'cleanup';

export interface ApiCall {
  /** At most one call of a key waits or runs. */
  key: string;
  kind: ApiCallKind;
  namespace: string;
  /** Does it; throws ApiError. Must be idempotent: it is called again after retryable errors. */
  run(): Promise<void>;
  /** Final failures only; retryable ones come back by themselves. */
  onFailed(error: unknown): void;
  /** Told at each retryable failure, for explanations. */
  onDelayed?(error: unknown, retryInMs: number): void;
  /** Asked before each try: false drops the call. */
  wanted?(): boolean;
}

export interface ApiQueueStats {
  waiting: number;
  running: number;
  limit: number;
  /** Calls made since the start, retries included: writes to the API server. */
  calls: Record<ApiCallKind, number>;
  throttled: number;
  failed: number;
  /** Namespaces that wait for quota. */
  pausedNamespaces: string[];
}

export interface ApiQueueOptions {
  log: Log;
  /** Most calls at a time. Default 32. */
  maxConcurrent?: number;
  /** Most calls that wait. Default 10,000. */
  maxWaiting?: number;
}

export class ApiQueue {
  constructor(options: ApiQueueOptions) {
    void options;
  }

  /** False when the key waits or runs already, or the queue is full: ask again at the next reconciliation. */
  add(call: ApiCall): boolean {
    throw new Error(`not there yet: ${call.key}`);
  }

  get stats(): ApiQueueStats {
    throw new Error('not there yet');
  }

  /** Drops what waits; ends when what runs has ended. */
  async close(): Promise<void> {}
}
