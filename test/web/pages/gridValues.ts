/** Runs and tasks of a grid as the API tells them, for tests of what the pages make of them. */
import type { LiveGrid } from '../../../runtime/web/ui/src/api/mergeGrid.ts';
import type { Grid } from '../../../runtime/web/ui/src/api/types.ts';

export type GridRun = Grid['runs'][number];
export type GridTask = Grid['tasks'][number];

/** `cells`: the state of each task, by its place in STATES. */
export const gridRun = (id: number, cells: string, mapped: GridRun['mapped'] = {}): GridRun => ({
  ...{ id, runId: `r${id}`, state: 'running', kind: 'manual', version: 1, cells, mapped },
  ...{ logicalDate: null, createdAt: '2026-01-01T00:00:00Z', startedAt: null, endedAt: null },
});

export const gridTask = (taskId: string, more: Partial<GridTask> = {}): GridTask => ({
  ...{ taskId, group: null, operator: 'bash', isMapped: false, isGone: false },
  ...more,
});

export const STATES: Grid['states'] = ['none', 'success', 'failed', 'running'];

/** A grid as it is shown, of at most 50 runs. */
export const shownGrid = (tasks: GridTask[], runs: GridRun[] = []): LiveGrid => ({
  ...{ states: STATES, order: null, most: 50, tasks, runs },
});
