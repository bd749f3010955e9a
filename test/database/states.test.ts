/** The transition table of src/model/states.ts and the one that the database enforces are the same. */
import assert from 'node:assert/strict';
import { canMove, TASK_STATES, type TaskState } from '../../src/model/states.ts';
import { type TestDatabase, testDatabase } from '../../runtime/testing/database.ts';

describe('states in SQL', () => {
  let test: TestDatabase;
  before(async () => {
    test = await testDatabase();
  });
  after(() => test.drop());

  it('allow and refuse exactly the moves of the table', async () => {
    // One row for every pair of states; the move of each is tried alone.
    const { rows } = await test.pool.query<{ id: number; from: TaskState; to: TaskState }>(
      `WITH pairs AS (
         SELECT f.s AS "from", t.s AS "to", row_number() OVER ()::int AS n
           FROM unnest($1::text[]) AS f(s) CROSS JOIN unnest($1::text[]) AS t(s)
       ), made AS (
         INSERT INTO podline.task_instance (run_id, dag_id, task_id, map_index, state, pool, executor)
         SELECT 0, 'd', 't', n, "from", 'p', 'local' FROM pairs RETURNING id, map_index
       )
       SELECT m.id, p."from", p."to" FROM made m JOIN pairs p ON p.n = m.map_index`,
      [TASK_STATES],
    );
    assert.equal(rows.length, TASK_STATES.length ** 2);
    const wrong: string[] = [];
    for (const { id, from, to } of rows) {
      const moved = await test.pool
        .query('UPDATE podline.task_instance SET state = $2 WHERE id = $1', [id, to])
        .then(
          () => true,
          (error: unknown) => {
            assert.equal((error as { code?: string }).code, 'PL004');
            return false;
          },
        );
      if (moved !== (from === to || canMove(from, to))) wrong.push(`${from} > ${to}`);
    }
    assert.deepEqual(wrong, []);
  });
});
