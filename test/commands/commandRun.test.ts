/** What people ask of a run: cancel, clear, mark. On the real engine, at every stage of a task's life. */
import assert from 'node:assert/strict';
import { branch, chain, dag, sensor } from 'podline/dag';
import { RunCache } from '../../runtime/scheduler/runCache.ts';
import { tick } from '../../runtime/scheduler/tick.ts';
import type { TestEngine } from '../../runtime/testing/index.ts';
import { engineIt, started } from '../scheduler/engineIt.ts';
import { abc, usedSlots, work } from './support.ts';

describe('cancel', () => {
  engineIt(
    'what is at work fails, the rest is skipped, a late report changes nothing',
    async (engine) => {
      await engine.register(abc);
      engine.script('b', 'hang');
      const run = await engine.run('abc');
      await engine.command('abc', run, { kind: 'cancel' });
      assert.deepEqual(await engine.states('abc', run), {
        a: 'success',
        b: 'failed',
        c: 'skipped',
      });
      const [view] = await engine.runs('abc');
      assert.deepEqual([view?.state, view?.cause], ['failed', 'cancelled']);
      assert.equal(await engine.executor.finish('b'), 'stale');
      await engine.settle();
      assert.equal((await engine.states('abc', run)).b, 'failed');
      assert.equal(await usedSlots(engine), 0);
      await assert.rejects(
        engine.command('abc', run, { kind: 'cancel' }),
        /already|finished|over/i,
      );
    },
  );

  engineIt('a queued run never starts, and can be cleared to start after all', async (engine) => {
    await engine.register(abc);
    await engine.database.query('UPDATE podline.dag SET paused = true');
    const run = await engine.run('abc');
    await engine.command('abc', run, { kind: 'cancel' });
    assert.equal(await engine.runState('abc', run), 'failed');
    await engine.database.query('UPDATE podline.dag SET paused = false');
    await engine.settle();
    assert.deepEqual(started(engine), []);
    await engine.clear('abc', run);
    assert.equal(await engine.runState('abc', run), 'success');
  });

  engineIt('waiting tasks: retries and sensors end, their timers are gone', async (engine) => {
    await engine.register(
      dag('waits', {}, (d) => {
        d.task('retry', work, { retries: { max: 2, delay: '1h' } });
        d.task('time', sensor.time({ at: '2026-01-02T00:00:00Z' }));
        d.task('poke', sensor.file({ path: '/x' }));
      }),
    );
    engine.script('retry', { fails: 'error' });
    engine.script('poke', 'wait');
    const run = await engine.run('waits');
    await engine.command('waits', run, { kind: 'cancel' });
    const before = started(engine).length;
    await engine.advance('3d');
    assert.equal(started(engine).length, before);
    assert.deepEqual(
      new Set(Object.values(await engine.states('waits', run))),
      new Set(['skipped']),
    );
  });

  /** Stops the engine with task `t` in each state that only the database knows of, then cancels. */
  for (const stage of ['scheduled', 'queued', 'launching', 'running'] as const) {
    engineIt(`a task that is ${stage} while the scheduler's copy is older`, async (engine) => {
      await engine.register(dag('one', {}, (d) => d.task('t', work)));
      if (stage === 'scheduled') {
        await engine.database.query('UPDATE podline.pool SET slots = 0');
      } else if (stage === 'queued') engine.executor.slots = 0;
      engine.script('t', 'hang');
      const run = await engine.run('one');
      if (stage === 'launching') {
        // Launched, but its process has not yet claimed.
        await engine.database.query(
          `UPDATE podline.attempt SET state = 'launching', secret_hash = NULL, token_hash = '\\x00'`,
        );
        await engine.database.query('ALTER TABLE podline.task_instance DISABLE TRIGGER USER');
        await engine.database.query(`UPDATE podline.task_instance SET state = 'launching'`);
        await engine.database.query('ALTER TABLE podline.task_instance ENABLE TRIGGER USER');
      }
      assert.equal((await engine.states('one', run)).t, stage);
      await engine.command('one', run, { kind: 'cancel' });
      const begun = stage === 'launching' || stage === 'running';
      assert.equal((await engine.states('one', run)).t, begun ? 'failed' : 'skipped');
      assert.equal(await usedSlots(engine), 0);
      const live = await engine.database.query(
        `SELECT FROM podline.attempt WHERE state IN ('launching', 'running')`,
      );
      assert.equal(live.rowCount, 0);
    });
  }
});

describe('clear', () => {
  engineIt('a task with what comes after it, before it, or alone', async (engine) => {
    await engine.register(abc);
    const run = await engine.run('abc');
    const again = async (tasks: string[], options: object) => {
      engine.executor.ledger.length = 0;
      await engine.clear('abc', run, tasks, options);
      assert.equal(await engine.runState('abc', run), 'success');
      return started(engine);
    };
    assert.deepEqual(await again(['b'], {}), ['b', 'c']);
    assert.deepEqual(await again(['b'], { downstream: false }), ['b']);
    assert.deepEqual(await again(['b'], { downstream: false, upstream: true }), ['a', 'b']);
    assert.deepEqual(await again([], {}), ['a', 'b', 'c']);
  });

  engineIt('only what failed', async (engine) => {
    await engine.register(abc);
    engine.script('b', { fails: 'error' });
    const run = await engine.run('abc');
    engine.script('b', {});
    await engine.clear('abc', run, [], { onlyFailed: true });
    assert.deepEqual(started(engine), ['a', 'b', 'b', 'c']);
    assert.equal(await engine.runState('abc', run), 'success');
    assert.deepEqual(
      (await engine.attempts('abc', run, 'b')).map(({ number, state }) => `${number} ${state}`),
      ['1 failed', '2 success'],
    );
  });

  engineIt('gives all tries back', async (engine) => {
    await engine.register(
      dag('tries', {}, (d) => d.task('t', work, { retries: { max: 1, delay: 1 } })),
    );
    engine.script('t', { fails: 'error' });
    const run = await engine.run('tries');
    await engine.advance('5s');
    await engine.clear('tries', run);
    await engine.advance('5s');
    assert.equal((await engine.attempts('tries', run, 't')).length, 4);
  });

  engineIt(
    'a running task: its attempt is stopped, a new one waits until it is gone',
    async (engine) => {
      await engine.register(abc);
      engine.script('a', ({ attempt }) => (attempt.number === 1 ? 'hang' : {}));
      const run = await engine.run('abc');
      await engine.clear('abc', run, ['a']);
      assert.equal(await engine.executor.finish('a', { output: 'late' }), 'stale');
      assert.equal(await engine.runState('abc', run), 'success');
      assert.deepEqual(await engine.outputs('abc', run, 'a'), []);
    },
  );

  engineIt('a task in the middle of a running run', async (engine) => {
    await engine.register(abc);
    engine.script('c', ({ attempt }) => (attempt.number === 1 ? 'hang' : {}));
    const run = await engine.run('abc');
    await engine.clear('abc', run, ['b']);
    assert.deepEqual(started(engine), ['a', 'b', 'c', 'b', 'c']);
    assert.equal(await engine.runState('abc', run), 'success');
  });

  engineIt('work between a setup and its teardown takes both along', async (engine) => {
    await engine.register(
      dag('scaffold', {}, (d) => {
        const up = d.task('up', work);
        const job = d.task('job', work, { after: up });
        d.task('down', work, { teardownOf: up, after: job });
        d.task('aside', work);
      }),
    );
    const run = await engine.run('scaffold');
    engine.executor.ledger.length = 0;
    await engine.clear('scaffold', run, ['job'], { downstream: false });
    assert.deepEqual(started(engine), ['up', 'job', 'down']);
  });

  engineIt('a branch may choose otherwise the second time', async (engine) => {
    await engine.register(
      dag('fork', {}, (d) => {
        const choose = d.task('choose', branch({ run: () => ['x'] }));
        d.task('x', work, { after: choose });
        d.task('y', work, { after: choose });
      }),
    );
    engine.script('choose', { choice: ['x'] });
    const run = await engine.run('fork');
    assert.equal((await engine.states('fork', run)).y, 'skipped');
    engine.script('choose', { choice: ['y'] });
    await engine.clear('fork', run, ['choose']);
    const states = await engine.states('fork', run);
    assert.deepEqual([states.x, states.y], ['skipped', 'success']);
  });

  const version = (ids: string[], mapped = false) =>
    dag('abc', {}, (d) => {
      if (mapped) d.map('a', { n: [1, 2] }, () => work);
      else chain(...ids.map((id) => d.task(id, work)));
    });

  engineIt('the latest version: tasks that came and went', async (engine) => {
    await engine.register(version(['a', 'b', 'old']));
    const run = await engine.run('abc');
    await engine.register(version(['a', 'b', 'new']));
    await engine.clear('abc', run, ['b'], { downstream: false });
    assert.deepEqual(Object.keys(await engine.states('abc', run)), ['a', 'b', 'old']);
    await engine.clear('abc', run, ['b'], { downstream: false, latestVersion: true });
    assert.equal((await engine.states('abc', run)).new, 'success');
    assert.equal(await engine.runState('abc', run), 'success');
    // And back: what was removed is wanted again.
    await engine.register(version(['a', 'b', 'old']));
    await engine.clear('abc', run, [], { latestVersion: true });
    assert.equal((await engine.states('abc', run)).old, 'success');
    assert.equal(await engine.runState('abc', run), 'success');
  });

  engineIt(
    'the latest version while the run is at work: what is no longer in it is stopped',
    async (engine) => {
      await engine.register(
        dag('abc', {}, (d) => {
          d.task('a', work);
          d.task('old', work);
          d.task('retrying', work, { retries: { max: 1, delay: '1h' } });
        }),
      );
      engine.script('old', 'hang');
      engine.script('retrying', { fails: 'error' });
      const run = await engine.run('abc');
      await engine.register(version(['a']));
      await engine.clear('abc', run, ['a'], { latestVersion: true });
      assert.deepEqual(await engine.states('abc', run), {
        a: 'success',
        old: 'removed',
        retrying: 'removed',
      });
      assert.equal(await engine.executor.finish('old'), 'stale');
      assert.equal(await engine.runState('abc', run), 'success');
      assert.equal(await usedSlots(engine), 0);
    },
  );

  engineIt('the latest version maps a task that was not mapped, and back', async (engine) => {
    await engine.register(version(['a']));
    const run = await engine.run('abc');
    await engine.register(version([], true));
    await engine.clear('abc', run, [], { latestVersion: true });
    assert.deepEqual(await engine.states('abc', run), { 'a[0]': 'success', 'a[1]': 'success' });
    await engine.register(version(['a']));
    await engine.clear('abc', run, [], { latestVersion: true });
    assert.deepEqual(await engine.states('abc', run), { a: 'success', 'a[1]': 'removed' });
  });
});

describe('commands', () => {
  engineIt('name what is not there', async (engine) => {
    await engine.register(abc);
    const run = await engine.run('abc');
    await assert.rejects(engine.clear('abc', 'no-such-run'), /no-such-run/);
    await assert.rejects(engine.clear('abc', run, ['nobody']), /nobody/);
  });

  /** Writes a command as commandRun does, for a scheduler to find. */
  async function leave(engine: TestEngine, kind: string, data: object = {}): Promise<void> {
    await engine.database.query(
      'INSERT INTO podline.event (run_id, kind, data) SELECT id, $1, $2 FROM podline.run',
      [kind, JSON.stringify(data)],
    );
  }

  const all = {
    tasks: [],
    upstream: false,
    downstream: true,
    onlyFailed: false,
    latestVersion: false,
  };

  for (const [first, second, state] of [
    ['cancel', 'clear', 'running'],
    ['clear', 'cancel', 'failed'],
  ] as const) {
    engineIt(`a ${first} and a ${second} in one tick: the later one counts`, async (engine) => {
      await engine.register(abc);
      engine.script('b', 'hang');
      const run = await engine.run('abc');
      await leave(engine, first, all);
      await leave(engine, second, all);
      await engine.settle();
      assert.equal(await engine.runState('abc', run), state);
      assert.deepEqual(await engine.check(), []);
      engine.script('b', {});
      if (state === 'running') {
        await engine.executor.finish('b');
        await engine.settle();
        assert.equal(await engine.runState('abc', run), 'success');
      }
    });
  }

  for (const memory of ['the same', 'another'] as const) {
    engineIt(
      `a report that crosses a clear, seen by ${memory} scheduler, starts nothing early`,
      async (engine) => {
        // The attempt ended before the clear withdrew it, but no tick knew of it then: its end must not count.
        await engine.register(abc);
        engine.script('a', 'hang');
        const run = await engine.run('abc');
        const cache = new RunCache();
        const options = { executors: [], cache, random: () => 0 };
        await leave(engine, 'clear', { ...all, tasks: ['a'] });
        await tick(engine.database, options);
        if (memory === 'another') cache.clear();
        const { rows } = await engine.database.query<{ run: number; instance: number; id: number }>(
          'SELECT run_id AS run, instance_id AS instance, id FROM podline.attempt',
        );
        const [old] = rows;
        await engine.database.query(
          `UPDATE podline.attempt SET state = 'success', cause = NULL, gone_at = podline.now() WHERE id = $1`,
          [old?.id],
        );
        await engine.database.query(`SELECT podline.put_event($1, $2, $3, 'ended')`, [
          old?.run,
          old?.instance,
          old?.id,
        ]);
        await tick(engine.database, options);
        assert.equal((await engine.states('abc', run)).b, 'none');
        engine.script('a', {});
        engine.executor.hanging.clear();
        await engine.settle();
        assert.deepEqual(started(engine), ['a', 'a', 'b', 'c']);
        assert.equal(await engine.runState('abc', run), 'success');
      },
    );
  }
});
