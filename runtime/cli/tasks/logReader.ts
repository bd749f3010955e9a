/**
 * The stored log of an attempt as text: the task's own as it is, lines of other containers behind their
 * `[name] `, never in the middle of a line of the task. Reads on from where it was. Used by logs.ts.
 */
import { StringDecoder } from 'node:string_decoder';
import type { Database } from '../../database/pool.ts';
import { readLogChunks } from '../../database/queries/readTask.ts';

/** What the worker or the main container wrote. */
export const TASK_SOURCE = 'task';
/** Container of the task in pods. */
const MAIN = 'main';

export class LogReader {
  readonly #database: Database;
  readonly #attemptId: number;
  /** Null: all. */
  readonly #sources: string[] | null;
  readonly #write: (text: string, source: string) => void;
  readonly #decoders = new Map<string, StringDecoder>();
  readonly #after = new Map<string, number>();

  /** `container`: its log alone. */
  constructor(
    database: Database,
    attemptId: number,
    container: string | undefined,
    write: (text: string, source: string) => void,
  ) {
    this.#database = database;
    this.#attemptId = attemptId;
    this.#write = write;
    this.#sources = null;
    // A direct pod's main container is the task; of a worker's, only what it said when it died is stored.
    if (container !== undefined) {
      this.#sources = container === MAIN ? [TASK_SOURCE, MAIN] : [container];
    }
  }

  get empty(): boolean {
    return this.#after.size === 0;
  }

  async read(): Promise<void> {
    for (;;) {
      const chunks = await readLogChunks(this.#database, this.#attemptId, {
        after: this.#after,
        sources: this.#sources,
      });
      for (const { source, seq, content } of chunks) {
        this.#after.set(source, seq);
        const text = this.#decoderOf(source).write(content);
        if (text !== '') this.#write(text, source);
      }
      if (chunks.length === 0) return;
    }
  }

  end(): void {
    for (const [source, decoder] of this.#decoders) {
      const rest = decoder.end();
      if (rest !== '') this.#write(rest, source);
    }
  }

  #decoderOf(source: string): StringDecoder {
    let decoder = this.#decoders.get(source);
    if (!decoder) this.#decoders.set(source, (decoder = new StringDecoder('utf8')));
    return decoder;
  }
}

/** Puts texts of several sources in one stream of lines. */
export class LogPrinter {
  readonly #print: (text: string) => void;
  /** Whose text is printed as it is. */
  readonly #plain: string;
  /** Beginnings of lines of other sources. */
  readonly #open = new Map<string, string>();
  #waiting = '';
  #isInLine = false;

  constructor(print: (text: string) => void, plain: string = TASK_SOURCE) {
    this.#print = print;
    this.#plain = plain;
  }

  write(text: string, source: string): void {
    if (source === this.#plain) {
      this.#print(text);
      this.#isInLine = !text.endsWith('\n');
    } else {
      const lines = ((this.#open.get(source) ?? '') + text).split('\n');
      this.#open.set(source, lines.pop() ?? '');
      for (const line of lines) this.#waiting += `[${source}] ${line}\n`;
    }
    if (!this.#isInLine) this.#printWaiting();
  }

  end(): void {
    for (const [source, line] of this.#open) {
      if (line !== '') this.#waiting += `[${source}] ${line}\n`;
    }
    this.#open.clear();
    if (this.#waiting !== '' && this.#isInLine) this.#print('\n');
    this.#printWaiting();
  }

  #printWaiting(): void {
    if (this.#waiting !== '') this.#print(this.#waiting);
    this.#waiting = '';
  }
}
