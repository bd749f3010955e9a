/** Which run of an open mapped task is shown, what its instances are, and where left and right lead. */
import assert from 'node:assert/strict';
import { openTask } from '../../../runtime/web/ui/src/pages/dag/grid/instances/openTask.ts';
import { gridRun as run, gridTask, shownGrid } from './gridValues.ts';

const TASKS = [gridTask('first'), gridTask('each', { isMapped: true })];
const grid = shownGrid(TASKS, [
  run(9, '1-'),
  run(7, '12', { 1: { success: 5, failed: 2 } }),
  run(6, '1-'),
  run(5, '10'),
  run(4, '11', { 1: { success: 3 } }),
]);

describe('an open mapped task', () => {
  it('is shown of the newest run that has it, if none is named, or one that has not', () => {
    for (const runId of [undefined, 'r9', 'unknown']) {
      assert.equal(openTask(grid, 'each', runId)?.run.runId, 'r7');
    }
    assert.equal(openTask(grid, 'each', 'r4')?.run.runId, 'r4');
  });

  it('has instances by state, what matters most first; one where it is not mapped yet', () => {
    const open = openTask(grid, 'each', 'r7');
    assert.ok(open);
    assert.deepEqual(open.counts, [
      ['failed', 2],
      ['success', 5],
    ]);
    assert.equal(open.total, 7);
    assert.deepEqual(openTask(grid, 'each', 'r5')?.counts, [['none', 1]]);
  });

  it('keeps the chosen state when no instance is in it for a moment', () => {
    const open = openTask(grid, 'each', 'r7', 'running');
    assert.ok(open);
    assert.deepEqual(open.counts, [
      ['failed', 2],
      ['running', 0],
      ['success', 5],
    ]);
    assert.equal(open.total, 7);
    assert.deepEqual(openTask(grid, 'each', 'r7', 'failed')?.counts[0], ['failed', 2]);
  });

  it('leads to the nearest runs that have it', () => {
    const near = (runId: string) => {
      const open = openTask(grid, 'each', runId);
      return [open?.older, open?.newer];
    };
    assert.deepEqual(near('r7'), ['r5', undefined]);
    assert.deepEqual(near('r5'), ['r4', 'r7']);
    assert.deepEqual(near('r4'), [undefined, 'r5']);
  });

  it('is none without a task, and where no run has it', () => {
    assert.equal(openTask(grid, undefined, 'r7'), undefined);
    assert.equal(openTask(grid, 'nothing', undefined), undefined);
    assert.equal(openTask({ ...grid, runs: [run(9, '1-')] }, 'each', undefined), undefined);
  });
});
