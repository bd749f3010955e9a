/** GET /dags/:dagId/grid: runs and tasks as compact rows of cells. Thousands of cells, one character each. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { TASK_STATES, type TaskState } from '../../../src/model/states.ts';
import { weightiest } from '../../../src/model/weightiest.ts';
import {
  type GridRunRow,
  type GridStateRow,
  type GridTaskRow,
  readGridRuns,
  readGridStates,
  readGridTasks,
} from '../../database/queries/web/readGrid.ts';
import { readVersions } from '../../database/queries/web/readVersions.ts';
import { type ApiContext, route } from './route.ts';
import { cellOf, Grid, GridQuery } from './schema/graph.ts';
import { DagPath } from './schema/ids.ts';
import { readCursor, writeCursor } from './schema/page.ts';
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
        readGridStates(
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

type Counts = Partial<Record<TaskState, number>>;

export function gridOf(
  runs: readonly GridRunRow[],
  tasks: ReturnType<typeof tasksOf>,
  states: readonly GridStateRow[],
): Omit<z.input<typeof Grid>, 'next'> {
  const byTask = Map.groupBy(states, ({ taskId }) => taskId);
  const columns = runs.map((): { cells: string[]; mapped: Record<string, Counts> } => ({
    cells: tasks.map(() => '-'),
    mapped: {},
  }));
  tasks.forEach(({ taskId }, place) => {
    for (const [run, counts] of countsByRun(byTask.get(taskId) ?? [])) {
      const column = columns[run - 1];
      if (!column) continue;
      const state = weightiest(Object.keys(counts)) ?? 'removed';
      column.cells[place] = cellOf(TASK_STATES.indexOf(state));
      const instances = Object.values(counts).reduce((sum, count) => sum + count, 0);
      if (instances > 1) column.mapped[place] = counts;
    }
  });
  return {
    states: [...TASK_STATES],
    tasks,
    runs: runs.map(({ id: _id, ...run }, place) => ({
      ...run,
      logicalDate: utc(run.logicalDate),
      createdAt: utc(run.createdAt),
      startedAt: utc(run.startedAt),
      endedAt: utc(run.endedAt),
      cells: columns[place]?.cells.join('') ?? '',
      mapped: columns[place]?.mapped ?? {},
    })),
  };
}

/** How many instances of one task are in which state, for each place of a run. */
function countsByRun(rows: readonly GridStateRow[]): Map<number, Counts> {
  const found = new Map<number, Counts>();
  for (const { state, runs } of rows) {
    for (const text of runs.split(',')) {
      const run = Number(text);
      const counts = found.get(run) ?? {};
      counts[state] = (counts[state] ?? 0) + 1;
      found.set(run, counts);
    }
  }
  return found;
}
