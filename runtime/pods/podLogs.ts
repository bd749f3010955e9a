/**
 * Logs of pods into the database while they are written: main container of direct pods, init and sidecar
 * containers of all, the last lines of a worker that died without a word. Used by the kubernetes executor.
 * Logs never gate a state: what cannot be read is said and left. Values of secrets are not known here and
 * not masked (docs/logs.md).
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { PlanTask } from '../../src/plan/plan.ts';
import type { Queryable } from '../database/pool.ts';
import { countLogBytes } from '../database/queries/pods/podLogChunks.ts';
import type { Log } from '../observe/log.ts';
import { readTermination } from '../worker/terminationMessage.ts';
import { OUTPUT_CONTAINER } from './outputMessage.ts';
import type { PodClient } from './podClient.ts';
import type { ContainerFacts, PodFacts } from './podFacts.ts';
import { PodLogReader } from './podLogReader.ts';
import { PodLogStore } from './podLogStore.ts';

export interface PodLogsOptions {
  database: Queryable;
  /** By name of the cluster; undefined: not configured here (any more). */
  client(cluster: string): PodClient | undefined;
  log: Log;
  /** Most streams that are held open; further containers are read when their pod ends. Default 200. */
  maxStreams?: number;
  /** Bytes stored of each container. Default 64 MB. */
  capBytes?: number;
  /** Longest time that `finish` takes. Default 10 s. */
  finishMs?: number;
}

/** Containers whose log a task wants. */
export type WantedLogs = 'all' | 'none' | readonly string[];

interface Followed {
  wanted: WantedLogs;
  /** By container and restart. */
  readers: Map<string, PodLogReader>;
}

const CRASH_LINES = 200;

export class PodLogs {
  readonly #options: PodLogsOptions;
  readonly #store: PodLogStore;
  /** By uid. */
  readonly #pods = new Map<string, Followed>();
  #open = 0;

  constructor(options: PodLogsOptions) {
    this.#options = options;
    this.#store = new PodLogStore(options.database, options.log);
  }

  /** Called with every change of a pod, at once: begins with its containers as they start. */
  follow(pod: PodFacts, wanted: WantedLogs = 'all'): void {
    if (pod.attemptId === null) return;
    const followed = this.#followed(pod, wanted);
    for (const container of containersOf(pod, followed.wanted)) {
      if (container.state !== 'running' && container.state !== 'terminated') continue;
      const reader = followed.readers.get(keyOf(container));
      if (reader) reader.update(container, false);
      else if (this.#open < (this.#options.maxStreams ?? 200)) {
        this.#read(pod, container, followed, false);
      }
    }
  }

  /** Reads what is left, for a short time; after that the pod may be deleted. Never throws. */
  async finish(pod: PodFacts, wanted?: WantedLogs): Promise<void> {
    if (pod.attemptId === null) return;
    const followed = this.#followed(pod, wanted ?? 'all');
    for (const container of [
      ...containersOf(pod, followed.wanted),
      ...brokenContainers(pod, followed.wanted),
    ]) {
      if (container.state === 'waiting' || container.state === 'none') continue;
      const reader = followed.readers.get(keyOf(container));
      if (reader) reader.update(container, true);
      else this.#read(pod, container, followed, true);
    }
    const readers = [...followed.readers.values()];
    if (readers.length === 0) return;
    const late = new AbortController();
    const ms = this.#options.finishMs ?? 10_000;
    const isLate = await Promise.race([
      Promise.all(readers.map(({ done }) => done)).then(() => false),
      sleep(ms, true, { signal: late.signal }).catch(() => true),
    ]);
    late.abort();
    if (isLate) {
      for (const reader of readers) reader.stop();
      this.#options.log.warn({ pod: pod.name }, 'log of a pod was not read to its end in time');
    }
    await countLogBytes(this.#options.database, pod.attemptId).catch(() => {});
  }

  /** The pod is gone: forgets it. */
  forget(pod: PodFacts): void {
    for (const reader of this.#pods.get(pod.uid)?.readers.values() ?? []) reader.stop();
    this.#pods.delete(pod.uid);
  }

  /** Stores what was read; the next process goes on behind it. */
  async stop(): Promise<void> {
    const readers = [...this.#pods.values()].flatMap((followed) => [...followed.readers.values()]);
    for (const reader of readers) reader.stop();
    await this.#store.stop();
    await Promise.all(readers.map(({ done }) => done));
    this.#pods.clear();
  }

  #followed(pod: PodFacts, wanted: WantedLogs): Followed {
    const known = this.#pods.get(pod.uid);
    if (known) return known;
    const made: Followed = { wanted, readers: new Map() };
    this.#pods.set(pod.uid, made);
    return made;
  }

  #read(pod: PodFacts, container: ContainerFacts, followed: Followed, isFinal: boolean): void {
    const { log, client: clientOf, capBytes = 64 * 1024 * 1024 } = this.#options;
    const client = clientOf(pod.cluster);
    if (!client || pod.attemptId === null) return;
    const reader = new PodLogReader(pod, container, isFinal, {
      client,
      store: this.#store,
      log,
      capBytes,
      attemptId: pod.attemptId,
      source: container.kind === 'main' && pod.kind === 'direct' ? 'task' : container.name,
      ...(container.kind === 'main' && pod.kind === 'worker' && { tailLines: CRASH_LINES }),
    });
    followed.readers.set(keyOf(container), reader);
    this.#open += 1;
    void reader.done.then(() => (this.#open -= 1));
  }
}

/** `logs` in the config of the pod operator; of other tasks all. */
export function wantedLogs(task: Pick<PlanTask, 'config'> | null): WantedLogs {
  const logs = task?.config.logs;
  if (Array.isArray(logs)) return logs.filter((name) => typeof name === 'string');
  return logs === 'none' ? 'none' : 'all';
}

/** A container that was started again writes a new log. */
function keyOf({ name, restarts }: ContainerFacts): string {
  return `${name}/${restarts}`;
}

function containersOf(pod: PodFacts, wanted: WantedLogs): ContainerFacts[] {
  if (wanted === 'none') return [];
  // The log of a worker's main container is the task's, and the worker sends it itself.
  const all = pod.kind === 'worker' ? pod.others : [pod.main, ...pod.others];
  return all.filter(
    ({ name }) => name !== OUTPUT_CONTAINER && (wanted === 'all' || wanted.includes(name)),
  );
}

/** Containers of ours that should have had nothing to say, and ended badly. */
function brokenContainers(pod: PodFacts, wanted: WantedLogs): ContainerFacts[] {
  if (wanted === 'none') return [];
  const isLost = pod.kind === 'worker' && readTermination(pod.main.message) === null;
  const broken = pod.others.filter(
    ({ name, state, exitCode }) =>
      name === OUTPUT_CONTAINER && state === 'terminated' && exitCode !== 0,
  );
  return isLost ? [pod.main, ...broken] : broken;
}
