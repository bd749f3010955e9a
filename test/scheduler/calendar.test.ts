/** Schedules on the real engine: each tick makes exactly one run, over months, pauses and changes of the clock. */
import assert from 'node:assert/strict';
import { bash, dag, type DagOptions } from 'podline/dag';
import type { TestEngine } from '../../runtime/testing/index.ts';
import { engineIt } from './engineIt.ts';

const work = bash({ script: 'true' });

function scheduled(options: DagOptions<Record<never, never>>) {
  return dag('s', options, (d) => d.task('t', work));
}

async function dates(engine: TestEngine): Promise<string[]> {
  return (await engine.runs('s')).map(({ logicalDate }) => logicalDate?.toISOString() ?? 'none');
}

describe('schedules on the engine', () => {
  engineIt(
    'a month of cron: one run a day, in order, all of them done',
    async (engine) => {
      await engine.register(
        scheduled({ schedule: '0 6 * * *', startDate: '2026-03-01T00:00:00Z' }),
      );
      await engine.advanceTo('2026-04-01T06:00:00Z');
      const found = await dates(engine);
      const wanted = Array.from({ length: 31 }, (_, at) =>
        new Date(Date.UTC(2026, 2, 1 + at, 6)).toISOString(),
      );
      assert.deepEqual(found, wanted);
      for (const run of await engine.runs('s')) {
        assert.equal(run.state, 'success');
        assert.equal(run.startedAt?.getTime(), run.intervalEnd?.getTime());
      }
    },
    { start: '2026-03-01T00:00:00Z' },
  );

  engineIt(
    'catchup makes every run of the past, at most as many at a time as may be active',
    async (engine) => {
      await engine.register(
        scheduled({
          schedule: '@daily',
          startDate: '2025-12-01T00:00:00Z',
          catchup: true,
          maxActiveRuns: 3,
        }),
      );
      engine.script('t', 'hang');
      await engine.settle();
      const running = (await engine.runs('s')).filter(({ state }) => state === 'running');
      assert.equal(running.length, 3);
      // All three hang under one name: let the rest pass, and end these by hand.
      engine.script('t', {});
      for (const { runId } of running) {
        await engine.command('s', runId, { kind: 'mark', state: 'success', tasks: ['t'] });
      }
      const found = await dates(engine);
      assert.equal(found.length, 31);
      assert.equal(new Set(found).size, 31);
      assert.deepEqual(found, [...found].sort());
    },
  );

  engineIt('no catchup: only the latest complete interval', async (engine) => {
    await engine.register(scheduled({ schedule: '@daily', startDate: '2020-01-01T00:00:00Z' }));
    await engine.settle();
    assert.deepEqual(await dates(engine), ['2025-12-31T00:00:00.000Z']);
    await engine.advance('1d');
    assert.deepEqual((await dates(engine)).slice(1), ['2026-01-01T00:00:00.000Z']);
  });

  engineIt(
    'paused: nothing starts; afterwards the latest one, or with catchup all',
    async (engine) => {
      const make = (id: string, catchup: boolean) =>
        dag(id, { schedule: '@daily', startDate: '2026-01-01T00:00:00Z', catchup }, (d) =>
          d.task('t', work),
        );
      await engine.register(make('s', false), make('all', true));
      await engine.advance('1d');
      await engine.database.query('UPDATE podline.dag SET paused = true');
      await engine.advance('5d');
      assert.equal((await engine.runs('s')).length, 1);
      assert.equal((await engine.runs('all')).length, 1);
      await engine.database.query('UPDATE podline.dag SET paused = false');
      await engine.settle();
      assert.deepEqual((await dates(engine)).slice(1), ['2026-01-06T00:00:00.000Z']);
      assert.equal((await engine.runs('all')).length, 6);
    },
  );

  for (const [what, start, hours] of [
    ['spring, 23 hours', '2026-03-29T00:00:00+01:00', 23],
    ['autumn, 25 hours', '2026-10-25T00:00:00+02:00', 25],
  ] as const) {
    engineIt(
      `hourly in Berlin on the day of the change of clocks in ${what}`,
      async (engine) => {
        await engine.register(
          scheduled({ schedule: '@hourly', timezone: 'Europe/Berlin', startDate: start }),
        );
        await engine.advance(`${hours}h`);
        const found = await dates(engine);
        assert.equal(found.length, hours);
        assert.equal(new Set(found).size, hours);
      },
      { start },
    );

    engineIt(
      `daily at 02:30 in Berlin: exactly one run on the day of the change in ${what}`,
      async (engine) => {
        await engine.register(
          scheduled({ schedule: '30 2 * * *', timezone: 'Europe/Berlin', startDate: start }),
        );
        await engine.advance('4d');
        const found = await dates(engine);
        const day = (date: string) =>
          new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Berlin' }).format(new Date(date));
        assert.equal(new Set(found.map(day)).size, found.length);
        assert.equal(found.length, 3);
        assert.equal(day(found[0] ?? ''), start.slice(0, 10));
      },
      { start },
    );
  }

  engineIt('@once is one run, ever', async (engine) => {
    await engine.register(scheduled({ schedule: '@once', startDate: '2026-01-02T00:00:00Z' }));
    await engine.advance('10d');
    assert.deepEqual(await dates(engine), ['2026-01-02T00:00:00.000Z']);
    await engine.register(scheduled({ schedule: '@once', startDate: '2026-01-02T00:00:00Z' }));
    await engine.advance('10d');
    assert.equal((await dates(engine)).length, 1);
  });

  engineIt('an interval counts elapsed time from the start', async (engine) => {
    await engine.register(
      scheduled({ schedule: { every: '6h' }, startDate: '2026-01-01T01:00:00Z' }),
    );
    await engine.advanceTo('2026-01-02T01:00:00Z');
    assert.deepEqual(
      (await dates(engine)).map((date) => date.slice(8, 16)),
      ['01T01:00', '01T07:00', '01T13:00', '01T19:00'],
    );
  });

  engineIt('after the end date nothing more', async (engine) => {
    await engine.register(
      scheduled({
        schedule: '@daily',
        startDate: '2026-01-01T00:00:00Z',
        endDate: '2026-01-03T00:00:00Z',
      }),
    );
    await engine.advance('10d');
    assert.deepEqual(
      (await dates(engine)).map((date) => date.slice(0, 10)),
      ['2026-01-01', '2026-01-02', '2026-01-03'],
    );
  });

  describe('@continuous', () => {
    const hanging = async (engine: TestEngine) => {
      await engine.register(
        dag('s', { schedule: '@continuous', maxActiveRuns: 1 }, (d) => d.task('t', work)),
      );
      engine.script('t', 'hang');
      await engine.settle();
    };
    const states = async (engine: TestEngine) => (await engine.runs('s')).map(({ state }) => state);

    engineIt('the end of a run starts the next one', async (engine) => {
      await hanging(engine);
      for (let round = 1; round <= 3; round++) {
        await engine.advance('1h');
        assert.equal((await engine.runs('s')).length, round);
        await engine.executor.finish('t', round === 2 ? { fails: 'error' } : {});
        await engine.settle();
      }
      assert.deepEqual(await states(engine), ['success', 'failed', 'success', 'running']);
    });

    engineIt('two ends in one instant are two runs all the same', async (engine) => {
      await hanging(engine);
      await engine.executor.finish('t');
      await engine.advance('1ms');
      await engine.executor.finish('t');
      await engine.advance('1ms');
      assert.deepEqual(await states(engine), ['success', 'success', 'running']);
    });

    engineIt('a run by hand makes no second one beside it', async (engine) => {
      await engine.register(
        dag('s', { schedule: '@continuous', maxActiveRuns: 2 }, (d) => d.task('t', work)),
      );
      engine.script('t', ({ run }) => (run.kind === 'manual' ? {} : 'hang'));
      await engine.settle();
      await engine.advance('1m');
      await engine.run('s', { runId: 'by-hand' });
      await engine.advance('1m');
      assert.deepEqual(await states(engine), ['running', 'success']);
    });

    engineIt('goes on after a cancelled run, running or still queued', async (engine) => {
      await hanging(engine);
      const [first] = await engine.runs('s');
      await engine.advance('1m');
      await engine.command('s', first?.runId ?? '', { kind: 'cancel' });
      assert.deepEqual(await states(engine), ['failed', 'running']);
      await engine.database.query('UPDATE podline.dag SET max_active_runs = 0');
      await engine.advance('1m');
      await engine.executor.finish('t');
      await engine.settle();
      await engine.advance('1m');
      const queued = (await engine.runs('s')).find(({ state }) => state === 'queued');
      if (queued) await engine.command('s', queued.runId, { kind: 'cancel' });
      await engine.database.query('UPDATE podline.dag SET max_active_runs = 1');
      await engine.advance('1m');
      assert.equal((await states(engine)).filter((state) => state === 'running').length, 1);
    });
  });
});
