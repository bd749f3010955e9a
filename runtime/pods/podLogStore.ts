/**
 * Writes logs of many containers into the database: what came within 250 ms goes out in one statement, one chunk
 * for each source. While the database is away the readers wait. Used by podLogs.ts.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  appendPodLogs,
  type PodLogChunk,
  readPodLogEnd,
} from '../database/queries/pods/podLogChunks.ts';
import type { Queryable } from '../database/pool.ts';
import type { Log } from '../observe/log.ts';
import { backoff } from '../worker/reconnect.ts';

const FLUSH_MS = 250;
const CHUNK_BYTES = 64 * 1024;
const STATEMENT_BYTES = 4 * 1024 * 1024;

/** One container's log of one attempt, as far as this process has read it. */
export class LogTarget {
  readonly attemptId: number;
  readonly source: string;
  /** Number of the next chunk. */
  seq: number;
  pending: Buffer[] = [];
  size = 0;
  position = '';
  /** Another process stored this number first: read on from where it is. */
  isOvertaken = false;
  waiting: (() => void)[] = [];

  constructor(attemptId: number, source: string, seq: number) {
    this.attemptId = attemptId;
    this.source = source;
    this.seq = seq;
  }
}

interface Taken {
  target: LogTarget;
  chunk: PodLogChunk;
  /** Parts of `pending` that are in the chunk. */
  count: number;
}

export class PodLogStore {
  readonly #database: Queryable;
  readonly #log: Log;
  readonly #dirty = new Set<LogTarget>();
  #timer: NodeJS.Timeout | undefined;
  #pump: Promise<void> | undefined;
  #isStopped = false;

  constructor(database: Queryable, log: Log) {
    this.#database = database;
    this.#log = log;
  }

  /** Where the stored log of this source ends. */
  async open(
    attemptId: number,
    source: string,
  ): Promise<{ target: LogTarget; position: string | null }> {
    const end = await readPodLogEnd(this.#database, attemptId, source);
    return {
      target: new LogTarget(attemptId, source, (end?.seq ?? -1) + 1),
      position: end?.position ?? null,
    };
  }

  /** `position`: where the log is behind this content. A promise means: wait for it before adding more. */
  add(target: LogTarget, content: Buffer, position: string): Promise<void> | undefined {
    if (target.isOvertaken) return undefined;
    target.pending.push(content);
    target.size += content.length;
    target.position = position;
    this.#dirty.add(target);
    if (target.size < CHUNK_BYTES) {
      this.#timer ??= setTimeout(() => this.#flush(), FLUSH_MS);
      return undefined;
    }
    this.#flush();
    return this.drained(target);
  }

  /** Until everything of this source is stored, or it was overtaken. */
  drained(target: LogTarget): Promise<void> {
    if (target.pending.length === 0 || this.#isStopped) return Promise.resolve();
    this.#flush();
    return new Promise((resolve) => target.waiting.push(resolve));
  }

  /** Tries once more to store what is there. */
  async stop(): Promise<void> {
    this.#flush();
    this.#isStopped = true;
    await this.#pump;
    for (const target of this.#dirty) this.#settle(target);
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#dirty.size === 0) return;
    this.#pump ??= this.#write().finally(() => {
      this.#pump = undefined;
      // Came while the last one was ending.
      if (this.#isUrgent(0) && !this.#isStopped) this.#flush();
    });
  }

  async #write(): Promise<void> {
    let failures = 0;
    do {
      const taken = this.#take();
      try {
        const chunks = taken.map(({ chunk }) => chunk);
        this.#stored(taken, await appendPodLogs(this.#database, chunks));
        failures = 0;
      } catch (error) {
        if (failures === 0)
          this.#log.warn({ error: String(error) }, 'pod logs could not be stored');
        if (this.#isStopped) return;
        await sleep(backoff(failures, Math.random));
        failures += 1;
      }
    } while (this.#isUrgent(failures));
    if (this.#dirty.size > 0) this.#timer ??= setTimeout(() => this.#flush(), FLUSH_MS);
  }

  #isUrgent(failures: number): boolean {
    if (this.#dirty.size === 0) return false;
    if (failures > 0 || this.#isStopped) return true;
    return [...this.#dirty].some(
      (target) => target.size >= CHUNK_BYTES || target.waiting.length > 0,
    );
  }

  #stored(taken: Taken[], stored: ReadonlySet<string>): void {
    for (const { target, chunk, count } of taken) {
      target.isOvertaken = !stored.has(`${chunk.attemptId}/${chunk.source}`);
      target.seq += 1;
      target.pending.splice(0, count);
      target.size -= chunk.content.length;
      if (target.pending.length === 0 || target.isOvertaken) this.#settle(target);
    }
  }

  #take(): Taken[] {
    const taken: Taken[] = [];
    let bytes = 0;
    for (const target of this.#dirty) {
      const { attemptId, source, seq, position, pending } = target;
      const content = Buffer.concat(pending);
      taken.push({
        target,
        count: pending.length,
        chunk: { attemptId, source, seq, content, position },
      });
      bytes += content.length;
      if (bytes > STATEMENT_BYTES) break;
    }
    return taken;
  }

  #settle(target: LogTarget): void {
    this.#dirty.delete(target);
    if (target.isOvertaken) {
      target.pending = [];
      target.size = 0;
    }
    for (const resolve of target.waiting.splice(0)) resolve();
  }
}
