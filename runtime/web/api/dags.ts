/** DAGs: the list with search, filters and the last runs as bars; and one whole. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { PodlineError } from '../../../src/errors.ts';
import { type DagPageRow, readDagPage } from '../../database/queries/web/readDagPage.ts';
import { readDag } from '../../database/queries/readDag.ts';
import { countTasks } from '../../database/queries/web/countTasks.ts';
import { scheduleWords } from '../../explain/scheduleWords.ts';
import { EVERYTHING, visible } from '../../../src/model/access.ts';
import { pageOfRows } from './cursors.ts';
import { buildTrouble } from './records.ts';
import { type ApiContext, route } from './route.ts';
import { Dag, DagListQuery, DagPage, type DagSummary } from './schema/dags.ts';
import { DagPath } from './schema/ids.ts';
import { readCursor } from './schema/page.ts';
import { utc } from './times.ts';

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
      const { cursor, limit, q, tag, state, after, inactive } = query;
      const rows = await readDagPage(database, {
        after: readCursor(cursor, Place)?.after ?? after,
        inactive,
        ...{ q, tag, state },
        visible: visible(identity),
        limit: limit + 1,
      });
      return pageOfRows(rows, limit, summaryOf, ({ dagId }) => ({ after: dagId }));
    },
  });

  route(api, context, {
    method: 'GET',
    path: '/dags/:dagId',
    id: 'getDag',
    summary: 'One DAG',
    tag: 'DAGs',
    right: 'view',
    params: DagPath,
    answer: Dag,
    async handle({ params: { dagId } }) {
      const [[row], dag] = await Promise.all([
        // The route has asked already whether the DAG may be seen.
        readDagPage(database, { dagId, visible: EVERYTHING, limit: 1 }),
        readDag(database, dagId),
      ]);
      if (!row || !dag) throw new PodlineError('not_found.dag', { dag: dagId });
      const { plan } = dag;
      return {
        ...summaryOf(row),
        version: dag.version,
        hash: dag.hash,
        bundleId: dag.bundleId,
        versionCreatedAt: utc(dag.versionCreatedAt),
        startDate: plan.startDate ?? null,
        endDate: plan.endDate ?? null,
        catchup: plan.catchup,
        maxActiveRuns: plan.maxActiveRuns,
        maxActiveTasks: plan.maxActiveTasks,
        runTimeout: plan.runTimeout ?? null,
        failFast: plan.failFast,
        params: plan.params,
        tasks: await countTasks(database, dag.versionId),
        buildErrors: dag.buildErrors.map(buildTrouble),
        now: utc(dag.now),
      };
    },
  });
}

function summaryOf({
  brokenFile,
  nextLogicalDate,
  nextRunAt,
  schedule,
  lastRuns,
  ...row
}: DagPageRow) {
  const trouble =
    brokenFile !== null ? `The file ${brokenFile} does not build.` : row.scheduleError;
  return {
    ...row,
    scheduleSpec: schedule,
    schedule: schedule.kind === 'none' ? null : scheduleWords(schedule),
    nextLogicalDate: utc(nextLogicalDate),
    nextRunAt: utc(nextRunAt),
    trouble,
    isBroken: brokenFile !== null,
    lastRuns: lastRuns.map((run) => ({
      ...run,
      startedAt: utc(run.startedAt),
      endedAt: utc(run.endedAt),
    })),
  } satisfies z.input<typeof DagSummary>;
}
