/** How attempts and runs end: retries, budgets, timeouts, fail fast, sensors. */
import assert from 'node:assert/strict';
import { bash, dag, sensor } from 'podline/dag';
import type { TestEngine } from '../../runtime/testing/index.ts';
import { engineIt, started } from './engineIt.ts';

const work = bash({ script: 'true' });

async function starts(engine: TestEngine, task: string): Promise<number[]> {
  const { rows } = await engine.database.query<{ at: Date }>(
    `SELECT a.launched_at AS at FROM podline.attempt a JOIN podline.task_instance t ON t.id = a.instance_id
      WHERE t.task_id = $1 ORDER BY a.id`,
    [task],
  );
  const first = rows[0]?.at.getTime() ?? 0;
  return rows.map(({ at }) => (at.getTime() - first) / 1000);
}

describe('retries', () => {
  engineIt('delay, backoff and cap, on the clock', async (engine) => {
    await engine.register(
      dag('backoff', {}, (d) => {
        d.task('t', work, { retries: { max: 4, delay: 10, factor: 3, maxDelay: 60 } });
      }),
    );
    engine.script('t', [
      { fails: 'exit_code' },
      { fails: 'exit_code' },
      { fails: 'exit_code' },
      { fails: 'exit_code' },
      {},
    ]);
    const run = await engine.run('backoff');
    assert.equal((await engine.states('backoff', run)).t, 'up_for_retry');
    await engine.advance('9s');
    assert.equal((await engine.attempts('backoff', run, 't')).length, 1);
    await engine.advance('1h');
    assert.deepEqual(await starts(engine, 't'), [0, 10, 40, 100, 160]);
    assert.equal(await engine.runState('backoff', run), 'success');
  });

  engineIt(
    'jitter shortens the delay by a random part',
    async (engine) => {
      await engine.register(
        dag('jitter', {}, (d) => {
          d.task('t', work, { retries: { max: 1, delay: 100, jitter: 0.5 } });
        }),
      );
      engine.script('t', [{ fails: 'error' }, {}]);
      await engine.run('jitter');
      await engine.advance('2m');
      assert.deepEqual(await starts(engine, 't'), [0, 70]);
    },
    { random: () => 0.6 },
  );

  engineIt('rules by cause and exit code: fail, skip, retry soon', async (engine) => {
    await engine.register(
      dag('rules', {}, (d) => {
        const retries = {
          max: 5,
          rules: [
            { causes: ['exit_code' as const], exitCodes: [99], action: 'skip' as const },
            { causes: ['oom' as const], action: 'fail' as const },
            { causes: ['timeout' as const], action: 'retry' as const, delay: '1s' as const },
          ],
        };
        for (const id of ['skips', 'fails', 'again']) d.task(id, work, { retries });
      }),
    );
    engine.script('skips', { fails: 'exit_code', exitCode: 99 });
    engine.script('fails', { fails: 'oom' });
    engine.script('again', [{ fails: 'timeout' }, {}]);
    const run = await engine.run('rules');
    await engine.advance('2s');
    assert.deepEqual(await engine.states('rules', run), {
      skips: 'skipped',
      fails: 'failed',
      again: 'success',
    });
  });

  engineIt('failures of the infrastructure never spend a try of the author', async (engine) => {
    await engine.register(
      dag('infra', {}, (d) => {
        d.task('t', work, { retries: { max: 1, delay: 1, infrastructure: 3 } });
        d.task('never', work, { retries: { max: 5, infrastructure: 2 } });
      }),
    );
    engine.script('t', ['die', { fails: 'exit_code' }, { fails: 'evicted' }, 'die', {}]);
    engine.script('never', 'die');
    const run = await engine.run('infra');
    await engine.advance('10m');
    assert.equal((await engine.states('infra', run)).t, 'success');
    assert.equal((await engine.attempts('infra', run, 't')).length, 5);
    assert.equal((await engine.states('infra', run)).never, 'failed');
    assert.equal((await engine.attempts('infra', run, 'never')).length, 3);
  });

  engineIt(
    'a retry keeps what comes after it waiting, and a restart forgets nothing',
    async (engine) => {
      await engine.register(
        dag('chain', {}, (d) => {
          const a = d.task('a', work, { retries: { max: 2, delay: 60 } });
          d.task('b', work, { after: a });
        }),
      );
      engine.script('a', [{ fails: 'error' }, { fails: 'error' }, {}]);
      const run = await engine.run('chain');
      for (let minute = 0; minute < 2; minute++) {
        assert.equal((await engine.states('chain', run)).b, 'none');
        engine.restartScheduler();
        await engine.advance('1m');
      }
      assert.equal(await engine.runState('chain', run), 'success');
      assert.deepEqual(started(engine), ['a', 'a', 'a', 'b']);
    },
  );
});

describe('ends of runs', () => {
  engineIt(
    'a run timeout fails what is at work, skips the rest, and frees every slot',
    async (engine) => {
      await engine.register(
        dag('slow', { runTimeout: '10m' }, (d) => {
          const a = d.task('a', work);
          d.task('b', work, { after: a });
          d.task('c', work, { retries: { max: 3, delay: '1h' } });
          d.task('z', sensor.time({ at: '2027-01-01T00:00:00Z' }));
        }),
      );
      engine.script('a', 'hang');
      engine.script('c', { fails: 'error' });
      const run = await engine.run('slow');
      await engine.advance('9m');
      assert.equal(await engine.runState('slow', run), 'running');
      await engine.advance('1m');
      const [view] = await engine.runs('slow');
      assert.deepEqual([view?.state, view?.cause], ['failed', 'run_timeout']);
      assert.deepEqual(await engine.states('slow', run), {
        a: 'failed',
        b: 'skipped',
        c: 'skipped',
        z: 'skipped',
      });
      assert.equal(await engine.executor.finish('a'), 'stale');
      await engine.settle();
      await engine.clear('slow', run);
      assert.equal(await engine.runState('slow', run), 'running');
      await engine.executor.finish('a');
      engine.script('c', {});
      await engine.advance('10m');
      assert.deepEqual((await engine.runs('slow'))[0]?.cause, 'run_timeout');
    },
  );

  engineIt('fail fast: the first failure ends the rest at once, teardowns run', async (engine) => {
    await engine.register(
      dag('fast', { failFast: true }, (d) => {
        const up = d.task('up', work);
        const bad = d.task('bad', work, { after: up });
        const slow = d.task('slow', work, { after: up });
        const later = d.task('later', work, { after: slow });
        d.task('down', work, { teardownOf: up, after: [bad, later] });
        d.task('alone', work);
      }),
    );
    for (const task of ['slow', 'alone', 'bad']) engine.script(task, 'hang');
    const run = await engine.run('fast');
    await engine.executor.finish('bad', { fails: 'error' });
    await engine.settle();
    assert.deepEqual(await engine.states('fast', run), {
      up: 'success',
      bad: 'failed',
      slow: 'failed',
      later: 'skipped',
      down: 'success',
      alone: 'failed',
    });
    assert.equal(await engine.runState('fast', run), 'failed');
    assert.equal(await engine.executor.finish('slow'), 'stale');
  });

  engineIt('fail fast: a failed leaf without anything after it, a retry first', async (engine) => {
    await engine.register(
      dag('fast', { failFast: true }, (d) => {
        d.task('leaf', work, { retries: { max: 1, delay: 5 } });
        d.task('other', work);
      }),
    );
    engine.script('leaf', { fails: 'error' });
    engine.script('other', 'hang');
    const run = await engine.run('fast');
    assert.equal((await engine.states('fast', run)).other, 'running');
    await engine.advance('5s');
    assert.deepEqual(await engine.states('fast', run), { leaf: 'failed', other: 'failed' });
  });

  engineIt('fail fast also after a sensor of the scheduler failed', async (engine) => {
    await engine.register(
      dag('fast', { failFast: true }, (d) => {
        d.task('wait', sensor.externalRun({ dag: 'nowhere', timeout: '5m' }));
        d.task('other', work);
      }),
    );
    engine.script('other', 'hang');
    const run = await engine.run('fast');
    await engine.advance('10m');
    assert.deepEqual(await engine.states('fast', run), { wait: 'failed', other: 'failed' });
  });
});

describe('sensors', () => {
  engineIt(
    'time: an instant, or a delay after the data interval; no process is started',
    async (engine) => {
      await engine.register(
        dag('timed', { schedule: '@daily', startDate: '2026-01-01T00:00:00Z' }, (d) => {
          d.task('at', sensor.time({ at: '2026-01-02T06:00:00Z' }));
          d.task('delay', sensor.time({ delay: '30m' }));
          d.task('past', sensor.time({ at: '2020-01-01T00:00:00Z' }));
        }),
      );
      await engine.advanceTo('2026-01-02T00:00:00Z');
      const [run] = await engine.runs('timed');
      const states = () => engine.states('timed', run?.runId ?? '');
      assert.deepEqual(await states(), { at: 'deferred', delay: 'deferred', past: 'success' });
      await engine.advance('30m');
      assert.deepEqual(await states(), { at: 'deferred', delay: 'success', past: 'success' });
      await engine.advanceTo('2026-01-02T06:00:00Z');
      assert.equal((await states()).at, 'success');
      assert.deepEqual(started(engine), []);
    },
  );

  const outer = { schedule: '@daily', startDate: '2026-01-01T00:00:00Z' } as const;
  engineIt(
    'external run: waits for the run of the same date, or for one of its tasks',
    async (engine) => {
      await engine.register(
        dag('up', outer, (d) => {
          const a = d.task('a', work);
          d.task('b', work, { after: a });
        }),
        dag('down', outer, (d) => {
          d.task('whole', sensor.externalRun({ dag: 'up' }));
          d.task('part', sensor.externalRun({ dag: 'up', task: 'a' }));
          d.task(
            'shifted',
            sensor.externalRun({ dag: 'up', offset: '1d', timeout: '1h', softFail: true }),
          );
        }),
      );
      engine.script('b', 'hang');
      await engine.advanceTo('2026-01-02T00:00:00Z');
      const [run] = await engine.runs('down');
      const states = () => engine.states('down', run?.runId ?? '');
      await engine.advance('2m');
      assert.deepEqual(await states(), { whole: 'deferred', part: 'success', shifted: 'deferred' });
      await engine.executor.finish('b');
      await engine.advance('2m');
      assert.equal((await states()).whole, 'success');
      await engine.advance('1h');
      assert.equal((await states()).shifted, 'skipped');
    },
  );

  engineIt('external run: fails with the run it waits for', async (engine) => {
    await engine.register(
      dag('up', outer, (d) => d.task('a', work)),
      dag('down', outer, (d) => d.task('whole', sensor.externalRun({ dag: 'up' }))),
    );
    engine.script('a', { fails: 'error' });
    await engine.advanceTo('2026-01-02T00:01:00Z');
    const [run] = await engine.runs('down');
    assert.equal((await engine.states('down', run?.runId ?? '')).whole, 'failed');
  });

  engineIt('poke: one attempt, many looks, no slot held in between', async (engine) => {
    await engine.register(
      dag('poked', {}, (d) => {
        d.task('file', sensor.file({ path: '/x', interval: '1m', timeout: '1h' }));
      }),
    );
    engine.script('file', ['wait', 'wait', 'wait', {}]);
    const run = await engine.run('poked');
    assert.equal((await engine.states('poked', run)).file, 'up_for_reschedule');
    await engine.advance('2m');
    assert.equal((await engine.states('poked', run)).file, 'up_for_reschedule');
    await engine.advance('1m');
    assert.equal(await engine.runState('poked', run), 'success');
    const attempts = await engine.attempts('poked', run, 'file');
    assert.deepEqual(
      attempts.map(({ number, state }) => `${number} ${state}`),
      ['1 success'],
    );
    assert.equal(started(engine).length, 4);
  });

  engineIt(
    'poke: the timeout fails, or skips when asked; a dead worker costs no look',
    async (engine) => {
      await engine.register(
        dag('late', {}, (d) => {
          const file = (softFail: boolean) =>
            sensor.file({ path: '/x', interval: '10m', timeout: '35m', softFail });
          d.task('hard', file(false), { retries: 2 });
          d.task('soft', file(true));
          d.task('dies', file(false));
        }),
      );
      engine.script('hard', 'wait');
      engine.script('soft', 'wait');
      engine.script('dies', ({ attempt }) =>
        attempt.number === 2 ? {} : attempt.look === 1 ? 'wait' : 'die',
      );
      const run = await engine.run('late');
      await engine.advance('34m');
      assert.deepEqual(await engine.states('late', run), {
        hard: 'up_for_reschedule',
        soft: 'up_for_reschedule',
        dies: 'success',
      });
      await engine.advance('2m');
      const states = await engine.states('late', run);
      assert.deepEqual([states.hard, states.soft], ['failed', 'skipped']);
      assert.equal((await engine.attempts('late', run, 'dies')).length, 2);
    },
  );
});
