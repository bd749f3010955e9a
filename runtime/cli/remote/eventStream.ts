/**
 * Server-sent events of the webserver, over as many connections as it takes: it ends each after some minutes, and may be
 * started anew meanwhile. Used by follow.ts and log.ts.
 */
import { PodlineError } from '../../../src/errors.ts';
import { pause } from '../../pause.ts';
import type { Connection } from './connection.ts';

export interface SentEvent {
  event: string;
  data: unknown;
}

/** The webserver says something every 10 s: after this time nobody is there. */
const SILENCE_MS = 30_000;
/** Between the end of a connection and the next one. */
const REST_MS = 250;

/** `path` is asked for anew for each connection: a log goes on where it was. */
export async function* eventStream(
  connection: Connection,
  path: () => string,
  signal: AbortSignal,
  silenceMs = SILENCE_MS,
): AsyncGenerator<SentEvent, void> {
  const open = () => openLine(connection, path(), signal, silenceMs);
  while (!signal.aborted) {
    let line: Line | undefined;
    try {
      line = await connection.patiently(open, signal);
      for await (const event of eventsOf(line.response, line.alive)) yield event;
    } catch (error) {
      // What a connection breaks off with is no error of the registry: the next one tells.
      if (error instanceof PodlineError) throw error;
    } finally {
      line?.end();
    }
    await pause(REST_MS, signal);
  }
}

interface Line {
  response: Response;
  /** Something was heard. */
  alive(): void;
  end(): void;
}

/** Each try has a watchdog of its own: one that was cut off says nothing about the next. */
async function openLine(
  connection: Connection,
  path: string,
  signal: AbortSignal,
  silenceMs: number,
): Promise<Line> {
  const own = new AbortController();
  const cut = () => own.abort(new Error(`nothing came for ${silenceMs / 1000} s`));
  const watchdog = setTimeout(cut, silenceMs);
  const end = () => {
    clearTimeout(watchdog);
    own.abort();
  };
  try {
    const response = await connection.stream(path, AbortSignal.any([signal, own.signal]));
    return { response, alive: () => void watchdog.refresh(), end };
  } catch (error) {
    end();
    throw error;
  }
}

async function* eventsOf(response: Response, alive: () => void): AsyncGenerator<SentEvent> {
  let text = '';
  for await (const piece of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    alive();
    text += piece;
    const blocks = text.split(/\r?\n\r?\n/);
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const lines = block.split(/\r?\n/);
      const field = (name: string) =>
        lines
          .filter((line) => line.startsWith(`${name}:`))
          .map((line) => line.slice(name.length + 1).trimStart());
      const [event] = field('event');
      // Without a name it is a comment, or the time to wait.
      if (event !== undefined) yield { event, data: JSON.parse(field('data').join('\n')) };
    }
  }
}
