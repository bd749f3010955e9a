/** What was recorded: the audit log, backfills, and files that do not build. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { BuildError } from '../../build/types.ts';
import { readBackfill } from '../../database/queries/readBackfill.ts';
import {
  type BackfillRow,
  readAudit,
  readBackfills,
  readBuildErrors,
} from '../../database/queries/web/readRecords.ts';
import { visible } from '../../../src/model/access.ts';
import { pageOfRows } from './cursors.ts';
import { type ApiContext, route } from './route.ts';
import type { BuildTrouble } from './schema/dags.ts';
import { readCursor } from './schema/page.ts';
import {
  AuditPage,
  AuditQuery,
  BackfillListQuery,
  BackfillPage,
  BackfillPath,
  BackfillSummary,
  BuildErrorList,
} from './schema/platform.ts';
import { utc } from './times.ts';

const Place = z.object({ before: z.int() });

export function serveRecords(api: FastifyInstance, context: ApiContext): void {
  const { database } = context;
  route(api, context, {
    method: 'GET',
    path: '/audit',
    id: 'listAudit',
    summary: 'Who did what, newest first',
    tag: 'Platform',
    right: 'admin',
    query: AuditQuery,
    answer: AuditPage,
    async handle({ query: { cursor, limit, ...filters } }) {
      const before = readCursor(cursor, Place)?.before;
      const rows = await readAudit(database, { ...filters, before, limit: limit + 1 });
      return pageOfRows(
        rows,
        limit,
        (row) => ({ ...row, at: utc(row.at) }),
        ({ id }) => ({ before: id }),
      );
    },
  });

  route(api, context, {
    method: 'GET',
    path: '/backfills',
    id: 'listBackfills',
    summary: 'Backfills, newest first',
    tag: 'Runs',
    right: 'signedIn',
    query: BackfillListQuery,
    answer: BackfillPage,
    async handle({ query: { cursor, limit, dagId }, identity }) {
      const before = readCursor(cursor, Place)?.before;
      const seen = visible(identity);
      const rows = await readBackfills(database, {
        before,
        dagId,
        visible: seen,
        limit: limit + 1,
      });
      return pageOfRows(rows, limit, backfillSummary, ({ id }) => ({ before: id }));
    },
  });

  route(api, context, {
    method: 'GET',
    path: '/dags/:dagId/backfills/:id',
    id: 'getBackfill',
    summary: 'One backfill, and how far it is',
    tag: 'Runs',
    right: 'view',
    params: BackfillPath,
    answer: BackfillSummary,
    async handle({ params }) {
      const { states: counts, ...row } = await readBackfill(database, params);
      return backfillSummary({ ...row, counts });
    },
  });

  route(api, context, {
    method: 'GET',
    path: '/build-errors',
    id: 'listBuildErrors',
    summary: 'DAG files that do not build',
    tag: 'Platform',
    right: 'signedIn',
    answer: BuildErrorList,
    async handle({ identity }) {
      const rows = await readBuildErrors(database, visible(identity));
      return {
        items: rows.map(({ source, at, errors, dags }) => ({
          ...{ source, dags },
          at: utc(at),
          errors: errors.map(buildTrouble),
        })),
      };
    },
  });
}

function backfillSummary(row: BackfillRow): z.input<typeof BackfillSummary> {
  return {
    ...row,
    from: utc(row.from),
    to: utc(row.to),
    createdAt: utc(row.createdAt),
    endedAt: utc(row.endedAt),
  };
}

export function buildTrouble(error: BuildError): z.input<typeof BuildTrouble> {
  const { file, line, column, code, message, remedy } = error;
  return { file, line, column, code, problem: message, remedy };
}
