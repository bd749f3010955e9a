/**
 * The pods of one namespace, as they are: a supervised list and watch, one for each namespace of a cluster, asked
 * by the kubernetes executor. Never ends by itself, and never says that a pod is gone without a complete list or a
 * DELETED event that says so.
 */
import { setTimeout as wait } from 'node:timers/promises';
import type { Log } from '../observe/log.ts';
import { ApiError } from './apiError.ts';
import type { PodClient, WatchEvent } from './podClient.ts';
import { lastSeen, waitingSince, type PodFacts } from './podFacts.ts';

export interface PodWatchOptions {
  client: PodClient;
  namespace: string;
  selector: string;
  log: Log;
  /** New or changed. Called at once, in order. */
  onChange(pod: PodFacts): void;
  /** Not in the cluster any more; the last that was seen of it. */
  onGone(pod: PodFacts): void;
  /** After every complete list, when its changes have been handed on. */
  onSynced(pods: ReadonlyMap<string, PodFacts>): void;
  /** Silence, bookmarks included, after which the connection counts as dead. Default 30 s. */
  idleMs?: number;
  /** Time between complete lists. Default 5 min. */
  relistMs?: number;
}

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5000;
/** A server that asks for more than that is asked again all the same. */
const LONGEST_RETRY_AFTER_MS = 30_000;
/** After so many failures in a row a list is tried, too: the version may be one that this server never had. */
const FAILURES_BEFORE_LIST = 3;
/** A watch that ends sooner, without a word, counts as a failure: no busy loop against a broken proxy. */
const SHORTEST_WATCH_MS = 1000;

export class PodWatch {
  readonly #o: Required<PodWatchOptions>;
  readonly #pods = new Map<string, PodFacts>();
  readonly #stop = new AbortController();
  #running: Promise<void> = Promise.resolve();
  /** Where the next watch goes on; empty: a list is needed. */
  #version = '';
  #syncedAt: number | null = null;
  /** performance.now() of the last complete list. */
  #listedAt = -Infinity;
  /** Failures in a row, since the last event or list. */
  #failures = 0;

  constructor(options: PodWatchOptions) {
    this.#o = {
      ...options,
      idleMs: options.idleMs ?? 30_000,
      relistMs: options.relistMs ?? 300_000,
    };
  }

  /** By uid. */
  get pods(): ReadonlyMap<string, PodFacts> {
    return this.#pods;
  }

  /** Date.now() of the last complete list; null before the first. */
  get syncedAt(): number | null {
    return this.#syncedAt;
  }

  start(): void {
    this.#running = this.#run();
  }

  /** No callback is called after this has been called. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#stopped()) {
      try {
        if (this.#listIsDue()) await this.#list();
        await this.#watch();
      } catch (error) {
        if (this.#stopped()) return;
        const { signal } = this.#stop;
        await wait(this.#failed(error), undefined, { signal }).catch(() => undefined);
      }
    }
  }

  /** When lists fail and a watch may still work, or the other way round, both get their turns. */
  #listIsDue(): boolean {
    if (this.#version === '') return true;
    const old = performance.now() - this.#listedAt >= this.#o.relistMs;
    return (old || this.#failures >= FAILURES_BEFORE_LIST) && this.#failures % 2 === 0;
  }

  /** Events wait meanwhile: 10,000 pods take about two seconds, once in five minutes. */
  async #list(): Promise<void> {
    const { client, namespace, selector } = this.#o;
    const { signal } = this.#stop;
    const { pods, resourceVersion } = await client.list(namespace, selector, signal);
    if (this.#stopped()) return;
    this.#version = resourceVersion;
    this.#listedAt = performance.now();
    this.#answered();

    const listed = new Set(pods.map((pod) => pod.uid));
    for (const pod of this.#pods.values()) if (!listed.has(pod.uid)) this.#gone(pod);
    for (const pod of pods) this.#changed(pod);
    this.#syncedAt = Date.now();
    this.#call(() => this.#o.onSynced(this.#pods));
  }

  /**
   * The server sends a bookmark two seconds before the end of each watch. Short watches therefore are never
   * silent for long, and the version that the next one begins with is never old, however quiet the namespace.
   */
  async #watch(): Promise<void> {
    const { client, namespace, selector, idleMs, relistMs } = this.#o;
    const begun = performance.now();
    const silent = new AbortController();
    let events = 0;
    const silence = setTimeout(() => silent.abort(), idleMs);
    try {
      await client.watch(namespace, {
        selector,
        resourceVersion: this.#version,
        timeoutSeconds: Math.max(1, Math.floor(Math.min(idleMs * 0.8, relistMs) / 1000)),
        signal: AbortSignal.any([silent.signal, this.#stop.signal]),
        onEvent: (event) => {
          if (this.#stopped()) return;
          events++;
          silence.refresh();
          this.#take(event);
        },
      });
    } finally {
      clearTimeout(silence);
      if (silent.signal.aborted) client.suspect();
    }
    if (silent.signal.aborted) throw broken(`nothing came for ${idleMs / 1000} s`);
    const short = performance.now() - begun < SHORTEST_WATCH_MS;
    if (events === 0 && short) throw broken('the watch ended as soon as it had begun');
    this.#answered();
  }

  #take(event: WatchEvent): void {
    if (event.type === 'ERROR') {
      // Whatever it is: what came so far may have a gap, a list has none.
      this.#version = '';
      throw event.error;
    }
    this.#answered();
    if (event.type === 'BOOKMARK') {
      this.#version = event.resourceVersion;
      return;
    }
    this.#version = event.pod.resourceVersion;
    if (event.type === 'DELETED') this.#gone(event.pod);
    else this.#changed(event.pod);
  }

  #changed(seen: PodFacts): void {
    const known = this.#pods.get(seen.uid);
    if (known?.resourceVersion === seen.resourceVersion) return;
    const pod = waitingSince(known, seen, new Date().toISOString());
    this.#pods.set(pod.uid, pod);
    this.#call(() => this.#o.onChange(pod));
  }

  #gone(seen: PodFacts): void {
    const pod = lastSeen(this.#pods.get(seen.uid), seen);
    if (this.#pods.delete(pod.uid)) this.#call(() => this.#o.onGone(pod));
  }

  /** Whatever a callback does, the watch goes on. */
  #call(callback: () => void): void {
    if (this.#stopped()) return;
    try {
      callback();
    } catch (error) {
      const { client, namespace, log } = this.#o;
      const fields = { cluster: client.cluster.name, namespace, error: String(error) };
      log.error(fields, 'what a watch of pods told could not be handled');
    }
  }

  #answered(): void {
    if (this.#failures >= FAILURES_BEFORE_LIST) {
      this.#o.log.info(this.#fields(), 'the cluster answers again');
    }
    this.#failures = 0;
  }

  #stopped(): boolean {
    return this.#stop.signal.aborted;
  }

  /** Milliseconds to wait. */
  #failed(error: unknown): number {
    this.#failures++;
    if (error instanceof ApiError && error.kind === 'gone') this.#version = '';
    const reason = error instanceof Error ? error.message : String(error);
    if (this.#failures === FAILURES_BEFORE_LIST) {
      this.#o.log.warn({ ...this.#fields(), reason }, 'the cluster does not answer; trying on');
    }
    const asked = error instanceof ApiError ? (error.retryAfterSeconds ?? 0) * 1000 : 0;
    const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (this.#failures - 1));
    return Math.max(pause, Math.min(asked, LONGEST_RETRY_AFTER_MS)) * (0.5 + Math.random() / 2);
  }

  #fields() {
    return { cluster: this.#o.client.cluster.name, namespace: this.#o.namespace };
  }
}

function broken(message: string): ApiError {
  return new ApiError({ kind: 'network', status: 0, reason: 'Silent', message });
}
