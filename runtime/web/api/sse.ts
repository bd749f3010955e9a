/**
 * Server-sent events: one answer that goes on. Ends when the client goes, when it takes nothing, after a few minutes (the
 * client comes again, and is asked again who it is), or with the server. Used by events.ts and logStream.ts.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { PodlineError } from '../../../src/errors.ts';

const BEAT_MS = 10_000;
const MOST_MS = 300_000;
/** Text that waits for a slow client. */
const MOST_WAITING = 4 * 1024 * 1024;
const MOST_STREAMS = 2_000;
/** Of one user or token. A browser with many tabs has a few. */
const MOST_OF_ONE = 200;

export class Sse {
  /** Whose it is. */
  readonly name: string;
  readonly #reply: FastifyReply;
  readonly #streams: Set<Sse>;
  readonly #beat: NodeJS.Timeout;
  readonly #end: NodeJS.Timeout;
  readonly #closed = new AbortController();

  constructor(request: FastifyRequest, reply: FastifyReply, streams: Set<Sse>) {
    checkRoom(request, streams);
    this.name = request.identity?.name ?? '';
    this.#reply = reply;
    this.#streams = streams;
    streams.add(this);
    reply.hijack();
    reply.raw.writeHead(200, {
      ...(reply.getHeaders() as Record<string, string>),
      'content-type': 'text/event-stream; charset=utf-8',
      'x-accel-buffering': 'no',
    });
    reply.raw.write('retry: 1000\n\n');
    request.raw.socket.setTimeout(0);
    this.#beat = setInterval(() => {
      this.#write(': alive\n\n');
      this.#checkSession(request);
    }, BEAT_MS);
    this.#end = setTimeout(() => this.end(), MOST_MS);
    reply.raw.once('close', () => this.end());
  }

  /** Aborted at the end. */
  get signal(): AbortSignal {
    return this.#closed.signal;
  }

  /** `id` comes back as Last-Event-ID when the client connects again. */
  send(event: string, data: unknown, id?: string): void {
    const head = id === undefined ? '' : `id: ${id}\n`;
    this.#write(`${head}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  /** Resolves when the client has room again. */
  async drained(): Promise<void> {
    const { raw } = this.#reply;
    if (!raw.writableNeedDrain || this.signal.aborted) return;
    await new Promise<void>((resolve) => {
      raw.once('drain', resolve);
      this.signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  end(): void {
    if (this.signal.aborted) return;
    clearInterval(this.#beat);
    clearTimeout(this.#end);
    this.#streams.delete(this);
    this.#closed.abort();
    this.#reply.raw.end();
  }

  /** Who signed out, was disabled or has a new password hears no more. A database that is away ends nobody's stream. */
  #checkSession(request: FastifyRequest): void {
    request.identifyAgain().then(
      (identity) => {
        if (!identity) this.end();
      },
      () => undefined,
    );
  }

  #write(text: string): void {
    if (this.signal.aborted) return;
    this.#reply.raw.write(text);
    // Whoever is so far behind asks for everything again anyway.
    if (this.#reply.raw.writableLength > MOST_WAITING) this.end();
  }
}

function checkRoom({ identity }: FastifyRequest, streams: Set<Sse>): void {
  const own = [...streams].filter(({ name }) => name === identity?.name).length;
  const isFull = streams.size >= MOST_STREAMS;
  if (!isFull && own < MOST_OF_ONE) return;
  const most = `${isFull ? MOST_STREAMS : MOST_OF_ONE} streams at once`;
  throw new PodlineError('request.too_many', { most, seconds: MOST_MS / 1000 });
}

/** All open streams of a server; they end when it does. */
export function openStreams(api: FastifyInstance): Set<Sse> {
  const streams = new Set<Sse>();
  api.addHook('preClose', (done) => {
    for (const stream of streams) stream.end();
    done();
  });
  return streams;
}
