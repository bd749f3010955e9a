/** What is under the cursor of the grid, in words. Pure. */
import type { LiveGrid } from '../../../api/mergeGrid.ts';
import { lookOf } from '../../../states.ts';
import { absoluteWords, durationWords, spanOf } from '../../../time.ts';
import { type GridRow, rowState } from './gridRows.ts';

export function cellWords(
  grid: LiveGrid,
  run: LiveGrid['runs'][number] | undefined,
  row: GridRow | undefined,
): string {
  if (!run) {
    if (!row) return '';
    const isMapped = row.kind === 'task' && grid.tasks[row.place]?.isMapped === true;
    return nameOf(grid, row) + (isMapped ? ', mapped: opens to its instances' : '');
  }
  if (!row) {
    const span = spanOf(run.startedAt, run.endedAt, Date.now());
    const took = span === null ? '' : `, ${durationWords(span)}`;
    return `${run.runId}: ${lookOf(run.state).words}${took}, ${run.kind}, made ${absoluteWords(run.createdAt)}`;
  }
  const state = rowState(grid, run, row);
  const words = state === undefined ? 'not part of this run' : lookOf(state).words;
  const counts = row.kind === 'task' ? run.mapped[row.place] : undefined;
  const mapped = counts
    ? ` (${Object.entries(counts)
        .map(([name, count]) => `${count} ${lookOf(name).words}`)
        .join(', ')})`
    : '';
  return `${nameOf(grid, row)}: ${words}${mapped}, in ${run.runId}`;
}

function nameOf(grid: LiveGrid, row: GridRow): string {
  if (row.kind === 'group') return `group ${row.id} of ${row.places.length} tasks`;
  const task = grid.tasks[row.place];
  return `${task?.taskId ?? row.label} (${task?.operator ?? 'task'}${task?.isGone ? ', of older versions' : ''})`;
}
