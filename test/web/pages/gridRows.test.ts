/** Which rows the grid has, and what state a row shows: groups wherever their tasks stand in the plan, closed ones, a search. */
import assert from 'node:assert/strict';
import {
  groupIds,
  gridRows,
  rowState,
  stateAt,
} from '../../../runtime/web/ui/src/pages/dag/grid/gridRows.ts';
import { gridRun, gridTask, shownGrid } from './gridValues.ts';

const task = (taskId: string, group: string | null = null) => gridTask(taskId, { group });
/** As a plan has them: what hangs on others comes behind them, so groups are not together. */
const TASKS = [
  task('first'),
  task('a.one', 'a'),
  task('b.one', 'b'),
  task('a.deep.two', 'a.deep'),
  task('a.three', 'a'),
  task('last'),
];
const NONE: ReadonlySet<string> = new Set();
const shown = (closed: ReadonlySet<string>, find?: string) =>
  gridRows(TASKS, closed, find).map(({ label, depth, kind }) =>
    kind === 'group' ? `${' '.repeat(depth)}[${label}]` : `${' '.repeat(depth)}${label}`,
  );

describe('rows of the grid', () => {
  it('stand below their groups, wherever the plan has them', () => {
    assert.deepEqual(shown(NONE), [
      ...['first', '[a]', ' one', ' [deep]', '  two', ' three', '[b]', ' one', 'last'],
    ]);
  });

  it('of a closed group are one row, which counts what lies deeper, too', () => {
    const rows = gridRows(TASKS, new Set(['a', 'a.deep']), undefined);
    const group = rows.find((row) => row.kind === 'group' && row.id === 'a');
    assert.deepEqual(group?.kind === 'group' && [group.isOpen, group.places], [false, [1, 3, 4]]);
    assert.deepEqual(shown(new Set(['a'])), ['first', '[a]', '[b]', ' one', 'last']);
    assert.deepEqual(shown(new Set(['a.deep'])).slice(1, 5), ['[a]', ' one', ' [deep]', ' three']);
  });

  it('of a search have no groups, and their whole ids', () => {
    assert.deepEqual(shown(new Set(['a']), 'ONE'), ['a.one', 'b.one']);
    assert.deepEqual(shown(NONE, 'nowhere'), []);
  });

  it('name every group once, with those that hold groups alone', () => {
    assert.deepEqual(groupIds([task('x.y.z', 'x.y'), task('x.y.w', 'x.y')]), ['x', 'x.y']);
  });

  it('are quick with ten thousand tasks in five hundred groups', () => {
    const tasks = Array.from({ length: 10_000 }, (_, n) => {
      const group = `stage_${n % 50}.table_${n % 500}`;
      return task(`${group}.step_${n}`, group);
    });
    const began = performance.now();
    assert.equal(gridRows(tasks, NONE, undefined).length, 10_000 + 50 + 500);
    assert.ok(performance.now() - began < 500);
  });
});

describe('states in the grid', () => {
  const run = (cells: string) => gridRun(1, cells);
  const grid = shownGrid(TASKS);

  it('are read from a character; none where a run has no such task', () => {
    assert.equal(stateAt(grid, run('1-----'), 0), 'success');
    assert.equal(stateAt(grid, run('1-----'), 1), undefined);
    assert.equal(stateAt(grid, run('1'), 5), undefined);
  });

  it('of a group are those that matter most, for each run by itself', () => {
    const [, group] = gridRows(TASKS, new Set(['a']), undefined);
    assert.ok(group);
    const [bad, well, empty] = [run('11-211'), run('11-131'), run('1-----')];
    assert.equal(rowState(grid, bad, group), 'failed');
    assert.equal(rowState(grid, well, group), 'running');
    assert.equal(rowState(grid, empty, group), undefined);
    assert.equal(rowState(grid, bad, group), 'failed');
  });
});
