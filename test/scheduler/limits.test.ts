/** Priority, pools, limits of DAGs, runs and tasks. Limits must hold in every snapshot, not only at the end. */
import assert from 'node:assert/strict';
import { bash, dag, type DagOptions, typescript } from 'podline/dag';
import type { TestEngine } from '../../runtime/testing/index.ts';
import { engineIt, started } from './engineIt.ts';

const work = bash({ script: 'true' });

async function makePool(engine: TestEngine, name: string, slots: number): Promise<void> {
  await engine.database.query('INSERT INTO podline.pool (name, slots) VALUES ($1, $2)', [
    name,
    slots,
  ]);
}

async function usedOf(engine: TestEngine, name: string): Promise<number> {
  const { rows } = await engine.database.query<{ used: number }>(
    'SELECT used FROM podline.pool WHERE name = $1',
    [name],
  );
  return rows[0]?.used ?? -1;
}

/** Lets hanging tasks end one by one, looking at `check` before each. */
async function drain(engine: TestEngine, check: () => void | Promise<void>): Promise<void> {
  for (;;) {
    await check();
    assert.deepEqual(await engine.check(), []);
    const [next] = engine.executor.hanging.keys();
    if (next === undefined) return;
    await engine.executor.finish(next);
    await engine.settle();
  }
}

function independent(id: string, count: number, options: DagOptions<Record<never, never>> = {}) {
  return dag(id, options, (d) => {
    for (let at = 0; at < count; at++) d.task(`t${at}`, work);
  });
}

describe('limits', () => {
  for (const slots of [1, 2, 3]) {
    engineIt(`a pool of ${slots}: narrow and wide tasks never take more`, async (engine) => {
      await makePool(engine, 'small', slots);
      await engine.register(
        dag('pooled', { defaults: { pool: 'small' } }, (d) => {
          for (let at = 0; at < 8; at++) {
            d.task(`t${at}`, work, { poolSlots: 1 + (at % slots) });
          }
        }),
      );
      for (let at = 0; at < 8; at++) engine.script(`t${at}`, 'hang');
      const run = await engine.run('pooled');
      let seen = 0;
      await drain(engine, async () => {
        const used = await usedOf(engine, 'small');
        seen = Math.max(seen, used);
        assert.ok(used <= slots, `${used} of ${slots}`);
      });
      assert.equal(seen, slots);
      assert.equal(await usedOf(engine, 'small'), 0);
      assert.equal(await engine.runState('pooled', run), 'success');
    });
  }

  engineIt(
    'a task wider than its pool waits and holds up nobody; a larger pool lets it run',
    async (engine) => {
      await makePool(engine, 'small', 2);
      await engine.register(
        dag('wide', { defaults: { pool: 'small' } }, (d) => {
          d.task('huge', work, { poolSlots: 3, priority: 100 });
          d.task('a', work);
          d.task('b', work);
        }),
      );
      const run = await engine.run('wide');
      assert.deepEqual(await engine.states('wide', run), {
        a: 'success',
        b: 'success',
        huge: 'scheduled',
      });
      await engine.database.query(`UPDATE podline.pool SET slots = 3 WHERE name = 'small'`);
      await engine.settle();
      assert.equal(await engine.runState('wide', run), 'success');
    },
  );

  engineIt('a pool of no slots, or none of that name, starts nothing', async (engine) => {
    await makePool(engine, 'closed', 0);
    await engine.register(
      dag('stuck', {}, (d) => {
        d.task('a', work, { pool: 'closed' });
        d.task('b', work, { pool: 'nowhere' });
        d.task('c', work);
      }),
    );
    const run = await engine.run('stuck');
    assert.deepEqual(await engine.states('stuck', run), {
      a: 'scheduled',
      b: 'scheduled',
      c: 'success',
    });
  });

  engineIt('higher priority first, over all DAGs', async (engine) => {
    await makePool(engine, 'small', 1);
    const ranked = (id: string, priorities: number[]) =>
      dag(id, { defaults: { pool: 'small' } }, (d) => {
        for (const priority of priorities) d.task(`${id}${priority}`, work, { priority });
      });
    await engine.register(ranked('a', [5, 1, 9]), ranked('b', [7, 3]));
    await engine.database.query('UPDATE podline.dag SET paused = true');
    await engine.run('a');
    await engine.run('b');
    await engine.database.query('UPDATE podline.dag SET paused = false');
    await engine.settle();
    // Both runs start in one tick; who was looked at first may have got the one slot at once.
    const [first, ...rest] = started(engine);
    assert.ok(first === 'a9' || first === 'b7', first);
    const priorityOf = (task: string) => Number(task.slice(1));
    assert.deepEqual(
      rest,
      [...rest].sort((x, y) => priorityOf(y) - priorityOf(x)),
    );
  });

  engineIt('the weight of what comes after counts', async (engine) => {
    await makePool(engine, 'small', 1);
    await engine.register(
      dag('weighed', { defaults: { pool: 'small' } }, (d) => {
        d.task('light', work);
        const heavy = d.task('heavy', work);
        const next = d.task('next', work, { after: heavy });
        d.task('last', work, { after: next });
      }),
    );
    await engine.run('weighed');
    assert.deepEqual(started(engine).slice(0, 2), ['heavy', 'next']);
  });

  engineIt('max active runs: the oldest logical dates first', async (engine) => {
    await engine.register(independent('few', 1, { maxActiveRuns: 2 }));
    engine.script('t0', 'hang');
    for (const day of ['03', '01', '02', '04']) {
      await engine.run('few', { runId: `r${day}`, logicalDate: `2025-12-${day}T00:00:00Z` });
    }
    const running = async () =>
      (await engine.runs('few')).filter(({ state }) => state === 'running').map((r) => r.runId);
    assert.deepEqual(await running(), ['r03', 'r01']);
    // Both hang under the same name: end the older attempt through a mark.
    await engine.command('few', 'r03', { kind: 'mark', state: 'success', tasks: [] });
    assert.deepEqual(await running(), ['r01', 'r02']);
  });

  engineIt('max active tasks over all runs of a DAG', async (engine) => {
    await engine.register(independent('narrow', 5, { maxActiveTasks: 2 }));
    for (let at = 0; at < 5; at++) engine.script(`t${at}`, 'hang');
    await engine.run('narrow');
    let most = 0;
    await drain(engine, () => {
      most = Math.max(most, engine.executor.hanging.size);
      assert.ok(engine.executor.hanging.size <= 2);
    });
    assert.equal(most, 2);
  });

  engineIt('a limit of one task hides none of its neighbours', async (engine) => {
    const one = typescript({ run: () => null });
    await engine.register(
      dag('capped', { maxActiveTasks: 16 }, (d) => {
        const many = Array.from({ length: 300 }, (_, at) => at);
        d.map('each', { n: many }, () => one, { maxActivePerRun: 1, priority: 5 });
        d.task('other', one);
      }),
    );
    engine.script('each', 'hang');
    const run = await engine.run('capped');
    const states = await engine.states('capped', run);
    assert.equal(states.other, 'success');
    assert.equal(engine.executor.hanging.size, 1);
  });

  engineIt('limits of a task in one run and over all runs', async (engine) => {
    const one = typescript({ run: () => null });
    await engine.register(
      dag('capped', {}, (d) => {
        d.map('inRun', { n: [0, 1, 2, 3] }, () => one, { maxActivePerRun: 2 });
        d.task('overall', one, { maxActivePerDag: 1 });
      }),
    );
    engine.script('overall', 'hang');
    engine.script('inRun', 'hang');
    const active = async (task: string) =>
      (
        await engine.database.query<{ n: number }>(
          `SELECT count(*)::int AS n FROM podline.task_instance WHERE task_id = $1 AND state = 'running'`,
          [task],
        )
      ).rows[0]?.n;
    await engine.run('capped', { runId: 'r1' });
    await engine.run('capped', { runId: 'r2' });
    assert.equal(await active('overall'), 1);
    assert.equal(await active('inRun'), 4);
    await engine.command('capped', 'r1', { kind: 'cancel' });
    assert.equal(await active('overall'), 1);
    assert.equal(await active('inRun'), 2);
  });

  engineIt('more than fifty queued runs all start', async (engine) => {
    await engine.register(independent('many', 1, { maxActiveRuns: 200, maxActiveTasks: 200 }));
    await engine.database.query('UPDATE podline.dag SET paused = true');
    for (let at = 0; at < 120; at++) await engine.run('many', { runId: `r${at}` });
    await engine.database.query('UPDATE podline.dag SET paused = false');
    await engine.settle();
    const states = new Set((await engine.runs('many')).map(({ state }) => state));
    assert.deepEqual(states, new Set(['success']));
  });

  engineIt(
    'a run by hand of a paused DAG waits; a DAG that is no longer there finishes its runs',
    async (engine) => {
      await engine.register(independent('paused', 2), independent('gone', 2));
      await engine.database.query(`UPDATE podline.dag SET paused = true WHERE dag_id = 'paused'`);
      const waiting = await engine.run('paused');
      assert.equal(await engine.runState('paused', waiting), 'queued');
      await engine.database.query(`UPDATE podline.dag SET paused = false WHERE dag_id = 'paused'`);
      await engine.settle();
      assert.equal(await engine.runState('paused', waiting), 'success');

      engine.script('t0', 'hang');
      const run = await engine.run('gone');
      await engine.database.query(`UPDATE podline.dag SET active = false WHERE dag_id = 'gone'`);
      await engine.executor.finish('t0');
      await engine.settle();
      assert.equal(await engine.runState('gone', run), 'success');
      await assert.rejects(engine.run('gone'), /gone/);
    },
  );
});
