/** Which mapped task is open, in which run, and what the grid knows of its instances. Pure. */
import { weightiest } from '../../../../../../../../src/model/weightiest.ts';
import type { LiveGrid } from '../../../../api/mergeGrid.ts';
import { stateAt } from '../gridRows.ts';

type Run = LiveGrid['runs'][number];

export interface OpenTask {
  place: number;
  taskId: string;
  run: Run;
  /** Instances by state, what matters most first; the chosen state also where none is in it. */
  counts: [state: string, count: number][];
  total: number;
  /** The nearest runs on both sides that have instances of it. */
  older: string | undefined;
  newer: string | undefined;
}

/** The task was mapped when one of these runs began, or is now. */
export function isMapped(grid: LiveGrid, place: number, run?: Run): boolean {
  return grid.tasks[place]?.isMapped === true || run?.mapped[place] !== undefined;
}

/** Undefined: nothing is open. Without a run that has it, the newest that has. `among`: the chosen state. */
export function openTask(
  grid: LiveGrid,
  taskId: string | undefined,
  runId: string | undefined,
  among?: string,
): OpenTask | undefined {
  if (taskId === undefined) return undefined;
  const place = grid.tasks.findIndex((task) => task.taskId === taskId);
  const runs = place < 0 ? [] : grid.runs.filter((run) => stateAt(grid, run, place) !== undefined);
  const named = runs.findIndex((run) => run.runId === runId);
  const at = named < 0 ? 0 : named;
  const run = runs[at];
  if (!run) return undefined;
  const state = stateAt(grid, run, place) ?? 'none';
  const known = run.mapped[place] ?? { [state]: 1 };
  const counts = inOrder(among === undefined ? known : { [among]: 0, ...known });
  return {
    ...{ place, taskId, run, counts },
    total: counts.reduce((sum, [, count]) => sum + count, 0),
    older: runs[at + 1]?.runId,
    newer: runs[at - 1]?.runId,
  };
}

function inOrder(counts: Record<string, number>): [string, number][] {
  const left = new Map(Object.entries(counts));
  const ordered: [string, number][] = [];
  while (left.size > 0) {
    const next = weightiest([...left.keys()]) ?? [...left.keys()][0] ?? '';
    ordered.push([next, left.get(next) ?? 0]);
    left.delete(next);
  }
  return ordered;
}
