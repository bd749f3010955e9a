/**
 * Server-sent events of the webserver, over as many connections as it takes: it ends each after some minutes, and may be
 * started anew meanwhile. Used by followRun.ts and log.ts.
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
): AsyncGenerator<SentEvent, void> {
  while (!signal.aborted) {
    const own = new AbortController();
    const all = AbortSignal.any([signal, own.signal]);
    const watchdog = setTimeout(() => own.abort(), SILENCE_MS);
    try {
      const response = await connection.patiently(() => connection.stream(path(), all), signal);
      for await (const event of eventsOf(response, () => watchdog.refresh())) yield event;
    } catch (error) {
      // What a connection breaks off with is no error of the registry: the next one tells.
      if (error instanceof PodlineError && !all.aborted) throw error;
    } finally {
      clearTimeout(watchdog);
      own.abort();
    }
    await pause(REST_MS, signal);
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
