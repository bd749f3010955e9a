/** Columns of runs that changed, put into the grid that is shown. Pure; gridChanges.ts asks for them. */
import type { Grid, GridRuns } from './types.ts';

/** A grid that follows its runs: it never shows more than `most`, and goes to no older ones. */
export type LiveGrid = Omit<Grid, 'next'> & { most: number };

/** A whole answer. Where it names older runs, it is as long as it may become. */
export function liveGrid({ next, ...grid }: Grid, asked: number): LiveGrid {
  return { ...grid, most: next === null ? asked : grid.runs.length };
}

/**
 * The grid with these runs as they are now; all others stay the same objects, and so do the tasks. Undefined: only the
 * whole can tell, because tasks are others or a run is gone.
 */
export function mergeGrid(
  grid: LiveGrid,
  { tasks, states, order, runs }: GridRuns,
  asked: readonly string[],
): LiveGrid | undefined {
  if (tasks !== null || order === null || states.join() !== grid.states.join()) return undefined;
  const changed = new Map(runs.map((run) => [run.runId, run]));
  const isGone = (runId: string) => asked.includes(runId) && !changed.has(runId);
  if (grid.runs.some(({ runId }) => isGone(runId))) return undefined;
  const kept = grid.runs.filter(({ runId }) => !changed.has(runId));
  // What is older than all that is shown falls out again.
  const merged = [...kept, ...runs].sort((a, b) => b.id - a.id).slice(0, grid.most);
  return { ...grid, order, runs: merged };
}
