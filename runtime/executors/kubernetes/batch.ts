/**
 * Collects items and hands them to one statement: whoever comes while a statement is under way goes with the
 * next. Goes on trying while the database is away, because what a pod told must not be lost; a row that the
 * database refuses fails alone. Used by recorder.ts.
 */
import { setTimeout as sleep } from 'node:timers/promises';

export interface BatchOptions<I, R> {
  work(items: I[]): Promise<R[]>;
  /** Waits so long for more. Default 0: until the turn of the event loop ends. */
  delayMs?: number;
  /** Whether the same statement may succeed later. */
  isTransient(error: unknown): boolean;
  onRetry?(error: unknown): void;
  signal: AbortSignal;
}

interface Waiting<I, R> {
  item: I;
  resolve(result: R): void;
  reject(error: unknown): void;
}

const MOST_ITEMS = 500;
const MOST_RETRY_MS = 2_000;

export class Batch<I, R> {
  readonly #options: BatchOptions<I, R>;
  #waiting: Waiting<I, R>[] = [];
  #running: Promise<void> | undefined;

  constructor(options: BatchOptions<I, R>) {
    this.#options = options;
  }

  /** Resolves when the database has it; rejects when it refuses it, or at the end of the process. */
  add(item: I): Promise<R> {
    return new Promise<R>((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      this.#running ??= this.#run();
    });
  }

  /** Ends when nothing waits. */
  async idle(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    const { delayMs = 0 } = this.#options;
    if (delayMs > 0) await sleep(delayMs);
    else await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0) await this.#try(this.#waiting.splice(0, MOST_ITEMS));
    // In the same breath as the last look: what comes later starts anew.
    this.#running = undefined;
  }

  async #try(batch: Waiting<I, R>[]): Promise<void> {
    const { work, isTransient, onRetry, signal } = this.#options;
    for (let retry = 0; ; retry += 1) {
      try {
        const results = await work(batch.map(({ item }) => item));
        batch.forEach(({ resolve }, at) => {
          resolve(results[at] as R);
        });
        return;
      } catch (error) {
        const isOver = signal.aborted;
        if (!isOver && isTransient(error)) {
          onRetry?.(error);
          await sleep(Math.min(MOST_RETRY_MS, 50 * 2 ** Math.min(retry, 8)));
        } else if (!isOver && batch.length > 1) {
          for (const one of batch) await this.#try([one]);
          return;
        } else {
          for (const { reject } of batch) reject(error);
          return;
        }
      }
    }
  }
}
