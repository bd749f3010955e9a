/** Marking tasks and runs by hand, on the real engine. */
import assert from 'node:assert/strict';
import { dag, typescript } from 'podline/dag';
import { engineIt } from '../scheduler/engineIt.ts';
import { abc, usedSlots, work } from './support.ts';

describe('mark', () => {
  engineIt('a failed task as success: the run is a success when its leaves are', async (engine) => {
    await engine.register(abc);
    engine.script('c', { fails: 'error' });
    const run = await engine.run('abc');
    assert.equal(await engine.runState('abc', run), 'failed');
    await engine.command('abc', run, { kind: 'mark', state: 'success', tasks: ['c'] });
    assert.equal((await engine.states('abc', run)).c, 'success');
    assert.equal(await engine.runState('abc', run), 'success');
  });

  engineIt(
    'a running task as success: what follows starts, its late end is nothing',
    async (engine) => {
      await engine.register(abc);
      engine.script('a', 'hang');
      const run = await engine.run('abc');
      await engine.command('abc', run, { kind: 'mark', state: 'success', tasks: ['a'] });
      assert.equal(await engine.runState('abc', run), 'success');
      assert.equal(await engine.executor.finish('a', { fails: 'error' }), 'stale');
    },
  );

  engineIt('a task that has not begun as failed: what follows does not start', async (engine) => {
    await engine.register(abc);
    engine.script('a', 'hang');
    const run = await engine.run('abc');
    await engine.command('abc', run, { kind: 'mark', state: 'failed', tasks: ['b'] });
    await engine.executor.finish('a');
    await engine.settle();
    assert.deepEqual(await engine.states('abc', run), {
      a: 'success',
      b: 'failed',
      c: 'upstream_failed',
    });
  });

  engineIt('the whole run', async (engine) => {
    await engine.register(abc);
    engine.script('a', 'hang');
    const good = await engine.run('abc', { runId: 'good' });
    await engine.command('abc', good, { kind: 'mark', state: 'success', tasks: [] });
    assert.equal(await engine.runState('abc', good), 'success');
    const bad = await engine.run('abc', { runId: 'bad' });
    await engine.command('abc', bad, { kind: 'mark', state: 'failed', tasks: [] });
    assert.deepEqual(await engine.states('abc', bad), { a: 'failed', b: 'skipped', c: 'skipped' });
    assert.equal(await usedSlots(engine), 0);
  });

  engineIt('elements of a mapped task that were removed stay so', async (engine) => {
    await engine.register(
      dag('m', {}, (d) => {
        const source = d.task('source', typescript({ run: (): number[] => [] }));
        d.map('each', { n: source.output }, () => work);
      }),
    );
    engine.script('source', { output: [1, 2] });
    const run = await engine.run('m');
    engine.script('source', { output: [1] });
    await engine.clear('m', run, ['source']);
    await engine.command('m', run, { kind: 'mark', state: 'failed', tasks: ['each'] });
    assert.deepEqual(await engine.states('m', run), {
      'each[0]': 'failed',
      'each[1]': 'removed',
      source: 'success',
    });
  });
});
