/**
 * Pods of one cluster: create, get, remove, list, watch, logs, events. One per cluster in a process; retries
 * nothing by itself and throws ApiError, so that its callers decide what waits and what is final.
 */
import type { Readable } from 'node:stream';
import { ApiConnection } from './apiConnection.ts';
import { ApiError, errorOfNetwork } from './apiError.ts';
import type { ClusterConfig } from './clusterConfig.ts';
import { eventsOfList, type PodEvent } from './podEvents.ts';
import { factsOfPod, type PodFacts } from './podFacts.ts';
import { WatchLines } from './watchLines.ts';

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
  list(namespace: string, selector: string, signal?: AbortSignal): Promise<PodList>;
  /** Ends when the server or the signal ends it; throws when it breaks. */
  watch(namespace: string, options: WatchOptions): Promise<void>;
  log(namespace: string, name: string, container: string, options?: LogOptions): Promise<Readable>;
  events(namespace: string, podName: string): Promise<PodEvent[]>;
  /** Connections that are kept may be dead, though nothing says so: the next requests make new ones. */
  suspect(): void;
  close(): void;
}

/** A page of so many pods is some 5 MB of JSON, 30 ms to parse, and garbage at once. */
const PAGE = 500;
/** Lists begin anew when a page's token has become too old. */
const LIST_TRIES = 3;

export async function openPodClient(cluster: ClusterConfig): Promise<PodClient> {
  return new ApiPodClient(cluster, await ApiConnection.open(cluster));
}

class ApiPodClient implements PodClient {
  readonly cluster: ClusterConfig;
  readonly #api: ApiConnection;

  constructor(cluster: ClusterConfig, api: ApiConnection) {
    this.cluster = cluster;
    this.#api = api;
  }

  async create(namespace: string, pod: object): Promise<PodFacts> {
    const path = podsPath(namespace);
    return this.#facts(await this.#api.json({ method: 'POST', path, body: pod }));
  }

  async get(namespace: string, name: string): Promise<PodFacts | null> {
    try {
      return this.#facts(await this.#api.json({ method: 'GET', path: podPath(namespace, name) }));
    } catch (error) {
      if (isNotFound(error)) return null;
      throw error;
    }
  }

  async remove(namespace: string, name: string, options: RemoveOptions = {}): Promise<boolean> {
    const { uid, graceSeconds } = options;
    const body = {
      apiVersion: 'v1',
      kind: 'DeleteOptions',
      ...(uid === undefined ? {} : { preconditions: { uid } }),
      ...(graceSeconds === undefined ? {} : { gracePeriodSeconds: graceSeconds }),
    };
    try {
      await this.#api.json({ method: 'DELETE', path: podPath(namespace, name), body });
      return true;
    } catch (error) {
      // A conflict about the uid: that very pod is gone, another one has its name.
      const replaced = uid !== undefined && error instanceof ApiError && error.kind === 'conflict';
      if (isNotFound(error) || replaced) return false;
      throw error;
    }
  }

  async list(namespace: string, selector: string, signal?: AbortSignal): Promise<PodList> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.#listOnce(namespace, selector, signal);
      } catch (error) {
        const tooOld = error instanceof ApiError && error.kind === 'gone';
        if (!tooOld || tries >= LIST_TRIES) throw error;
      }
    }
  }

  async watch(namespace: string, options: WatchOptions): Promise<void> {
    const stream = await this.#api.stream({
      method: 'GET',
      path: podsPath(namespace),
      query: {
        watch: true,
        allowWatchBookmarks: true,
        labelSelector: options.selector,
        resourceVersion: options.resourceVersion,
        timeoutSeconds: options.timeoutSeconds,
      },
      signal: options.signal,
    });
    const lines = new WatchLines(this.cluster.name, options.onEvent);
    try {
      await new Promise<void>((resolve, reject) => {
        stream.on('data', (chunk: Buffer) => {
          try {
            lines.push(chunk);
          } catch (error) {
            stream.destroy(error as Error);
          }
        });
        stream.on('end', resolve);
        stream.on('error', reject);
      });
    } catch (error) {
      if (!options.signal.aborted) throw errorOfNetwork(error, 'a watch broke');
    } finally {
      stream.destroy();
    }
  }

  async log(
    namespace: string,
    name: string,
    container: string,
    { signal, ...query }: LogOptions = {},
  ): Promise<Readable> {
    const path = `${podPath(namespace, name)}/log`;
    return this.#api.stream({ method: 'GET', path, query: { container, ...query }, signal });
  }

  async events(namespace: string, podName: string): Promise<PodEvent[]> {
    const { items } = listOf(
      await this.#api.json({
        method: 'GET',
        path: `/api/v1/namespaces/${encodeURIComponent(namespace)}/events`,
        query: {
          fieldSelector: `involvedObject.kind=Pod,involvedObject.name=${podName}`,
          limit: PAGE,
        },
      }),
    );
    return eventsOfList(items);
  }

  suspect(): void {
    this.#api.dropIdle();
  }

  close(): void {
    this.#api.close();
  }

  /**
   * Without a resourceVersion the first page is the newest state; the others continue it at the same version, so
   * that all of it is one moment and a watch from there misses nothing.
   */
  async #listOnce(namespace: string, selector: string, signal?: AbortSignal): Promise<PodList> {
    const pods: PodFacts[] = [];
    let next: string | undefined;
    for (;;) {
      const page = listOf(
        await this.#api.json({
          method: 'GET',
          path: podsPath(namespace),
          query: { labelSelector: selector, limit: PAGE, continue: next },
          signal,
        }),
      );
      for (const item of page.items) pods.push(this.#facts(item));
      next = page.metadata.continue || undefined;
      if (next === undefined) return { pods, resourceVersion: page.metadata.resourceVersion };
    }
  }

  #facts(pod: unknown): PodFacts {
    return factsOfPod(this.cluster.name, pod);
  }
}

interface ListJson {
  items: unknown[];
  metadata: { resourceVersion: string; continue?: string };
}

/** Anything else, such as a page of a proxy, must not count as "no pods". */
function listOf(answer: unknown): ListJson {
  const list = answer as Partial<ListJson> | null;
  const version: unknown = list?.metadata?.resourceVersion;
  // An empty list may come as null.
  const items: unknown = list?.items ?? (version === undefined ? undefined : []);
  if (!Array.isArray(items) || typeof version !== 'string') {
    throw new ApiError({
      kind: 'server',
      status: 200,
      reason: 'NoList',
      message: 'the API answered to a list with something else',
    });
  }
  return { items, metadata: { ...list?.metadata, resourceVersion: version } };
}

function isNotFound(error: unknown): boolean {
  return error instanceof ApiError && error.kind === 'not_found';
}

function podsPath(namespace: string): string {
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods`;
}

function podPath(namespace: string, name: string): string {
  return `${podsPath(namespace)}/${encodeURIComponent(name)}`;
}
