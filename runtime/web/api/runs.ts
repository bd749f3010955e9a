/** Runs: all that may be seen, and one with what it waits for or died of, in words. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { readCapacity } from '../../database/queries/readRun.ts';
import { readTaskCounts } from '../../database/queries/readRunTasks.ts';
import { type AssetRow, readAssets } from '../../database/queries/web/readAssets.ts';
import { readRunPage, type RunPageRow } from '../../database/queries/web/readRunPage.ts';
import { causeWords, explainRun } from '../../explain/explain.ts';
import { weightiest } from '../../../src/model/weightiest.ts';
import { visible } from '../../../src/model/access.ts';
import { pageOfRows } from './cursors.ts';
import { runAt } from './find.ts';
import { type ApiContext, route } from './route.ts';
import { RunPath } from './schema/ids.ts';
import { readCursor } from './schema/page.ts';
import {
  AssetList,
  type AssetUse,
  Run,
  type RUN_KINDS,
  RunListQuery,
  RunPage,
  type RunSummary,
} from './schema/runs.ts';
import { countsOf } from './taskStates.ts';
import { utc } from './times.ts';

const Place = z.object({ before: z.int() });

export function serveRuns(api: FastifyInstance, context: ApiContext): void {
  const { database, traceUrl } = context;
  route(api, context, {
    method: 'GET',
    path: '/runs',
    id: 'listRuns',
    summary: 'Runs, newest first',
    tag: 'Runs',
    right: 'signedIn',
    query: RunListQuery,
    answer: RunPage,
    async handle({ query: { cursor, before, limit, ...filters }, identity }) {
      const rows = await readRunPage(database, {
        ...filters,
        before: readCursor(cursor, Place)?.before ?? before,
        visible: visible(identity),
        limit: limit + 1,
      });
      return pageOfRows(rows, limit, runSummary, ({ id }) => ({ before: id }));
    },
  });

  route(api, context, {
    method: 'GET',
    path: '/dags/:dagId/runs/:runId',
    id: 'getRun',
    summary: 'One run',
    tag: 'Runs',
    right: 'view',
    params: RunPath,
    answer: Run,
    async handle({ params }) {
      const run = await runAt(database, params);
      const [capacity, counts] = await Promise.all([
        readCapacity(database),
        readTaskCounts(database, run.id),
      ]);
      return {
        ...runSummary({ ...run, kind: run.kind as (typeof RUN_KINDS)[number] }),
        reason: explainRun({ run, capacity, counts }) || null,
        intervalStart: utc(run.intervalStart),
        intervalEnd: utc(run.intervalEnd),
        params: run.params,
        version: run.version,
        isLatestVersion: run.versionId === run.currentVersionId,
        backfill: run.backfillId,
        dagPaused: run.paused,
        trace: run.traceId === null ? null : traceAt(run.traceId, traceUrl),
        counts: countsOf(counts),
        now: utc(run.now),
      };
    },
  });

  route(api, context, {
    method: 'GET',
    path: '/dags/:dagId/runs/:runId/assets',
    id: 'listAssets',
    summary: 'Assets that the tasks of a run name, by name; which of them it wrote, and when',
    tag: 'Runs',
    right: 'view',
    params: RunPath,
    answer: AssetList,
    async handle({ params }) {
      const rows = await readAssets(database, await runAt(database, params));
      const assets = [...Map.groupBy(rows, ({ asset }) => asset)].map(([name, uses]) => {
        const of = (kind: AssetRow['kind']) =>
          uses.filter((use) => use.kind === kind).map(assetUse);
        return { name, writtenBy: of('outlet'), readBy: of('inlet') };
      });
      return { assets: assets.sort((a, b) => (a.name < b.name ? -1 : 1)) };
    },
  });
}

function assetUse({ taskId, isMapped, states, endedAt }: AssetRow): z.input<typeof AssetUse> {
  const state = weightiest(states ?? []) ?? 'removed';
  return { taskId, isMapped, state, at: state === 'success' ? utc(endedAt) : null };
}

function traceAt(id: string, template: string | undefined): z.input<typeof Run>['trace'] {
  return { id, url: template?.replaceAll('{traceId}', id) ?? null };
}

export function runSummary(row: RunPageRow): z.input<typeof RunSummary> {
  const { id, dagId, runId, kind, state, cause, note } = row;
  return {
    ...{ id, dagId, runId, kind, state, cause, note },
    causeWords: causeWords(cause) || null,
    logicalDate: utc(row.logicalDate),
    createdAt: utc(row.createdAt),
    startedAt: utc(row.startedAt),
    endedAt: utc(row.endedAt),
  };
}
