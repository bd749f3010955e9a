/** The shape of a run on the real engine: chains, joins, trigger rules, branches, skips, groups, teardowns. */
import assert from 'node:assert/strict';
import { bash, branch, chain, dag, empty, shortCircuit, type TriggerRule } from 'podline/dag';
import { TRIGGER_RULES } from '../../src/model/triggerRules.ts';
import { engineIt, started } from './engineIt.ts';

const work = bash({ script: 'true' });

describe('flow of a run', () => {
  engineIt('a chain runs in order', async (engine) => {
    const ids = ['a', 'b', 'c', 'd', 'e'];
    await engine.register(
      dag('chained', {}, (d) => {
        chain(...ids.map((id) => d.task(id, work)));
      }),
    );
    const run = await engine.run('chained');
    assert.deepEqual(started(engine), ids);
    assert.equal(await engine.runState('chained', run), 'success');
  });

  engineIt('a diamond joins after both sides', async (engine) => {
    await engine.register(
      dag('diamond', {}, (d) => {
        const a = d.task('a', work);
        const sides = [d.task('b', work, { after: a }), d.task('c', work, { after: a })];
        d.task('z', work, { after: sides });
      }),
    );
    const run = await engine.run('diamond');
    assert.deepEqual(started(engine).slice(1, 3).sort(), ['b', 'c']);
    assert.equal(started(engine)[3], 'z');
    assert.equal(await engine.runState('diamond', run), 'success');
  });

  engineIt('fan-out and fan-in of 200', async (engine) => {
    await engine.register(
      dag('wide', { maxActiveTasks: 500 }, (d) => {
        const a = d.task('a', work);
        const middle = Array.from({ length: 200 }, (_, at) => d.task(`m${at}`, work, { after: a }));
        d.task('z', work, { after: middle });
      }),
    );
    const run = await engine.run('wide');
    const order = started(engine);
    assert.equal(order.length, 202);
    assert.equal(order[0], 'a');
    assert.equal(order[201], 'z');
    assert.equal(new Set(order).size, 202);
    assert.equal(await engine.runState('wide', run), 'success');
  });

  /** What follows one success, one failure and one skip upstream. */
  const AFTER_ALL_THREE: Record<TriggerRule, string> = {
    all_success: 'upstream_failed',
    all_failed: 'skipped',
    all_done: 'success',
    all_done_min_one_success: 'skipped',
    all_done_setup_success: 'success',
    one_success: 'success',
    one_failed: 'success',
    one_done: 'success',
    none_failed: 'upstream_failed',
    none_failed_min_one_success: 'upstream_failed',
    none_skipped: 'skipped',
    all_skipped: 'skipped',
    always: 'success',
  };
  engineIt('every trigger rule after a success, a failure and a skip', async (engine) => {
    await engine.register(
      dag('rules', {}, (d) => {
        const upstream = ['good', 'bad', 'skip'].map((id) => d.task(id, work));
        for (const rule of TRIGGER_RULES) {
          d.task(rule, work, { after: upstream, triggerRule: rule });
        }
      }),
    );
    engine.script('bad', { fails: 'exit_code' });
    engine.script('skip', 'skip');
    const run = await engine.run('rules');
    const { good, bad, skip, ...rest } = await engine.states('rules', run);
    assert.deepEqual([good, bad, skip], ['success', 'failed', 'skipped']);
    assert.deepEqual(rest, AFTER_ALL_THREE);
    // The leaves all_success, none_failed, ... are upstream_failed.
    assert.equal(await engine.runState('rules', run), 'failed');
  });

  engineIt('rules that need not wait start before the rest is done', async (engine) => {
    await engine.register(
      dag('early', {}, (d) => {
        const upstream = [d.task('quick', work), d.task('slow', work)];
        for (const rule of ['one_success', 'one_done', 'always', 'all_done'] as const) {
          d.task(rule, work, { after: upstream, triggerRule: rule });
        }
      }),
    );
    engine.script('slow', 'hang');
    const run = await engine.run('early');
    const states = await engine.states('early', run);
    assert.equal(states.one_success, 'success');
    assert.equal(states.one_done, 'success');
    assert.equal(states.always, 'success');
    assert.equal(states.all_done, 'none');
    await engine.executor.finish('slow');
    await engine.settle();
    assert.equal(await engine.runState('early', run), 'success');
  });

  const branching = (id: string) =>
    dag(id, {}, (d) => {
      const choose = d.task('choose', branch({ run: () => ['left'] }));
      const left = d.task('left', work, { after: choose });
      const right = d.task('right', work, { after: choose });
      const deep = d.task('deep', work, { after: right });
      d.task('join', work, { after: [left, deep], triggerRule: 'none_failed_min_one_success' });
      d.task('direct', work, { after: [choose, left] });
    });

  engineIt('a branch skips what it did not choose; joins of a chosen path run', async (engine) => {
    await engine.register(branching('b'));
    engine.script('choose', { choice: ['left'] });
    const run = await engine.run('b');
    assert.deepEqual(await engine.states('b', run), {
      choose: 'success',
      left: 'success',
      right: 'skipped',
      deep: 'skipped',
      join: 'success',
      direct: 'success',
    });
  });

  engineIt('a branch that chooses nothing skips all', async (engine) => {
    await engine.register(branching('b'));
    engine.script('choose', { choice: [] });
    const run = await engine.run('b');
    const { choose, ...rest } = await engine.states('b', run);
    assert.equal(choose, 'success');
    assert.deepEqual(new Set(Object.values(rest)), new Set(['skipped']));
    assert.equal(await engine.runState('b', run), 'success');
  });

  engineIt(
    'a short circuit that says no skips everything behind it, whatever its rule',
    async (engine) => {
      await engine.register(
        dag('short', {}, (d) => {
          const side = d.task('side', work);
          const gate = d.task('gate', shortCircuit({ run: () => false }));
          const next = d.task('next', work, { after: gate });
          d.task('far', work, { after: [next, side], triggerRule: 'all_done' });
          d.task('other', work, { after: side });
        }),
      );
      engine.script('gate', { choice: false });
      const no = await engine.run('short', { runId: 'no' });
      assert.deepEqual(await engine.states('short', no), {
        side: 'success',
        gate: 'success',
        next: 'skipped',
        far: 'skipped',
        other: 'success',
      });
      engine.script('gate', { choice: true });
      const yes = await engine.run('short', { runId: 'yes' });
      assert.deepEqual(
        new Set(Object.values(await engine.states('short', yes))),
        new Set(['success']),
      );
    },
  );

  engineIt('a skip goes on through all_success, and ends at none_failed', async (engine) => {
    await engine.register(
      dag('skipping', {}, (d) => {
        const a = d.task('a', work);
        const b = d.task('b', work, { after: a });
        d.task('c', work, { after: b, triggerRule: 'none_failed' });
      }),
    );
    engine.script('a', 'skip');
    const run = await engine.run('skipping');
    assert.deepEqual(await engine.states('skipping', run), {
      a: 'skipped',
      b: 'skipped',
      c: 'success',
    });
    assert.equal(await engine.runState('skipping', run), 'success');
  });

  engineIt(
    'groups run between what is before and after them; empty tasks need no process',
    async (engine) => {
      await engine.register(
        dag('grouped', {}, (d) => {
          const first = d.task('first', empty());
          const group = d.group(
            'g',
            (g) => {
              const one = g.task('one', work);
              g.task('two', work, { after: one });
            },
            { after: first },
          );
          d.task('last', work, { after: group });
        }),
      );
      const run = await engine.run('grouped');
      assert.deepEqual(started(engine), ['g.one', 'g.two', 'last']);
      assert.equal((await engine.states('grouped', run)).first, 'success');
    },
  );

  const scaffold = dag('scaffold', {}, (d) => {
    const up = d.task('up', work, { setup: true });
    const one = d.task('one', work, { after: up });
    const two = d.task('two', work, { after: one, triggerRule: 'all_done' });
    d.task('down', work, { teardownOf: up, after: two });
  });

  engineIt(
    'a teardown runs when the work failed, and the run fails all the same',
    async (engine) => {
      await engine.register(scaffold);
      engine.script('two', { fails: 'exit_code' });
      const run = await engine.run('scaffold');
      const states = await engine.states('scaffold', run);
      assert.deepEqual(states, { up: 'success', one: 'success', two: 'failed', down: 'success' });
      assert.equal(await engine.runState('scaffold', run), 'failed');
    },
  );

  engineIt('a teardown that fails does not fail the run unless it says so', async (engine) => {
    await engine.register(scaffold);
    engine.script('down', { fails: 'exit_code' });
    const run = await engine.run('scaffold');
    assert.equal(await engine.runState('scaffold', run), 'success');
  });

  engineIt(
    'a setup that fails takes its work and its teardown along, from afar too',
    async (engine) => {
      await engine.register(scaffold);
      engine.script('up', { fails: 'exit_code' });
      const run = await engine.run('scaffold');
      assert.deepEqual(await engine.states('scaffold', run), {
        up: 'failed',
        one: 'upstream_failed',
        two: 'upstream_failed',
        down: 'upstream_failed',
      });
      assert.equal(await engine.runState('scaffold', run), 'failed');
    },
  );

  engineIt('a setup that is skipped skips its work and its teardown', async (engine) => {
    await engine.register(scaffold);
    engine.script('up', 'skip');
    const run = await engine.run('scaffold');
    assert.deepEqual(
      new Set(Object.values(await engine.states('scaffold', run))),
      new Set(['skipped']),
    );
  });

  engineIt(
    'a teardown waits for all work inside, also for what is not right before it',
    async (engine) => {
      await engine.register(
        dag('waits', {}, (d) => {
          const up = d.task('up', work);
          const slow = d.task('slow', work, { after: up });
          const quick = d.task('quick', work, { after: up });
          const early = d.task('early', work, { after: [slow, quick], triggerRule: 'one_success' });
          d.task('down', work, { teardownOf: up, after: early });
        }),
      );
      engine.script('slow', 'hang');
      const run = await engine.run('waits');
      let states = await engine.states('waits', run);
      assert.equal(states.early, 'success');
      assert.equal(states.down, 'none');
      await engine.executor.finish('slow');
      await engine.settle();
      states = await engine.states('waits', run);
      assert.equal(states.down, 'success');
    },
  );

  engineIt('two long ids with the same first 60 characters never collide', async (engine) => {
    const long = 'x'.repeat(60);
    const ids = [
      `${long}_a`,
      `${long}_b`,
      `${long}${'y'.repeat(100)}_a`,
      `${long}${'y'.repeat(100)}_b`,
    ];
    for (const id of ids) {
      await engine.register(
        dag(id, {}, (d) => {
          const made = ids.map((task) => d.task(task, work));
          d.task('z', work, { after: made });
        }),
      );
    }
    engine.script(`${ids[0]}.${ids[1]}`, { fails: 'exit_code' });
    for (const id of ids) await engine.run(id, { runId: `${long}_run_${ids.indexOf(id)}` });
    for (const id of ids) {
      const [run] = await engine.runs(id);
      const states = await engine.states(id, run?.runId ?? '');
      for (const task of ids) {
        const isBad = id === ids[0] && task === ids[1];
        assert.equal(states[task], isBad ? 'failed' : 'success', `${id} ${task}`);
      }
    }
  });
});
