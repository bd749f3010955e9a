/**
 * The events in the bytes of a watch: one JSON object a line, cut anywhere by the network. Called by podClient.ts
 * for each chunk; hands on each event as soon as its line is complete.
 */
import { StringDecoder } from 'node:string_decoder';
import { ApiError, errorOfAnswer } from './apiError.ts';
import { factsOfPod } from './podFacts.ts';
import type { WatchEvent } from './podClient.ts';

export class WatchLines {
  readonly #cluster: string;
  readonly #onEvent: (event: WatchEvent) => void;
  readonly #decoder = new StringDecoder('utf8');
  #rest = '';

  constructor(cluster: string, onEvent: (event: WatchEvent) => void) {
    this.#cluster = cluster;
    this.#onEvent = onEvent;
  }

  push(chunk: Buffer): void {
    const text = this.#rest + this.#decoder.write(chunk);
    let start = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      const line = text.slice(start, end);
      start = end + 1;
      if (line.trim() !== '') this.#onEvent(eventOfLine(this.#cluster, line));
    }
    this.#rest = text.slice(start);
  }
}

interface EventLine {
  type: string;
  object: { code?: number; metadata?: { resourceVersion?: string } };
}

function eventOfLine(cluster: string, line: string): WatchEvent {
  const { type, object } = parse(line);
  switch (type) {
    case 'ADDED':
    case 'MODIFIED':
    case 'DELETED':
      return { type, pod: factsOfPod(cluster, object) };
    case 'BOOKMARK':
      return { type, resourceVersion: object.metadata?.resourceVersion ?? '' };
    default:
      return { type: 'ERROR', error: errorOfAnswer(object.code ?? 500, JSON.stringify(object)) };
  }
}

function parse(line: string): EventLine {
  try {
    const event = JSON.parse(line) as Partial<EventLine>;
    return { type: event.type ?? '', object: event.object ?? {} };
  } catch (error) {
    const message = `a watch sent something that is no JSON: ${line.slice(0, 100)}`;
    throw new ApiError(
      { kind: 'server', status: 200, reason: 'NotJson', message },
      { cause: error },
    );
  }
}
