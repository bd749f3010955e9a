/**
 * The log of one attempt: takes bytes of the task (each source through its own mask) and lines of
 * the worker, and sends them in numbered chunks. A chunk goes out when 64 KB are there or 250 ms
 * have passed; what is left at the end travels with the finish. A sender slower than the task makes
 * `write` return a promise, and the task's pipe is left unread until then.
 */
import { Mask } from './mask.ts';

export const CHUNK_BYTES = 64 * 1024;
const FLUSH_MS = 250;
const QUEUE_BYTES = 1024 * 1024;
const DEFAULT_CAP = 64 * 1024 * 1024;

export type LogSource = 'stdout' | 'stderr';

export interface LogOptions {
  send: (seq: number, content: Buffer) => Promise<unknown>;
  capBytes?: number;
  flushMs?: number;
}

export class AttemptLog {
  readonly #send: LogOptions['send'];
  readonly #cap: number;
  readonly #flushMs: number;
  #secrets: readonly Buffer[] = [];
  #masks: Record<LogSource, Mask> = { stdout: new Mask([]), stderr: new Mask([]) };
  #queue: Buffer[] = [];
  #queued = 0;
  #total = 0;
  #seq = 0;
  #capped = false;
  #lost = 0;
  #lineOpen = false;
  #timer: NodeJS.Timeout | undefined;
  #sending: Promise<void> | undefined;
  #room: { promise: Promise<void>; open: () => void } | undefined;

  constructor(options: LogOptions) {
    this.#send = options.send;
    this.#cap = options.capBytes ?? DEFAULT_CAP;
    this.#flushMs = options.flushMs ?? FLUSH_MS;
  }

  /** Called before the task writes anything. */
  hide(secrets: readonly Buffer[]): void {
    this.#secrets = secrets;
    this.#masks = { stdout: new Mask(secrets), stderr: new Mask(secrets) };
  }

  /** A promise means: wait for it before writing more. */
  write(source: LogSource, bytes: Uint8Array): Promise<void> | undefined {
    if (this.#capped) return undefined;
    this.#add(
      this.#masks[source].push(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)),
    );
    return this.#room?.promise;
  }

  /** A line of the worker itself, on a line of its own. */
  system(line: string): void {
    if (this.#capped) return;
    const mask = new Mask(this.#secrets);
    const text = Buffer.from(`${this.#lineOpen ? '\n' : ''}[podline] ${line}\n`);
    this.#add(Buffer.concat([mask.push(text), mask.end()]));
  }

  /** Lines for people from an operator, without the prefix of the worker. */
  line(text: string): void {
    void this.write('stdout', Buffer.from(text.endsWith('\n') ? text : `${text}\n`));
  }

  /** Releases what the masks hold back; called when the task's streams have ended. */
  endStreams(): void {
    if (this.#capped) return;
    for (const source of ['stdout', 'stderr'] as const) {
      const rest = this.#masks[source].end();
      if (rest.length > 0) this.#add(rest);
    }
  }

  /** Sends all but the last chunk, which is handed over to travel with the finish. */
  async end(): Promise<{ seq: number; content: Buffer }> {
    this.endStreams();
    clearTimeout(this.#timer);
    this.#timer = undefined;
    while (this.#sending || this.#queued > CHUNK_BYTES) await (this.#sending ?? this.#flush());
    if (this.#lost > 0) this.#add(Buffer.from(`[podline] ${this.#lost} bytes of log were lost\n`));
    clearTimeout(this.#timer);
    return { seq: this.#seq, content: this.#take() };
  }

  #add(bytes: Buffer): void {
    if (bytes.length === 0) return;
    let kept = bytes;
    if (this.#total + bytes.length > this.#cap) {
      this.#capped = true;
      kept = Buffer.concat([
        bytes.subarray(0, Math.max(0, this.#cap - this.#total)),
        Buffer.from(
          `\n[podline] the log has reached its limit of ${this.#cap} bytes, the rest is dropped\n`,
        ),
      ]);
    }
    this.#lineOpen = kept[kept.length - 1] !== 10;
    this.#total += kept.length;
    this.#queue.push(kept);
    this.#queued += kept.length;
    if (this.#queued >= QUEUE_BYTES && !this.#room) {
      let open = (): void => {};
      const promise = new Promise<void>((resolve) => (open = resolve));
      this.#room = { promise, open };
    }
    if (this.#queued >= CHUNK_BYTES) this.#kick();
    else if (!this.#sending) this.#timer ??= setTimeout(() => this.#kick(), this.#flushMs).unref();
  }

  #kick(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (!this.#sending) void this.#flush();
  }

  #flush(): Promise<void> {
    this.#sending = this.#pump().finally(() => (this.#sending = undefined));
    return this.#sending;
  }

  async #pump(): Promise<void> {
    do {
      const content = this.#take();
      if (content.length === 0) return;
      const seq = this.#seq;
      this.#seq += 1;
      try {
        await this.#send(seq, content);
      } catch {
        // Logs never gate the outcome: what cannot be stored is counted and said at the end.
        this.#lost += content.length;
      }
      if (this.#room && this.#queued < QUEUE_BYTES / 2) {
        this.#room.open();
        this.#room = undefined;
      }
    } while (this.#queued >= CHUNK_BYTES);
    if (this.#queued > 0) this.#timer ??= setTimeout(() => this.#kick(), this.#flushMs).unref();
  }

  /** Up to CHUNK_BYTES from the queue. */
  #take(): Buffer {
    const parts: Buffer[] = [];
    let size = 0;
    while (size < CHUNK_BYTES) {
      const first = this.#queue[0];
      if (!first) break;
      const room = CHUNK_BYTES - size;
      if (first.length <= room) {
        parts.push(first);
        this.#queue.shift();
        size += first.length;
      } else {
        parts.push(first.subarray(0, room));
        this.#queue[0] = first.subarray(room);
        size += room;
      }
    }
    this.#queued -= size;
    return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
  }
}
