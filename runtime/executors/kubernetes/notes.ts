/**
 * What is kept of attempts for people, on its way into the database: parts of one attempt are laid over one another for a
 * quarter of a second, and those of many are written in one statement. Nobody waits for it and nothing is decided from it.
 * Used by recorder.ts and details.ts.
 */
import { isTransient } from '../../database/pool.ts';
import { pause } from '../../pause.ts';

const GATHER_MS = 250;
const AGAIN_MS = 1_000;

export class Notes<Note extends object> {
  readonly #write: (notes: ReadonlyMap<number, Note>) => Promise<void>;
  readonly #onFailed: (error: unknown) => void;
  readonly #stop = new AbortController();
  #waiting = new Map<number, Note>();
  #writing: Promise<void> | undefined;

  /** `write`: those of attempts, by id. */
  constructor(
    write: (notes: ReadonlyMap<number, Note>) => Promise<void>,
    onFailed: (error: unknown) => void,
  ) {
    this.#write = write;
    this.#onFailed = onFailed;
  }

  put(attemptId: number, note: Note): void {
    if (this.#stop.signal.aborted) return;
    this.#waiting.set(attemptId, { ...this.#waiting.get(attemptId), ...note });
    this.#writing ??= this.#run().finally(() => {
      this.#writing = undefined;
    });
  }

  /** Writes what waits, once, and takes no more. */
  async close(): Promise<void> {
    this.#stop.abort();
    await this.#writing;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    while (this.#waiting.size > 0) {
      await pause(GATHER_MS, signal);
      const notes = this.#waiting;
      this.#waiting = new Map();
      try {
        await this.#write(notes);
      } catch (error) {
        this.#onFailed(error);
        if (!isTransient(error) || signal.aborted) continue;
        // Nobody tells it twice. What came meanwhile is newer.
        for (const [id, note] of notes) {
          this.#waiting.set(id, { ...note, ...this.#waiting.get(id) });
        }
        await pause(AGAIN_MS, signal);
      }
    }
  }
}
