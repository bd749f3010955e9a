/**
 * Another priority or pool for what waits, also in the queue of an executor. The counters of pools and DAGs are right
 * in the moment after. Many changes at once: changeTaskRace.test.ts.
 */
import assert from 'node:assert/strict';
import { bash, dag } from 'podline/dag';
import { changeTask, type TaskChange } from '../../runtime/commands/changeTask.ts';
import { inTransaction } from '../../runtime/database/pool.ts';
import { lockPools } from '../../runtime/database/queries/lockPools.ts';
import type { TestEngine } from '../../runtime/testing/index.ts';
import { lockWait } from '../lockWait.ts';
import { engineIt, started } from '../scheduler/engineIt.ts';

const work = bash({ script: 'true' });

async function makePool(engine: TestEngine, name: string, slots: number): Promise<void> {
  await engine.database.query('INSERT INTO podline.pool (name, slots) VALUES ($1, $2)', [
    name,
    slots,
  ]);
}

async function used(engine: TestEngine): Promise<Record<string, number>> {
  const { rows } = await engine.database.query<{ name: string; used: number }>(
    'SELECT name, used FROM podline.pool ORDER BY name',
  );
  return Object.fromEntries(rows.map((row) => [row.name, row.used]));
}

async function look(engine: TestEngine, taskId: string) {
  const { rows } = await engine.database.query<{ state: string; pool: string; priority: number }>(
    'SELECT state, pool, priority FROM podline.task_instance WHERE task_id = $1',
    [taskId],
  );
  return rows[0];
}

async function change(engine: TestEngine, dagId: string, taskId: string, what: TaskChange) {
  const { rows } = await engine.database.query<{ id: number; runId: string }>(
    'SELECT id, run_id AS "runId" FROM podline.run WHERE dag_id = $1 ORDER BY id DESC LIMIT 1',
    [dagId],
  );
  const [run] = rows;
  assert.ok(run);
  await changeTask(engine.database, { ...run, dagId }, { taskId, mapIndex: -1 }, what, 'ada');
}

/** Three independent tasks, of which the executor has room for none: they stand in its queue. */
async function queue(engine: TestEngine, poolSlots = 1): Promise<void> {
  await engine.register(
    dag('line', { maxActiveTasks: 50 }, (d) => {
      for (const id of ['a', 'b', 'c']) d.task(id, work, { poolSlots });
    }),
  );
  engine.executor.slots = 0;
  await engine.run('line');
  assert.equal((await look(engine, 'c'))?.state, 'queued');
}

describe('priority and pool of a task that waits', () => {
  engineIt('a queued task goes before the others, without a change of counters', async (engine) => {
    await queue(engine);
    const before = await used(engine);
    await change(engine, 'line', 'c', { priority: 50 });
    assert.deepEqual(await look(engine, 'c'), {
      ...{ state: 'queued', pool: 'default_pool', priority: 50 },
    });
    assert.deepEqual(await used(engine), before);
    assert.deepEqual(await engine.check(), []);
    // One at a time.
    for (const id of ['a', 'b', 'c']) engine.script(id, 'hang');
    engine.executor.slots = 1;
    await engine.settle();
    assert.deepEqual(started(engine), ['c']);
    engine.executor.slots = 10;
    await engine.settle();
    assert.deepEqual(started(engine).toSorted(), ['a', 'b', 'c']);
    for (const id of ['a', 'b', 'c']) await engine.executor.finish(id);
    await engine.settle();
  });

  engineIt('a queued task in another pool gives its slots back at once', async (engine) => {
    await makePool(engine, 'night', 4);
    await queue(engine, 2);
    assert.deepEqual(await used(engine), { default_pool: 6, night: 0 });
    // No tick between: what is told is what the command left.
    await change(engine, 'line', 'b', { pool: 'night', priority: 3 });
    assert.deepEqual(await look(engine, 'b'), { state: 'scheduled', pool: 'night', priority: 3 });
    assert.deepEqual(await used(engine), { default_pool: 4, night: 0 });
    assert.deepEqual(await engine.check(), []);
    await engine.settle();
    assert.equal((await look(engine, 'b'))?.state, 'queued');
    assert.deepEqual(await used(engine), { default_pool: 4, night: 2 });
    engine.executor.slots = 10;
    await engine.settle();
    assert.deepEqual(await used(engine), { default_pool: 0, night: 0 });
    assert.equal((await engine.runs('line'))[0]?.state, 'success');
    const { rows } = await engine.database.query<{ actor: string; details: unknown }>(
      `SELECT actor, details FROM podline.audit WHERE action = 'task.change'`,
    );
    assert.deepEqual(rows, [
      { actor: 'ada', details: { mapIndex: -1, pool: 'night', priority: 3 } },
    ]);
  });

  engineIt('a full pool is not overfilled: the task waits there for its turn', async (engine) => {
    await makePool(engine, 'night', 1);
    await engine.register(
      dag('holds', {}, (d) => {
        d.task('holder', work, { pool: 'night', priority: 20 });
        d.task('ahead', work, { pool: 'night', priority: 10 });
      }),
    );
    engine.script('holder', 'hang');
    engine.script('ahead', 'hang');
    await engine.run('holds');
    await queue(engine);
    await change(engine, 'line', 'a', { pool: 'night' });
    await engine.settle();
    assert.equal((await look(engine, 'a'))?.state, 'scheduled');
    assert.deepEqual(await used(engine), { default_pool: 2, night: 1 });
    engine.executor.slots = 100;
    await engine.executor.finish('holder');
    await engine.settle();
    // The one of higher priority is first, as if the other had always been here.
    assert.equal((await look(engine, 'a'))?.state, 'scheduled');
    await engine.executor.finish('ahead');
    await engine.settle();
    assert.equal((await look(engine, 'a'))?.state, 'success');
  });

  engineIt('the place of a DAG that is given back is free for its others', async (engine) => {
    await makePool(engine, 'closed', 1);
    await engine.register(
      dag('one', { maxActiveTasks: 1 }, (d) => {
        d.task('first', work, { priority: 5 });
        d.task('second', work);
      }),
      dag('full', {}, (d) => void d.task('holder', work, { pool: 'closed' })),
    );
    engine.script('holder', 'hang');
    await engine.run('full');
    engine.executor.slots = 0;
    await engine.run('one');
    assert.equal((await look(engine, 'second'))?.state, 'scheduled');
    await change(engine, 'one', 'first', { pool: 'closed' });
    await engine.settle();
    assert.equal((await look(engine, 'first'))?.state, 'scheduled');
    assert.equal((await look(engine, 'second'))?.state, 'queued');
    engine.executor.slots = 10;
    await engine.settle();
    await engine.executor.finish('holder');
    await engine.settle();
    assert.equal((await engine.runs('one'))[0]?.state, 'success');
  });

  engineIt('the pool that it is in already takes nothing from it', async (engine) => {
    await queue(engine);
    await change(engine, 'line', 'a', { pool: 'default_pool', priority: 2 });
    assert.deepEqual(await look(engine, 'a'), {
      ...{ state: 'queued', pool: 'default_pool', priority: 2 },
    });
    assert.deepEqual(await used(engine), { default_pool: 3 });
  });

  engineIt('a pool that is missing or too narrow leaves everything as it was', async (engine) => {
    await makePool(engine, 'narrow', 1);
    await queue(engine, 2);
    await assert.rejects(change(engine, 'line', 'a', { pool: 'nowhere' }), {
      code: 'not_found.pool',
    });
    await assert.rejects(change(engine, 'line', 'a', { pool: 'narrow' }), /needs 2 slots/);
    assert.equal((await look(engine, 'a'))?.state, 'queued');
    assert.deepEqual(await used(engine), { default_pool: 6, narrow: 0 });
  });

  engineIt('a sensor that is to look again keeps its attempt', async (engine) => {
    await makePool(engine, 'night', 1);
    await engine.register(dag('looks', {}, (d) => void d.task('poke', work, { retries: 0 })));
    engine.script('poke', ['wait', {}]);
    await engine.run('looks');
    assert.equal((await look(engine, 'poke'))?.state, 'up_for_reschedule');
    engine.executor.slots = 0;
    await engine.advance('2m');
    assert.equal((await look(engine, 'poke'))?.state, 'queued');
    await change(engine, 'looks', 'poke', { pool: 'night' });
    assert.deepEqual(await engine.check(), []);
    engine.executor.slots = 1;
    await engine.settle();
    assert.deepEqual(await look(engine, 'poke'), {
      ...{ state: 'success', pool: 'night', priority: 1 },
    });
    const { rows } = await engine.database.query<{ number: number; looks: number }>(
      'SELECT number, looks FROM podline.attempt',
    );
    assert.deepEqual(rows, [{ number: 1, looks: 2 }]);
  });

  engineIt('what a process has is refused, with the reason and what to do', async (engine) => {
    await makePool(engine, 'night', 1);
    await engine.register(dag('busy', {}, (d) => void d.task('load', work)));
    engine.script('load', 'hang');
    await engine.run('busy');
    const refusal = (words: RegExp) => (error: unknown) => {
      const { code, problem } = error as { code: string; problem: string };
      assert.equal(code, 'refused.task');
      assert.match(problem, words);
      return true;
    };
    for (const what of [{ priority: 2 }, { pool: 'night' }]) {
      await assert.rejects(
        change(engine, 'busy', 'load', what),
        refusal(/is running, a process has it and its slots are its own until it ends/),
      );
    }
    await engine.executor.finish('load');
    await engine.settle();
    await assert.rejects(
      change(engine, 'busy', 'load', { priority: 2 }),
      refusal(/is success, and nothing of it is to be started/),
    );
  });

  engineIt('a launch that is under way wins: the change is refused', async (engine) => {
    await makePool(engine, 'night', 1);
    await queue(engine);
    let late: Promise<unknown> = Promise.resolve();
    await inTransaction(engine.database, async (transaction) => {
      await transaction.query(
        `SELECT FROM podline.task_instance WHERE task_id = 'a' FOR NO KEY UPDATE`,
      );
      late = change(engine, 'line', 'a', { pool: 'night' }).catch((error: unknown) => error);
      await lockWait(engine.database);
      await transaction.query(
        `WITH made AS (
           INSERT INTO podline.attempt (instance_id, run_id, number, executor, worker_id)
           SELECT id, run_id, 1, 'local', 'w' FROM podline.task_instance WHERE task_id = 'a' RETURNING id, instance_id)
         UPDATE podline.task_instance t SET state = 'launching', attempts = 1, attempt_id = m.id
           FROM made m WHERE m.instance_id = t.id`,
      );
    });
    assert.equal(((await late) as { code?: string }).code, 'refused.task');
    assert.equal((await look(engine, 'a'))?.pool, 'default_pool');
    assert.deepEqual(await used(engine), { default_pool: 3, night: 0 });
  });

  engineIt('who hands out slots is waited for, also by a task that holds none', async (engine) => {
    await makePool(engine, 'night', 1);
    await engine.register(
      dag('closed', {}, (d) => void d.task('load', work, { pool: 'night', poolSlots: 2 })),
    );
    await engine.run('closed');
    let late: Promise<unknown> = Promise.resolve();
    await inTransaction(engine.database, async (transaction) => {
      // As a tick does, which then goes by the pool that it reads.
      await lockPools(transaction);
      late = change(engine, 'closed', 'load', { pool: 'default_pool' });
      await lockWait(engine.database);
      assert.equal((await look(engine, 'load'))?.pool, 'night');
    });
    await late;
    await engine.settle();
    assert.equal((await look(engine, 'load'))?.state, 'success');
  });
});
