/**
 * Keeps what people want to see of a pod when it is gone: its manifest as it was sent, and the events that the cluster
 * told of it where it waits long or fails. Nothing is decided from either, and nobody waits for them. Fed by creation.ts
 * and tending.ts.
 */
import type { PodManifest } from '../../../src/pods/manifest.ts';
import type { Json } from '../../../src/plan/plan.ts';
import type { Database } from '../../database/pool.ts';
import { noteDetails, type PodDetail } from '../../database/queries/pods/noteDetails.ts';
import type { Log } from '../../observe/log.ts';
import { ApiError } from '../../pods/apiError.ts';
import type { PodFacts } from '../../pods/podFacts.ts';
import { withHiddenToken } from '../../pods/hiddenToken.ts';
import type { PodLaunch } from '../../pods/podLaunch.ts';
import { secretsOf, spellings } from '../../worker/secrets.ts';
import { shown } from '../../worker/shown.ts';
import type { ClusterLink } from './clusterLink.ts';
import { Notes } from './notes.ts';

/** While a pod waits, events come one by one: they are read again at most so often. */
const EVENTS_AGAIN_MS = 10_000;
/** Reads beside the queue of the cluster, few at a time: what makes and ends pods comes first. */
const MOST_READS = 2;
const MOST_WAITING = 200;
const MOST_KNOWN = 5_000;
const MOST_EVENTS = 50;
const LONGEST_TEXT = 2_048;

export class Details {
  readonly #log: Log;
  readonly #notes: Notes<PodDetail>;
  /** By uid: when events were read; Infinity: for the last time. */
  readonly #readAt = new Map<string, number>();
  /** Clusters whose events may not be read. */
  readonly #refused = new Set<string>();
  readonly #queue: (() => Promise<void>)[] = [];
  #reads = 0;
  #stopped = false;

  constructor(database: Database, log: Log) {
    this.#log = log;
    this.#notes = new Notes(
      (details) => noteDetails(database, details),
      (error) =>
        log.warn({ error: String(error) }, 'manifests and events of pods were not written'),
    );
  }

  sent({ attemptId, assignment }: PodLaunch, pod: PodManifest): void {
    const secrets = assignment ? spellings(secretsOf([], assignment.variables)) : [];
    this.#notes.put(attemptId, {
      pod: shown(withHiddenToken(pod, '***') as unknown as Json, secrets, LONGEST_TEXT),
    });
  }

  /** It waits longer than usual. May be said any number of times. */
  waits(attemptId: number, link: ClusterLink, pod: PodFacts): void {
    const now = performance.now();
    if (now - (this.#readAt.get(pod.uid) ?? -Infinity) < EVENTS_AGAIN_MS) return;
    this.#read(attemptId, link, pod, now);
  }

  /** It failed, is taken away or vanished. The cluster keeps its events for longer than the pod. */
  ended(attemptId: number, link: ClusterLink, pod: PodFacts): void {
    if (this.#readAt.get(pod.uid) !== Infinity) this.#read(attemptId, link, pod, Infinity);
  }

  /** What is not written by then is lost. */
  async close(): Promise<void> {
    this.#stopped = true;
    await this.#notes.close();
  }

  #read(attemptId: number, link: ClusterLink, pod: PodFacts, at: number): void {
    const { name: cluster } = link.config;
    if (this.#refused.has(cluster) || this.#queue.length >= MOST_WAITING || this.#stopped) return;
    this.#readAt.set(pod.uid, at);
    const [oldest] = this.#readAt.keys();
    if (this.#readAt.size > MOST_KNOWN && oldest !== undefined) this.#readAt.delete(oldest);
    this.#queue.push(async () => {
      try {
        const events = await link.client.events(pod.namespace, pod.name);
        // Another pod of that name, of a look before, has events of its own.
        const own = events.filter(({ uid }) => uid === pod.uid).slice(-MOST_EVENTS);
        const texts = own.map(({ uid: _, ...event }) => event) as unknown as Json;
        if (own.length > 0) this.#notes.put(attemptId, { events: shown(texts, [], LONGEST_TEXT) });
      } catch (error) {
        if (!(error instanceof ApiError) || error.kind !== 'forbidden') return;
        this.#refused.add(cluster);
        this.#log.warn({ cluster, error: error.message }, 'events of pods may not be read');
      }
    });
    this.#next();
  }

  #next(): void {
    if (this.#reads >= MOST_READS) return;
    const read = this.#queue.shift();
    if (!read) return;
    this.#reads += 1;
    void read().finally(() => {
      this.#reads -= 1;
      this.#next();
    });
    this.#next();
  }
}
