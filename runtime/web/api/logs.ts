/** Logs of an attempt: a page by byte offset, and the whole as a download. What follows live is in logStream.ts. */
import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Database } from '../../database/pool.ts';
import {
  readLogPiece,
  readLogSources,
  readNextChunks,
} from '../../database/queries/web/readLogPage.ts';
import { asFile } from './attachment.ts';
import { attemptAt } from './find.ts';
import { strayBytes, wholeCharacters, wholeLines } from './logText.ts';
import { type ApiContext, route } from './route.ts';
import { AttemptPath } from './schema/ids.ts';
import { LogDownloadQuery, LogPage, LogQuery } from './schema/logs.ts';

const LOG = '/dags/:dagId/runs/:runId/tasks/:taskId/:mapIndex/attempts/:number/log';

/** Logs of pods may arrive a moment after the end of their attempt. */
const LATE_MS = 5_000;

export function serveLogs(api: FastifyInstance, context: ApiContext): void {
  const { database } = context;
  route(api, context, {
    method: 'GET',
    path: LOG,
    id: 'getLog',
    summary: 'A page of the log of an attempt, by byte offset',
    tag: 'Logs',
    right: 'view',
    params: AttemptPath,
    query: LogQuery,
    answer: LogPage,
    async handle({ params, query: { source, after, limit } }) {
      // The end before the text: what is written before the end was seen is in the text.
      const attempt = await attemptAt(database, params);
      const [piece, sources] = await Promise.all([
        readLogPiece(database, { attemptId: attempt.id, source, after, limit }),
        readLogSources(database, [attempt.id]),
      ]);
      const { size, content } = piece;
      const isComplete = isOver(attempt);
      const skip = piece.from === 0 ? 0 : strayBytes(content);
      const rest = content.subarray(skip);
      const reachesEnd = piece.from + content.length >= size;
      const whole = reachesEnd
        ? isComplete
          ? rest.length
          : wholeCharacters(rest)
        : wholeLines(rest);
      const from = piece.from + skip;
      return {
        source,
        sources: sources.get(attempt.id) ?? [],
        from,
        to: from + whole,
        size,
        isComplete,
        text: rest.subarray(0, whole).toString(),
      };
    },
  });

  route(api, context, {
    method: 'GET',
    path: `${LOG}/download`,
    id: 'downloadLog',
    summary: 'The log of an attempt as a file',
    tag: 'Logs',
    right: 'view',
    params: AttemptPath,
    query: LogDownloadQuery,
    raw: { type: 'text/plain', schema: z.string() },
    async handle({ params, query: { source }, reply }) {
      const attempt = await attemptAt(database, params);
      const name = [params.dagId, params.runId, params.taskId, params.mapIndex, params.number];
      void asFile(reply, 'text/plain', name, 'log').send(
        Readable.from(chunks(database, attempt.id, source), { highWaterMark: 1 }),
      );
      return undefined;
    },
  });
}

export function isOver({ endedAt, now }: { endedAt: Date | null; now: Date }): boolean {
  return endedAt !== null && now.getTime() - endedAt.getTime() >= LATE_MS;
}

/** Read as fast as it is taken: a log of any length needs a megabyte or two. */
async function* chunks(
  database: Database,
  attemptId: number,
  source: string,
): AsyncGenerator<Buffer> {
  for (let after = -1; ;) {
    const next = await readNextChunks(database, { attemptId, source, after });
    if (next.length === 0) return;
    for (const { seq, content } of next) {
      after = seq;
      yield content;
    }
  }
}
