/** What the tests of cancel, clear and mark share: a chain of three, and the slots that are held. */
import { bash, chain, dag } from 'podline/dag';
import type { TestEngine } from '../../runtime/testing/index.ts';

export const work = bash({ script: 'true' });

export const abc = dag('abc', {}, (d) => {
  chain(...['a', 'b', 'c'].map((id) => d.task(id, work)));
});

export async function usedSlots(engine: TestEngine): Promise<number> {
  const { rows } = await engine.database.query<{ used: number }>('SELECT used FROM podline.pool');
  return rows[0]?.used ?? -1;
}
