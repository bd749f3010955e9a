/** Rows of the database as the cells of a grid: thousands of them, one character each. Pure. */
import { createHash } from 'node:crypto';
import type { z } from 'zod';
import { TASK_STATES, type TaskState } from '../../../src/model/states.ts';
import { weightiest } from '../../../src/model/weightiest.ts';
import type { GridRunRow, GridStateRow, GridTaskRow } from '../../database/queries/web/readGrid.ts';
import { cellOf, type Grid } from './schema/graph.ts';
import { utc } from './times.ts';

/** Tasks of the current version in its order, and behind them what only older ones had. */
export function tasksOf(rows: readonly GridTaskRow[], current: number | undefined) {
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

/** Equal only where places mean the same tasks, and all that is told of them is the same. */
export function hashOf(tasks: ReturnType<typeof tasksOf>): string {
  return createHash('sha256').update(JSON.stringify(tasks)).digest('base64url');
}

type Counts = Partial<Record<TaskState, number>>;

export function gridOf(
  runs: readonly GridRunRow[],
  tasks: ReturnType<typeof tasksOf>,
  states: readonly GridStateRow[],
): Omit<z.input<typeof Grid>, 'next' | 'order'> {
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
    runs: runs.map((run, place) => ({
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
