/**
 * Reads the log of one container from its beginning, or from where the stored log ends, to its end: follows it
 * while the container runs, and opens the stream again as often as it breaks. Made by podLogs.ts.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../observe/log.ts';
import { backoff } from '../worker/reconnect.ts';
import type { ApiError } from './apiError.ts';
import type { PodClient } from './podClient.ts';
import type { ContainerFacts, PodFacts } from './podFacts.ts';
import {
  LogLines,
  type LogPosition,
  readPosition,
  sinceTime,
  writePosition,
} from './podLogLines.ts';
import type { LogTarget, PodLogStore } from './podLogStore.ts';

export interface ReaderOptions {
  client: PodClient;
  store: Pick<PodLogStore, 'open' | 'add' | 'drained'>;
  log: Log;
  attemptId: number;
  source: string;
  capBytes: number;
  /** Only the end of the log: for a container that should have had nothing to say. */
  tailLines?: number;
}

/** For the state of the container to arrive after its stream has ended. */
const STATE_MS = 1000;
/** A container that has ended: its log comes at once or not at all. */
const MOST_FAILURES = 5;

export class PodLogReader {
  /** Everything is stored, or given up. Never rejects. */
  readonly done: Promise<void>;
  readonly #options: ReaderOptions;
  readonly #pod: PodFacts;
  readonly #abort = new AbortController();
  #container: ContainerFacts;
  #isFinal: boolean;
  #wake = (): void => {};

  constructor(pod: PodFacts, container: ContainerFacts, isFinal: boolean, options: ReaderOptions) {
    this.#options = options;
    this.#pod = pod;
    this.#container = container;
    this.#isFinal = isFinal;
    this.done = this.#run().catch((error: unknown) => {
      if (!this.#hasStopped()) this.#complain(error);
    });
  }

  /** `isFinal`: nothing will be written any more, whatever the container's state says. */
  update(container: ContainerFacts, isFinal: boolean): void {
    this.#container = container;
    this.#isFinal ||= isFinal;
    if (this.#hasEnded()) this.#wake();
  }

  stop(): void {
    this.#abort.abort();
    this.#wake();
  }

  #hasEnded(): boolean {
    return this.#isFinal || this.#container.state === 'terminated';
  }

  /** Both may change during any wait. */
  #hasStopped(): boolean {
    return this.#abort.signal.aborted;
  }

  async #run(): Promise<void> {
    const { signal } = this.#abort;
    let failures = 0;
    let at = await this.#locate();
    while (!this.#hasStopped() && at.from.bytes < this.#options.capBytes) {
      const isOver = this.#hasEnded();
      try {
        at.from = await this.#stream(at.target, at.from, !isOver);
        failures = 0;
      } catch (error) {
        if (this.#hasStopped() || (error as ApiError).kind === 'not_found') break;
        failures += 1;
        if (isOver && failures >= MOST_FAILURES) throw error;
        if (failures === MOST_FAILURES) this.#complain(error);
        const ms = backoff(failures, Math.random);
        if (isOver) await sleep(ms, undefined, { signal }).catch(() => {});
        else await this.#pause(ms);
        at = await this.#locate();
        continue;
      }
      if (at.target.isOvertaken) at = await this.#locate();
      else if (isOver) break;
      else {
        await this.#pause(STATE_MS);
        // The stream ended in order just before: that was the end of the container.
        if (this.#hasEnded()) break;
      }
    }
    await this.#options.store.drained(at.target);
  }

  /** Where the stored log ends; waits while the database is away. */
  async #locate(): Promise<{ target: LogTarget; from: LogPosition }> {
    const { store, attemptId, source } = this.#options;
    for (let failures = 0; ; failures += 1) {
      try {
        const { target, position } = await store.open(attemptId, source);
        return { target, from: readPosition(position, this.#pod.uid) };
      } catch (error) {
        if (this.#hasStopped()) throw error;
        await sleep(backoff(failures, Math.random), undefined, { signal: this.#abort.signal });
      }
    }
  }

  /** One stream, until it ends; returns how far it came. What was read is stored even when it breaks. */
  async #stream(target: LogTarget, from: LogPosition, follow: boolean): Promise<LogPosition> {
    const { client, store, capBytes, tailLines } = this.#options;
    const { namespace, name } = this.#pod;
    const { signal } = this.#abort;
    const lines = new LogLines(from);
    const since = sinceTime(from);
    const stream = await client.log(namespace, name, this.#container.name, {
      timestamps: true,
      follow,
      signal,
      ...(since !== undefined && { sinceTime: since }),
      ...(tailLines !== undefined && { tailLines }),
    });
    const add = async (text: Buffer): Promise<boolean> => {
      if (text.length > 0) await store.add(target, text, writePosition(lines.position));
      return target.isOvertaken || lines.position.bytes >= capBytes;
    };
    try {
      for await (const bytes of stream) if (await add(lines.push(bytes as Buffer))) break;
      await add(lines.end());
    } finally {
      stream.destroy();
      // Also behind a broken stream: the next one begins where the stored log ends.
      await store.drained(target);
    }
    if (lines.position.bytes >= capBytes && !target.isOvertaken) {
      const words = `\n[podline] the log has reached its limit of ${capBytes} bytes, the rest is dropped\n`;
      await store.add(target, Buffer.from(words), writePosition(lines.position));
    }
    return lines.position;
  }

  /** Ends early when the container has ended. */
  async #pause(ms: number): Promise<void> {
    if (this.#hasEnded() || this.#hasStopped()) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = () => {};
  }

  #complain(error: unknown): void {
    const facts = { pod: this.#pod.name, container: this.#container.name, error: String(error) };
    this.#options.log.warn(facts, 'log of a pod could not be read');
  }
}
