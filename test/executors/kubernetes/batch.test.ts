/** What pods told on its way into the database: nothing waits for ever, and a bad row stops no neighbour. */
import assert from 'node:assert/strict';
import { Batch } from '../../../runtime/executors/kubernetes/batch.ts';

describe('batches', () => {
  const signal = new AbortController().signal;

  it('take what comes in the very moment in which they end', async () => {
    for (let turns = 0; turns < 12; turns += 1) {
      const batch = new Batch<number, number>({
        work: (items) => Promise.resolve(items),
        isTransient: () => false,
        signal,
      });
      await batch.add(1);
      for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
      assert.equal(await batch.add(2), 2, `${turns} turns after the first`);
    }
  });

  it('go on when the database is back, and refuse only the row that it refuses', async () => {
    let calls = 0;
    const batch = new Batch<number, number>({
      work(items) {
        calls += 1;
        if (calls === 1) return Promise.reject(new Error('away'));
        return items.includes(2) ? Promise.reject(new Error('bad')) : Promise.resolve(items);
      },
      isTransient: (error) => (error as Error).message === 'away',
      signal,
    });
    const results = await Promise.allSettled([1, 2, 3].map((item) => batch.add(item)));
    assert.deepEqual(
      results.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled'],
    );
  });
});
