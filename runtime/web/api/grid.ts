/** GET /dags/:dagId/grid: runs and tasks as compact rows of cells. Thousands of cells, one character each. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { TASK_STATES, type TaskState } from '../../../src/model/states.ts';
import { weightiest } from '../../../src/model/weightiest.ts';
import {
  type GridRunRow,
  type GridTaskRow,
  readGridRuns,
  readGridTasks,
} from '../../database/queries/web/readGrid.ts';
import { readTaskStates, type TaskStateRow } from '../../database/queries/web/readTaskStates.ts';
import { readVersions } from '../../database/queries/web/readVersions.ts';
import { type ApiContext, route } from './route.ts';
import { cellOf, Grid, GridQuery } from './schema/graph.ts';
import { DagPath } from './schema/ids.ts';
import { readCursor, writeCursor } from './schema/page.ts';
import { countsOf } from './taskStates.ts';
import { utc } from './times.ts';

const Place = z.object({ before: z.int() });

/** A grid of more cells is cut after fewer runs; `next` goes on. */
const MOST_CELLS = 250_000;

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
      const versions = new Set(runs.map(({ version }) => version));
      if (current) versions.add(current.version);
      const [tasks, states] = await Promise.all([
        readGridTasks(database, [...versions]),
        readTaskStates(
          database,
          runs.map(({ id }) => id),
        ),
      ]);
      const last = runs.at(-1);
      return {
        ...gridOf(runs, tasksOf(tasks, current?.version), states),
        next: found.length > limit && last ? writeCursor({ before: last.id }) : null,
      };
    },
  });
}

/** Tasks of the current version in its order, and behind them what only older ones had. */
function tasksOf(rows: readonly GridTaskRow[], current: number | undefined) {
  const tasks = new Map<string, Omit<GridTaskRow, 'version'> & { isGone: boolean }>();
  const ordered = [
    ...rows.filter(({ version }) => version === current),
    ...rows.filter(({ version }) => version !== current),
  ];
  for (const { version, ...task } of ordered) {
    if (!tasks.has(task.taskId)) {
      tasks.set(task.taskId, { ...task, isGone: version !== current });
    }
  }
  return [...tasks.values()];
}

export function gridOf(
  runs: readonly GridRunRow[],
  tasks: ReturnType<typeof tasksOf>,
  states: readonly TaskStateRow[],
): Omit<z.input<typeof Grid>, 'next'> {
  const places = new Map(tasks.map(({ taskId }, place) => [taskId, place]));
  const byRun = Map.groupBy(states, ({ runNumber }) => runNumber);
  return {
    states: [...TASK_STATES],
    tasks,
    runs: runs.map(({ id, ...run }) => {
      const cells = new Array<string>(tasks.length).fill('-');
      const mapped: Record<string, Partial<Record<TaskState, number>>> = {};
      for (const [taskId, rows] of Map.groupBy(byRun.get(id) ?? [], (row) => row.taskId)) {
        const place = places.get(taskId);
        if (place === undefined) continue;
        const state = weightiest(rows.map(({ state }) => state)) ?? 'removed';
        cells[place] = cellOf(TASK_STATES.indexOf(state));
        if (rows.reduce((sum, { count }) => sum + count, 0) > 1) mapped[place] = countsOf(rows);
      }
      return {
        ...run,
        logicalDate: utc(run.logicalDate),
        createdAt: utc(run.createdAt),
        startedAt: utc(run.startedAt),
        endedAt: utc(run.endedAt),
        cells: cells.join(''),
        mapped,
      };
    }),
  };
}
