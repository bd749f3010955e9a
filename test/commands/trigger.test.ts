/** Runs by hand: ids, dates, params, data intervals. */
import assert from 'node:assert/strict';
import { bash, dag } from 'podline/dag';
import { triggerRun } from '../../runtime/commands/trigger.ts';
import { engineIt } from '../scheduler/engineIt.ts';

const asked = dag(
  'asked',
  { schedule: '@daily', params: { table: 'orders', limit: { type: 'integer', default: 10 } } },
  (d) => d.task('t', bash({ script: 'true' })),
);

describe('trigger', () => {
  engineIt(
    'id, logical date and interval follow from now, params from their defaults',
    async (engine) => {
      await engine.register(asked);
      await engine.clock.set(new Date('2026-01-05T10:00:00Z'));
      const runId = await engine.run('asked', { params: { limit: 3 } });
      assert.equal(runId, 'manual__2026-01-05T10:00:00.000Z');
      const run = (await engine.runs('asked')).find((each) => each.runId === runId);
      assert.equal(run?.kind, 'manual');
      assert.equal(run.intervalStart?.toISOString(), '2026-01-04T00:00:00.000Z');
      assert.equal(run.intervalEnd?.toISOString(), '2026-01-05T00:00:00.000Z');
      const { rows } = await engine.database.query<{ params: object }>(
        `SELECT params FROM podline.run WHERE kind = 'manual'`,
      );
      assert.deepEqual(rows[0]?.params, { table: 'orders', limit: 3 });
    },
  );

  engineIt('a logical date of the past, a run id of its own, a note', async (engine) => {
    await engine.register(asked);
    const runId = await engine.run('asked', {
      runId: 'repair-7',
      logicalDate: '2025-06-01T12:00:00+02:00',
      note: 'after the outage',
    });
    assert.equal(runId, 'repair-7');
    const run = (await engine.runs('asked')).find((each) => each.runId === runId);
    assert.equal(run?.logicalDate?.toISOString(), '2025-06-01T10:00:00.000Z');
  });

  engineIt('refuses what makes no sense, and makes no run', async (engine) => {
    await engine.register(asked);
    await engine.settle();
    const before = (await engine.runs('asked')).length;
    const refused = (options: object, code: string) =>
      assert.rejects(
        triggerRun(engine.database, 'asked', options),
        (error: { code?: string }) => error.code === code,
        code,
      );
    await refused({ logicalDate: 'tomorrow' }, 'run.bad_logical_date');
    await refused({ logicalDate: '2026-13-01T00:00:00Z' }, 'run.bad_logical_date');
    await refused({ runId: 'with space' }, 'dag.bad_id');
    await refused({ runId: '' }, 'dag.bad_id');
    await refused({ runId: 'x'.repeat(251) }, 'dag.bad_id');
    await refused({ runId: 'scheduled__2026-01-02T00:00:00.000Z' }, 'dag.bad_id');
    await refused({ runId: 'backfill__x' }, 'dag.bad_id');
    await assert.rejects(triggerRun(engine.database, 'asked', { params: { limit: 'many' } }));
    await assert.rejects(triggerRun(engine.database, 'nobody'), /nobody/);
    assert.equal((await engine.runs('asked')).length, before);
    await engine.run('asked', { runId: 'twice' });
    await refused({ runId: 'twice' }, 'run.exists');
  });
});
