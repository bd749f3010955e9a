/** GET /dags: the list with search, filters and the last runs as bars. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { type DagPageRow, readDagPage } from '../../database/queries/web/readDagPage.ts';
import { scheduleWords } from '../../explain/scheduleWords.ts';
import { visible } from '../access.ts';
import { type ApiContext, route } from './route.ts';
import { DagListQuery, DagPage, type DagSummary } from './schema/dags.ts';
import { readCursor, writeCursor } from './schema/page.ts';

const Place = z.object({ after: z.string() });

export function serveDags(api: FastifyInstance, context: ApiContext): void {
  const { database } = context;
  route(api, context, {
    method: 'GET',
    path: '/dags',
    id: 'listDags',
    summary: 'DAGs, by id',
    tag: 'DAGs',
    right: 'signedIn',
    query: DagListQuery,
    answer: DagPage,
    async handle({ query, identity }) {
      const { cursor, limit, q, tag, state } = query;
      const rows = await readDagPage(database, {
        after: readCursor(cursor, Place)?.after,
        ...{ q, tag, state },
        visible: visible(identity),
        limit: limit + 1,
      });
      const items = rows.slice(0, limit).map(summaryOf);
      const last = items.at(-1);
      return {
        items,
        next: rows.length > limit && last ? writeCursor({ after: last.dagId }) : null,
      };
    },
  });
}

function summaryOf({
  scheduleError,
  brokenFile,
  nextRunAt,
  schedule,
  lastRuns,
  ...row
}: DagPageRow) {
  const trouble = brokenFile !== null ? `The file ${brokenFile} does not build.` : scheduleError;
  const utc = (text: string | null) => (text === null ? null : new Date(text).toISOString());
  return {
    ...row,
    schedule: schedule.kind === 'none' ? null : scheduleWords(schedule),
    nextRunAt: nextRunAt?.toISOString() ?? null,
    trouble,
    lastRuns: lastRuns.map((run) => ({
      ...run,
      startedAt: utc(run.startedAt),
      endedAt: utc(run.endedAt),
    })),
  } satisfies z.input<typeof DagSummary>;
}
