/** The stored log of an attempt as text, by source. Reads on from where it was. Used by tasks.ts. */
import { StringDecoder } from 'node:string_decoder';
import type { Database } from '../../database/pool.ts';
import { readLogChunks } from '../../database/queries/readTask.ts';
import type { LogReading } from '../installation.ts';
import { sourcesOf } from '../logSources.ts';

export class LogReader implements LogReading {
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
    this.#sources = sourcesOf(container);
  }

  get isEmpty(): boolean {
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

  /** Whoever follows reads again and again. */
  follow(): void {}

  async finish(): Promise<void> {
    await this.read();
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
