/**
 * Calls that change a cluster, off the scheduling path: as many at a time as the API server bears (apiPace.ts), in
 * the order of callLine.ts, with pauses for namespaces without quota. One per cluster; asked by the kubernetes
 * executor. What may succeed later is tried again for as long as it is wanted.
 */
import type { Log } from '../observe/log.ts';
import { ApiError } from './apiError.ts';
import { afterPushBack, afterSuccess, delayMs, firstPace, type Pace } from './apiPace.ts';
import { CallLine, type ApiCallKind } from './callLine.ts';
import { QuotaPause } from './quotaPause.ts';

export type { ApiCallKind } from './callLine.ts';

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

interface Entry extends ApiCall {
  failures: number;
}

export class ApiQueue {
  readonly #log: Log;
  readonly #bounds: { most: number };
  readonly #maxWaiting: number;
  readonly #line = new CallLine<Entry>();
  readonly #keys = new Set<string>();
  /** Calls that failed and wait for their next try. */
  readonly #delayed = new Map<NodeJS.Timeout, Entry>();
  readonly #running = new Set<Promise<void>>();
  readonly #creates = new Map<string, number>();
  readonly #quota = new QuotaPause();
  readonly #counts = { kill: 0, create: 0, cleanup: 0 };
  #throttled = 0;
  #failed = 0;
  #pace: Pace;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor({ log, maxConcurrent = 32, maxWaiting = 10_000 }: ApiQueueOptions) {
    this.#log = log;
    this.#bounds = { most: maxConcurrent };
    this.#maxWaiting = maxWaiting;
    this.#pace = firstPace(this.#bounds);
  }

  /** False when the key waits or runs already, or the queue is full: ask again at the next reconciliation. */
  add(call: ApiCall): boolean {
    const isFull = this.#keys.size - this.#running.size >= this.#maxWaiting;
    // A kill is never refused: those waiting are not more than there are pods.
    if (this.#closed || this.#keys.has(call.key) || (isFull && call.kind !== 'kill')) return false;
    this.#keys.add(call.key);
    this.#line.push({ ...call, failures: 0 });
    this.#go();
    return true;
  }

  get stats(): ApiQueueStats {
    return {
      waiting: this.#line.size + this.#delayed.size,
      running: this.#running.size,
      limit: Math.floor(this.#pace.limit),
      calls: { ...this.#counts },
      throttled: this.#throttled,
      failed: this.#failed,
      pausedNamespaces: this.#quota.namespaces(performance.now()),
    };
  }

  /** Drops what waits; ends when what runs has ended. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    for (const timer of this.#delayed.keys()) clearTimeout(timer);
    this.#delayed.clear();
    this.#line.clear();
    await Promise.all(this.#running);
  }

  #go(): void {
    if (this.#closed) return;
    clearTimeout(this.#timer);
    const now = performance.now();
    const mayGo = (kind: ApiCallKind, namespace: string) =>
      kind !== 'create' || this.#quota.allows(namespace, now, this.#creates.get(namespace) ?? 0);

    while (now >= this.#pace.pausedUntil && this.#running.size < Math.floor(this.#pace.limit)) {
      const call = this.#line.take(mayGo);
      if (call === undefined) break;
      if (call.wanted && !call.wanted()) this.#keys.delete(call.key);
      else this.#begin(call);
    }
    this.#wakeLater(now);
  }

  /** What ends a pause is only the clock; everything else calls #go by itself. */
  #wakeLater(now: number): void {
    if (this.#line.size === 0) return;
    const next = this.#pace.pausedUntil > now ? this.#pace.pausedUntil : this.#quota.nextAt(now);
    if (next === Infinity) return;
    this.#timer = setTimeout(() => this.#go(), Math.ceil(next - now));
  }

  #begin(call: Entry): void {
    this.#counts[call.kind]++;
    if (call.kind === 'create') this.#countCreate(call.namespace, 1);
    const done = this.#run(call).finally(() => {
      this.#running.delete(done);
      if (call.kind === 'create') this.#countCreate(call.namespace, -1);
      this.#go();
    });
    this.#running.add(done);
  }

  async #run(call: Entry): Promise<void> {
    const begunAt = performance.now();
    const busy = this.#running.size + 1 >= Math.floor(this.#pace.limit);
    try {
      // A callback that throws at once is a failure like any other.
      await Promise.resolve().then(() => call.run());
      this.#keys.delete(call.key);
      const now = performance.now();
      this.#pace = afterSuccess(this.#pace, { begunAt, now, busy }, this.#bounds);
    } catch (error) {
      this.#settle(call, error, begunAt);
    }
  }

  #settle(call: Entry, error: unknown, begunAt: number): void {
    if (!(error instanceof ApiError) || !error.retryable) {
      this.#keys.delete(call.key);
      this.#failed++;
      // The server is well: it has answered.
      if (error instanceof ApiError) this.#pace = { ...this.#pace, failuresInRow: 0 };
      this.#tell(() => call.onFailed(error));
      return;
    }
    const now = performance.now();
    const chance = Math.random();
    call.failures++;
    if (error.kind === 'quota') {
      this.#quota.refused(call.namespace, now, chance);
      this.#again(call, error, 0);
      return;
    }
    if (error.kind !== 'conflict') {
      this.#throttled++;
      const { retryAfterSeconds } = error;
      const asked =
        retryAfterSeconds === undefined ? {} : { retryAfterMs: retryAfterSeconds * 1000 };
      this.#pace = afterPushBack(this.#pace, { begunAt, now, chance, ...asked });
    }
    this.#again(call, error, delayMs(call.failures, chance));
  }

  #again(call: Entry, error: ApiError, inMs: number): void {
    this.#tell(() => call.onDelayed?.(error, inMs));
    if (this.#closed) return;
    const timer = setTimeout(() => {
      this.#delayed.delete(timer);
      this.#line.push(call);
      this.#go();
    }, inMs);
    this.#delayed.set(timer, call);
  }

  #countCreate(namespace: string, by: number): void {
    const count = (this.#creates.get(namespace) ?? 0) + by;
    if (count === 0) this.#creates.delete(namespace);
    else this.#creates.set(namespace, count);
  }

  #tell(callback: () => void): void {
    try {
      callback();
    } catch (error) {
      this.#log.error(
        { error: String(error) },
        'the end of a call to a cluster could not be handled',
      );
    }
  }
}
