/** GET /dags/:dagId/grid: runs and tasks as compact rows of cells; /grid/runs: some of its runs again, as they changed. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Database } from '../../database/pool.ts';
import {
  type GridRunRow,
  readGridRuns,
  readGridStates,
  readGridTasks,
  readNamedGridRuns,
} from '../../database/queries/web/readGrid.ts';
import { readVersions } from '../../database/queries/web/readVersions.ts';
import { gridOf, hashOf, tasksOf } from './gridCells.ts';
import { type ApiContext, route } from './route.ts';
import { Grid, GridQuery, GridRuns, GridRunsQuery } from './schema/graph.ts';
import { DagPath } from './schema/ids.ts';
import { readCursor, writeCursor } from './schema/page.ts';

const Place = z.object({ before: z.int() });

/** What the order of a grid's tasks follows from, and a hash of them. */
const Order = z.object({
  versions: z.array(z.int().min(1)),
  tasks: z.string(),
});

/** A grid of more cells is cut after fewer runs; `next` goes on. */
const MOST_CELLS = 250_000;
/** Of more versions no order is named: it would not fit into an address. */
const MOST_VERSIONS = 200;

export function serveGrid(api: FastifyInstance, context: ApiContext): void {
  const { database } = context;
  route(api, context, {
    method: 'GET',
    path: '/dags/:dagId/grid',
    id: 'getGrid',
    summary: 'Runs and the states of their tasks, in short',
    tag: 'DAGs',
    right: 'view',
    params: DagPath,
    query: GridQuery,
    answer: Grid,
    async handle({ params: { dagId }, query }) {
      const [current] = await readVersions(database, { dagId, limit: 1, current: true });
      const most = Math.max(1, Math.floor(MOST_CELLS / Math.max(1, current?.tasks ?? 1)));
      const limit = Math.min(query.runs, most);
      const before = readCursor(query.before, Place)?.before;
      const found = await readGridRuns(database, { dagId, before, limit: limit + 1 });
      const runs = found.slice(0, limit);
      const last = runs.at(-1);
      return {
        ...(await readGrid(database, { dagId, current: current?.version, runs })),
        next: found.length > limit && last ? writeCursor({ before: last.id }) : null,
      };
    },
  });

  route(api, context, {
    method: 'GET',
    path: '/dags/:dagId/grid/runs',
    id: 'getGridRuns',
    summary: 'Some runs of a grid as they are now, for who shows it already',
    tag: 'DAGs',
    right: 'view',
    params: DagPath,
    query: GridRunsQuery,
    answer: GridRuns,
    async handle({ params: { dagId }, query }) {
      const known = readCursor(query.order, Order);
      const [[current], runs] = await Promise.all([
        readVersions(database, { dagId, limit: 1, current: true }),
        readNamedGridRuns(database, dagId, query.runId),
      ]);
      const versions = known?.versions.slice(0, MOST_VERSIONS);
      const grid = await readGrid(database, { dagId, current: current?.version, versions, runs });
      return known?.tasks === hashOf(grid.tasks) ? { ...grid, tasks: null } : grid;
    },
  });
}

async function readGrid(
  database: Database,
  given: { dagId: string; current?: number; versions?: number[]; runs: readonly GridRunRow[] },
) {
  const { dagId, current, runs } = given;
  const versions = new Set([...(given.versions ?? []), ...runs.map(({ version }) => version)]);
  if (current !== undefined) versions.add(current);
  const [rows, states] = await Promise.all([
    readGridTasks(database, dagId, [...versions]),
    readGridStates(
      database,
      runs.map(({ id }) => id),
    ),
  ]);
  const tasks = tasksOf(rows, current);
  const order =
    versions.size > MOST_VERSIONS
      ? null
      : writeCursor({ versions: [...versions], tasks: hashOf(tasks) });
  return { ...gridOf(runs, tasks, states), order };
}
