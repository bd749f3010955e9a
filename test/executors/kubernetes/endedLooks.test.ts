/** A look that is over is not begun again by a row that was read before its end. */
import assert from 'node:assert/strict';
import { EndedLooks } from '../../../runtime/executors/kubernetes/endedLooks.ts';

describe('looks that are over', () => {
  it('are known with those before them, and the next look is not', () => {
    const over = new EndedLooks();
    over.add(7, 2);
    assert.deepEqual(
      [over.has(7, 1), over.has(7, 2), over.has(7, 3), over.has(8, 1)],
      [true, true, false, false],
    );
  });

  it('are forgotten, the oldest first, when there are too many', () => {
    const over = new EndedLooks();
    for (let id = 0; id <= 5_000; id += 1) over.add(id, 1);
    assert.deepEqual([over.has(0, 1), over.has(1, 1), over.has(5_000, 1)], [false, true, true]);
  });
});
