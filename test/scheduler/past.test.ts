/** Tasks that depend on the run before: over several runs, with failures in the middle and repairs later. */
import assert from 'node:assert/strict';
import { bash, dag } from 'podline/dag';
import type { TestEngine } from '../../runtime/testing/index.ts';
import { engineIt } from './engineIt.ts';

const work = bash({ script: 'true' });

const serial = dag(
  'serial',
  { schedule: '@daily', startDate: '2026-01-01T00:00:00Z', catchup: true },
  (d) => {
    const a = d.task('a', work, { dependsOnPast: true });
    d.task('b', work, { after: a });
  },
);

/** State of task `a` in each run, by day. */
async function days(engine: TestEngine): Promise<string[]> {
  const runs = await engine.runs('serial');
  return Promise.all(
    runs.map(async ({ runId }) => (await engine.states('serial', runId)).a ?? 'missing'),
  );
}

const runOf = async (engine: TestEngine, day: number) =>
  (await engine.runs('serial'))[day]?.runId ?? '';

describe('depends on past', () => {
  engineIt(
    'a failure in the middle holds all later days; clearing it lets them go on',
    async (engine) => {
      engine.script('a', ({ run }) =>
        run.logicalDate?.startsWith('2026-01-03') ? { fails: 'error' } : {},
      );
      await engine.register(serial);
      await engine.advanceTo('2026-01-06T00:00:00Z');
      assert.deepEqual(await days(engine), ['success', 'success', 'failed', 'none', 'none']);
      engine.script('a', {});
      await engine.clear('serial', await runOf(engine, 2), [], { onlyFailed: true });
      assert.deepEqual(await days(engine), Array<string>(5).fill('success'));
      const states = new Set((await engine.runs('serial')).map(({ state }) => state));
      assert.deepEqual(states, new Set(['success']));
    },
  );

  engineIt('marking the failure, or a skip, lets the next day go on', async (engine) => {
    engine.script('a', ({ run }) => {
      if (run.logicalDate?.startsWith('2026-01-01')) return { fails: 'error' };
      return run.logicalDate?.startsWith('2026-01-02') ? 'skip' : {};
    });
    await engine.register(serial);
    await engine.advanceTo('2026-01-04T00:00:00Z');
    assert.deepEqual(await days(engine), ['failed', 'none', 'none']);
    await engine.command('serial', await runOf(engine, 0), {
      kind: 'mark',
      state: 'success',
      tasks: ['a'],
    });
    assert.deepEqual(await days(engine), ['success', 'skipped', 'success']);
  });

  engineIt('a slow day is waited for, also over a restart of the scheduler', async (engine) => {
    engine.script('a', 'hang');
    await engine.register(serial);
    await engine.advanceTo('2026-01-03T00:00:00Z');
    assert.deepEqual(await days(engine), ['running', 'none']);
    engine.restartScheduler();
    await engine.executor.finish('a');
    await engine.settle();
    assert.deepEqual(await days(engine), ['success', 'running']);
    await engine.executor.finish('a');
    await engine.settle();
  });

  engineIt(
    'two runs of one date: the next day waits for the later one and is woken',
    async (engine) => {
      await engine.register(dag('serial', {}, (d) => d.task('a', work, { dependsOnPast: true })));
      engine.script('a', 'hang');
      const date = '2026-01-01T00:00:00Z';
      await engine.run('serial', { runId: 'x1', logicalDate: date });
      await engine.executor.finish('a');
      await engine.settle();
      await engine.run('serial', { runId: 'x2', logicalDate: date });
      await engine.run('serial', { runId: 'y1', logicalDate: '2026-01-02T00:00:00Z' });
      await engine.run('serial', { runId: 'y2', logicalDate: '2026-01-02T00:00:00Z' });
      assert.deepEqual(await days(engine), ['success', 'running', 'none', 'none']);
      await engine.executor.finish('a');
      engine.script('a', {});
      await engine.settle();
      assert.deepEqual(await days(engine), Array<string>(4).fill('success'));
    },
  );
});
