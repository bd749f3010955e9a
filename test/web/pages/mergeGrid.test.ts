/** Columns of changed runs in the grid that is shown: what stays, what moves, what comes, and when only the whole can tell. */
import assert from 'node:assert/strict';
import { liveGrid, mergeGrid } from '../../../runtime/web/ui/src/api/mergeGrid.ts';
import type { Grid, GridRuns } from '../../../runtime/web/ui/src/api/types.ts';
import { type GridRun, gridRun, gridTask, STATES } from './gridValues.ts';

const run = (id: number, cells = '11') => gridRun(id, cells);
const TASKS = ['a', 'b'].map((taskId) => gridTask(taskId));
const whole = (ids: number[], next: string | null = null): Grid => ({
  ...{ states: STATES, order: 'o1', tasks: TASKS, next },
  runs: ids.map((id) => run(id)),
});
const answer = (runs: GridRun[], change: Partial<GridRuns> = {}): GridRuns => ({
  ...{ states: STATES, order: 'o2', tasks: null, runs, ...change },
});
const ids = (grid?: { runs: GridRun[] }) => grid?.runs.map(({ id }) => id);

describe('columns of changed runs', () => {
  it('take the place of what was there; all else stays the same object', () => {
    const before = liveGrid(whole([9, 7, 5]), 50);
    const after = mergeGrid(before, answer([run(7, '12')]), ['r7']);
    assert.ok(after);
    assert.deepEqual(
      after.runs.map(({ cells }) => cells),
      ['11', '12', '11'],
    );
    assert.equal(after.runs[0], before.runs[0]);
    assert.equal(after.runs[2], before.runs[2]);
    assert.equal(after.tasks, before.tasks);
    assert.equal(after.order, 'o2');
    assert.equal(before.runs[1]?.cells, '11', 'what was shown is not written into');
  });

  it('of new runs stand where their numbers are', () => {
    const before = liveGrid(whole([9, 7]), 50);
    assert.deepEqual(ids(mergeGrid(before, answer([run(11), run(8)]), ['r8', 'r11'])), [
      ...[11, 9, 8, 7],
    ]);
    assert.deepEqual(ids(mergeGrid(liveGrid(whole([]), 50), answer([run(1)]), ['r1'])), [1]);
  });

  it('make it no longer than was asked, or than a whole answer was that named older runs', () => {
    const full = liveGrid(whole([9, 7]), 2);
    assert.deepEqual(ids(mergeGrid(full, answer([run(11)]), ['r11'])), [11, 9]);
    const cut = liveGrid(whole([9, 7], 'older'), 50);
    assert.deepEqual(ids(mergeGrid(cut, answer([run(11)]), ['r11'])), [11, 9]);
    assert.deepEqual(ids(mergeGrid(cut, answer([run(3, '22')]), ['r3'])), [9, 7], 'too old');
  });

  it('are not enough when tasks are others, states have other places, or a shown run is gone', () => {
    const before = liveGrid(whole([9, 7]), 50);
    assert.equal(mergeGrid(before, answer([run(9)], { tasks: TASKS }), ['r9']), undefined);
    assert.equal(mergeGrid(before, answer([run(9)], { order: null }), ['r9']), undefined);
    assert.equal(mergeGrid(before, answer([run(9)], { states: ['none'] }), ['r9']), undefined);
    assert.equal(mergeGrid(before, answer([]), ['r9']), undefined);
    assert.deepEqual(ids(mergeGrid(before, answer([]), ['r3'])), [9, 7], 'never shown');
  });
});
