/**
 * The log of an attempt from a webserver: pages by byte, and, for who follows it, the stream of each source. Where a stream
 * broke off, the next one goes on at the byte that was reached. Used by tasks.ts.
 */
import type { InstanceKey, LogReading } from '../installation.ts';
import { sourcesOf, TASK_SOURCE } from '../logSources.ts';
import { told } from './answers.ts';
import type { Connection } from './connection.ts';
import { eventStream } from './eventStream.ts';

const PAGE_BYTES = 1_048_576;
/** A page that is asked for because of the list of sources. */
const LEAST_BYTES = 1_024;

export class RemoteLog implements LogReading {
  readonly #connection: Connection;
  readonly #path: InstanceKey & { number: number };
  readonly #wanted: string[] | null;
  readonly #write: (text: string, source: string) => void;
  /** Bytes of each source that were written. */
  readonly #places = new Map<string, number>();
  readonly #streams = new Map<string, Promise<void>>();
  readonly #end = new AbortController();
  #signal: AbortSignal | undefined;
  #failure: Error | undefined;

  constructor(
    connection: Connection,
    { dagId, runId, taskId, mapIndex, number }: InstanceKey & { number: number },
    container: string | undefined,
    write: (text: string, source: string) => void,
  ) {
    this.#connection = connection;
    this.#path = { dagId, runId, taskId, mapIndex, number };
    this.#wanted = sourcesOf(container);
    this.#write = write;
  }

  get isEmpty(): boolean {
    return this.#places.size === 0;
  }

  async read(): Promise<void> {
    if (this.#failure) throw this.#failure;
    for (const source of await this.#sources()) {
      if (this.#signal === undefined) await this.#readPages(source);
      else if (!this.#streams.has(source)) this.#streams.set(source, this.#stream(source));
    }
  }

  follow(signal: AbortSignal): void {
    this.#signal = AbortSignal.any([signal, this.#end.signal]);
  }

  async finish(): Promise<void> {
    this.#end.abort();
    await Promise.all(this.#streams.values());
    this.#signal = undefined;
    await this.read();
  }

  async #sources(): Promise<string[]> {
    const { sources } = await this.#page(TASK_SOURCE, 0, LEAST_BYTES);
    return sources.filter((source) => this.#wanted?.includes(source) ?? true);
  }

  #page(source: string, after: number, limit: number) {
    return told(
      this.#connection.api.GET(
        '/api/v1/dags/{dagId}/runs/{runId}/tasks/{taskId}/{mapIndex}/attempts/{number}/log',
        { params: { path: this.#path, query: { source, after, limit } } },
      ),
    );
  }

  async #readPages(source: string): Promise<void> {
    for (;;) {
      const from = this.#places.get(source) ?? 0;
      const { to, size, text } = await this.#page(source, from, PAGE_BYTES);
      this.#take(source, to, text);
      if (to >= size || to === from) return;
    }
  }

  async #stream(source: string): Promise<void> {
    const { dagId, runId, taskId, mapIndex, number } = this.#path;
    const names = [dagId, 'runs', runId, 'tasks', taskId, mapIndex, 'attempts', number];
    const path = `/api/v1/dags/${names.map(encodeURIComponent).join('/')}/log/stream`;
    const url = () => {
      const after = String(this.#places.get(source) ?? 0);
      return `${path}?${new URLSearchParams({ source, after }).toString()}`;
    };
    const signal = this.#signal ?? this.#end.signal;
    try {
      for await (const { event, data } of eventStream(this.#connection, url, signal)) {
        if (event === 'end') return;
        const { to, text } = data as { to: number; text: string };
        this.#take(source, to, text);
      }
    } catch (error) {
      this.#failure = error instanceof Error ? error : new Error(String(error));
    }
  }

  #take(source: string, to: number, text: string): void {
    if (this.#end.signal.aborted && this.#signal !== undefined) return;
    this.#places.set(source, to);
    if (text !== '') this.#write(text, source);
  }
}
