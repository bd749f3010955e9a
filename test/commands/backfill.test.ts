/** Backfills: what a range becomes, its own limit and order, runs that exist already. */
import assert from 'node:assert/strict';
import { bash, dag } from 'podline/dag';
import { createBackfill, planBackfill } from '../../runtime/commands/backfill.ts';
import type { TestEngine } from '../../runtime/testing/index.ts';
import { engineIt } from '../scheduler/engineIt.ts';

const daily = (over: object = {}) =>
  dag(
    'daily',
    { schedule: '@daily', startDate: '2026-01-01T00:00:00Z', params: { table: 'a' }, ...over },
    (d) => d.task('t', bash({ script: 'true' })),
  );

const RANGE = { from: '2025-12-01T00:00:00Z', to: '2025-12-05T00:00:00Z' };

async function runs(engine: TestEngine): Promise<string[]> {
  return (await engine.runs('daily')).map(
    ({ logicalDate, state }) => `${logicalDate?.toISOString().slice(5, 10)} ${state}`,
  );
}

async function backfills(engine: TestEngine) {
  const { rows } = await engine.database.query<{ active: number; over: boolean }>(
    'SELECT active_runs AS active, ended_at IS NOT NULL AS over FROM podline.backfill ORDER BY id',
  );
  return rows;
}

const logicalDates = (engine: TestEngine) =>
  engine.database
    .query<{ at: Date }>(
      'SELECT r.logical_date AS at FROM podline.attempt a JOIN podline.run r ON r.id = a.run_id ORDER BY a.id',
    )
    .then(({ rows }) => rows.map(({ at }) => at.getUTCDate()));

describe('backfill', () => {
  engineIt('a run for every tick of the range, both ends included', async (engine) => {
    await engine.register(daily());
    await engine.backfill('daily', RANGE);
    assert.deepEqual(
      (await runs(engine)).filter((run) => run.startsWith('12-0')),
      ['12-01 success', '12-02 success', '12-03 success', '12-04 success', '12-05 success'],
    );
    assert.deepEqual(await backfills(engine), [{ active: 0, over: true }]);
  });

  engineIt('a dry run says what would be done and does nothing', async (engine) => {
    await engine.register(daily());
    engine.script('t', ({ run }) =>
      run.logicalDate?.startsWith('2025-12-02') === true ? { fails: 'error' } : {},
    );
    await engine.backfill('daily', { ...RANGE, to: '2025-12-03T00:00:00Z' });
    const plan = async (reprocess: 'none' | 'failed' | 'all') =>
      (await planBackfill(engine.database, 'daily', { ...RANGE, reprocess })).map(
        ({ action }) => action,
      );
    const before = (await runs(engine)).length;
    assert.deepEqual(await plan('none'), ['skip', 'skip', 'skip', 'create', 'create']);
    assert.deepEqual(await plan('failed'), ['skip', 'rerun', 'skip', 'create', 'create']);
    assert.deepEqual(await plan('all'), ['rerun', 'rerun', 'rerun', 'create', 'create']);
    assert.equal((await runs(engine)).length, before);
  });

  engineIt('in reverse order, one at a time', async (engine) => {
    await engine.register(daily());
    await engine.settle();
    engine.executor.ledger.length = 0;
    await engine.backfill('daily', { ...RANGE, reverse: true, maxActiveRuns: 1 });
    assert.deepEqual((await logicalDates(engine)).slice(-5), [5, 4, 3, 2, 1]);
  });

  engineIt('its own limit of runs, beside that of the DAG', async (engine) => {
    await engine.register(daily({ maxActiveRuns: 1 }));
    engine.script('t', 'hang');
    await engine.advance('1d');
    await engine.backfill('daily', { ...RANGE, maxActiveRuns: 2 });
    const running = async (kind: string) =>
      (await engine.runs('daily')).filter((run) => run.state === 'running' && run.kind === kind);
    assert.equal((await running('scheduled')).length, 1);
    assert.equal((await running('backfill')).length, 2);
    assert.deepEqual(await backfills(engine), [{ active: 2, over: false }]);
    engine.script('t', {});
    for (const { runId } of await running('backfill')) {
      await engine.command('daily', runId, { kind: 'mark', state: 'success', tasks: ['t'] });
    }
    assert.deepEqual(await backfills(engine), [{ active: 0, over: true }]);
  });

  engineIt(
    'runs that exist are run again, scheduled ones too, without losing count',
    async (engine) => {
      await engine.register(daily());
      engine.script('t', { fails: 'error' });
      await engine.advanceTo('2026-01-04T00:00:00Z');
      engine.script('t', 'hang');
      await engine.backfill('daily', {
        from: '2026-01-01T00:00:00Z',
        to: '2026-01-03T00:00:00Z',
        reprocess: 'failed',
        maxActiveRuns: 2,
      });
      assert.deepEqual(await backfills(engine), [{ active: 2, over: false }]);
      assert.deepEqual(await engine.check(), []);
      engine.script('t', {});
      for (const run of await engine.runs('daily')) {
        if (run.state !== 'running') continue;
        await engine.command('daily', run.runId, { kind: 'mark', state: 'success', tasks: ['t'] });
      }
      assert.deepEqual(await backfills(engine), [{ active: 0, over: true }]);
      assert.deepEqual(
        (await runs(engine)).filter((run) => run.startsWith('01-')),
        ['01-01 success', '01-02 success', '01-03 success'],
      );
    },
  );

  engineIt('params for all of its runs, checked first', async (engine) => {
    await engine.register(daily());
    await engine.backfill('daily', { ...RANGE, to: RANGE.from, params: { table: 'b' } });
    await engine.backfill('daily', {
      ...RANGE,
      to: RANGE.from,
      params: { table: 'c' },
      reprocess: 'all',
    });
    const { rows } = await engine.database.query<{ params: object }>(
      `SELECT params FROM podline.run WHERE kind = 'backfill'`,
    );
    assert.deepEqual(rows, [{ params: { table: 'c' } }]);
    const before = (await engine.runs('daily')).length;
    await assert.rejects(engine.backfill('daily', { ...RANGE, params: { table: 7 } }));
    assert.equal((await engine.runs('daily')).length, before);
  });

  engineIt('a range that makes no sense is refused with the reason', async (engine) => {
    await engine.register(
      daily(),
      dag('manual', {}, (d) => d.task('t', bash({ script: 'true' }))),
    );
    const refused = (dagId: string, options: object, reason: RegExp) =>
      assert.rejects(createBackfill(engine.database, dagId, { ...RANGE, ...options }), reason);
    await refused('daily', { from: RANGE.to, to: RANGE.from }, /ends before it begins/);
    await refused('daily', { from: 'yesterday' }, /ISO 8601/);
    await refused('manual', {}, /no regular schedule/);
    await refused('nobody', {}, /nobody/);
    assert.deepEqual(await backfills(engine), []);
  });

  engineIt(
    'cancelled in the queue, it ends; cleared later, its run starts again',
    async (engine) => {
      await engine.register(daily());
      await engine.settle();
      await engine.database.query('UPDATE podline.dag SET paused = true');
      await engine.backfill('daily', { ...RANGE, to: '2025-12-02T00:00:00Z' });
      const made = (await engine.runs('daily')).filter(({ kind }) => kind === 'backfill');
      for (const { runId } of made) await engine.command('daily', runId, { kind: 'cancel' });
      assert.deepEqual(await backfills(engine), [{ active: 0, over: true }]);
      await engine.database.query('UPDATE podline.dag SET paused = false');
      await engine.clear('daily', made[0]?.runId ?? '');
      assert.equal(await engine.runState('daily', made[0]?.runId ?? ''), 'success');
      assert.deepEqual(await backfills(engine), [{ active: 0, over: true }]);
    },
  );

  engineIt('ticks that a backfill made are not made again by catching up', async (engine) => {
    await engine.register(daily({ catchup: true, startDate: '2025-12-01T00:00:00Z' }));
    await engine.database.query('UPDATE podline.dag SET paused = true');
    await createBackfill(engine.database, 'daily', RANGE);
    await engine.database.query('UPDATE podline.dag SET paused = false');
    await engine.settle();
    const found = (await runs(engine)).map((run) => run.slice(0, 5));
    assert.equal(found.length, 31);
    assert.equal(new Set(found).size, 31);
  });
});
