/** GET .../log/stream: the log as it is written, by server-sent events. Each event says at which byte it ends. */
import type { FastifyInstance } from 'fastify';
import type { Database } from '../../database/pool.ts';
import { findChunk, readLogPiece, readNextChunks } from '../../database/queries/web/readLogPage.ts';
import { pause } from '../../pause.ts';
import { attemptAt } from './find.ts';
import { strayBytes, wholeCharacters } from './logText.ts';
import { isOver } from './logs.ts';
import { type ApiContext, route } from './route.ts';
import { AttemptPath } from './schema/ids.ts';
import { LogStreamQuery } from './schema/logs.ts';
import { Sse } from './sse.ts';

const LOOK_MS = 300;
/** While the database is away. */
const PATIENCE_MS = 2_000;

export function serveLogStream(api: FastifyInstance, context: ApiContext, streams: Set<Sse>): void {
  const { database } = context;
  route(api, context, {
    method: 'GET',
    path: '/dags/:dagId/runs/:runId/tasks/:taskId/:mapIndex/attempts/:number/log/stream',
    id: 'followLog',
    summary: 'The log of an attempt as it is written',
    tag: 'Logs',
    right: 'view',
    params: AttemptPath,
    query: LogStreamQuery,
    raw: { type: 'text/event-stream' },
    async handle({ params, query: { source, after }, request, reply }) {
      const attempt = await attemptAt(database, params);
      const last = Number(request.headers['last-event-id'] ?? NaN);
      const begin = Number.isSafeInteger(last) && last >= 0 ? last : after;
      const reader = await openReader(database, attempt.id, source, begin);
      const stream = new Sse(request, reply, streams);
      void follow(stream, reader, async () => isOver(await attemptAt(database, params)));
      return undefined;
    },
  });
}

interface Reader {
  /** What was written since; empty: nothing. */
  read(): Promise<{ from: number; text: string }>;
  /** What is left of a character that never came whole. */
  rest(): { from: number; text: string };
}

async function openReader(
  database: Database,
  attemptId: number,
  source: string,
  after: number,
): Promise<Reader> {
  const { from: at } = await readLogPiece(database, { attemptId, source, after, limit: 1 });
  const chunk = await findChunk(database, { attemptId, source, at });
  let seq = (chunk?.seq ?? 0) - 1;
  let skip = at - (chunk?.start ?? at);
  let from = at;
  let isFirst = at > 0;
  let kept: Buffer = Buffer.alloc(0);
  return {
    async read() {
      const chunks = await readNextChunks(database, { attemptId, source, after: seq });
      let bytes = Buffer.concat(chunks.map(({ content }) => content));
      seq = chunks.at(-1)?.seq ?? seq;
      bytes = bytes.subarray(skip);
      if (chunks.length > 0) skip = 0;
      if (isFirst && bytes.length > 0) {
        const stray = strayBytes(bytes);
        bytes = bytes.subarray(stray);
        from += stray;
        isFirst = false;
      }
      bytes = Buffer.concat([kept, bytes]);
      const whole = wholeCharacters(bytes);
      kept = bytes.subarray(whole);
      const text = bytes.subarray(0, whole).toString();
      from += whole;
      return { from: from - whole, text };
    },
    rest: () => ({ from, text: kept.toString() }),
  };
}

async function follow(stream: Sse, reader: Reader, over: () => Promise<boolean>): Promise<void> {
  const send = ({ from, text }: { from: number; text: string }): void => {
    const to = from + Buffer.byteLength(text);
    if (text !== '') stream.send('log', { from, to, text }, String(to));
  };
  while (!stream.signal.aborted) {
    try {
      const isEnd = await over();
      const piece = await reader.read();
      send(piece);
      await stream.drained();
      if (isEnd && piece.text === '') {
        send(reader.rest());
        stream.send('end', {});
        stream.end();
        return;
      }
      if (piece.text === '') await pause(LOOK_MS, stream.signal);
    } catch {
      // A database that is away comes back, or the stream reaches its end.
      await pause(PATIENCE_MS, stream.signal);
    }
  }
}
