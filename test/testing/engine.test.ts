/** The test kit that users get: clock, scripts, what it answers, and that it does not hide trouble. */
import assert from 'node:assert/strict';
import { bash, dag } from 'podline/dag';
import { TestEngine } from '../../runtime/testing/index.ts';
import { engineIt, started } from '../scheduler/engineIt.ts';

const work = bash({ script: 'true' });

describe('test kit', () => {
  engineIt('time passes from timer to timer, so nothing happens late', async (engine) => {
    await engine.register(
      dag('d', { schedule: '0 */6 * * *', startDate: '2026-01-01T00:00:00Z' }, (d) =>
        d.task('t', work, { retries: { max: 1, delay: '90m' } }),
      ),
    );
    engine.script('t', [{ fails: 'error' }, {}]);
    await engine.advance('1d');
    const ends = (await engine.runs('d')).map(({ endedAt }) =>
      endedAt?.toISOString().slice(11, 16),
    );
    assert.deepEqual(ends.slice(0, 3), ['07:30', '13:30', '19:30']);
  });

  engineIt('scripts: by task, by DAG and task, by list, by function', async (engine) => {
    const make = (id: string) =>
      dag(id, {}, (d) => d.task('t', work, { retries: { max: 2, delay: 0 } }));
    await engine.register(make('one'), make('two'));
    engine.script('t', { fails: 'fail_now' });
    engine.script('two.t', [{ fails: 'error' }, { output: 7 }]);
    const one = await engine.run('one');
    const two = await engine.run('two');
    assert.deepEqual(await engine.states('one', one), { t: 'failed' });
    assert.deepEqual(await engine.attempts('two', two, 't'), [
      { number: 1, state: 'failed', cause: 'error', exitCode: null, message: null },
      { number: 2, state: 'success', cause: null, exitCode: null, message: null },
    ]);
    assert.deepEqual(await engine.outputs('two', two, 't'), [7]);
    engine.script('two.t', ({ run }) => (run.runId === 'x' ? 'skip' : {}));
    await engine.run('two', { runId: 'x' });
    assert.deepEqual(await engine.states('two', 'x'), { t: 'skipped' });
    assert.deepEqual(started(engine), ['t', 't', 't', 't']);
  });

  engineIt('says what is not there instead of waiting for it', async (engine) => {
    await assert.rejects(engine.run('nobody'), /nobody/);
    await assert.rejects(engine.executor.finish('t'), /no attempt of t hangs/);
    assert.equal(await engine.runState('nobody', 'r'), undefined);
    await assert.rejects(engine.register({}), /no DAG/);
  });

  engineIt('a broken invariant is shown with its rows', async (engine) => {
    await engine.database.query('UPDATE podline.pool SET used = 5');
    const [violation] = await engine.check();
    assert.equal(violation?.invariant, 'I7');
    assert.equal(violation.rows[0]?.used, 5);
    await engine.database.query('UPDATE podline.pool SET used = 0');
  });

  engineIt('a run that cannot be decided is an error of the test', async (engine) => {
    await engine.register(dag('d', {}, (d) => d.task('t', work)));
    engine.script('t', 'hang');
    await engine.run('d');
    await engine.database.query(
      `INSERT INTO podline.event (run_id, kind, data) SELECT id, 'mark', '1' FROM podline.run`,
    );
    await assert.rejects(engine.settle(), /cannot be decided/);
    await engine.database.query('DELETE FROM podline.event');
  });

  engineIt(
    'unless the test asks to have it set aside',
    async (engine) => {
      await engine.register(dag('d', {}, (d) => d.task('t', work)));
      engine.script('t', 'hang');
      const run = await engine.run('d');
      await engine.database.query(
        `INSERT INTO podline.event (run_id, kind, data) SELECT id, 'mark', '1' FROM podline.run`,
      );
      await engine.settle();
      assert.equal(engine.setAside.length, 1);
      assert.equal((await engine.runs('d'))[0]?.cause, 'quarantined');
      assert.equal(await engine.runState('d', run), 'failed');
    },
    { setAside: true },
  );

  it('two engines in one process know nothing of each other', async () => {
    const [one, two] = await Promise.all([
      TestEngine.open({ start: '2020-01-01T00:00:00Z' }),
      TestEngine.open({ start: '2030-01-01T00:00:00Z' }),
    ]);
    try {
      await one.register(dag('d', {}, (d) => d.task('t', work)));
      await two.register(dag('d', {}, (d) => d.task('t', work)));
      one.script('t', { fails: 'error' });
      const [bad, good] = await Promise.all([one.run('d'), two.run('d')]);
      assert.equal(bad, 'manual__2020-01-01T00:00:00.000Z');
      assert.equal(good, 'manual__2030-01-01T00:00:00.000Z');
      assert.equal(await one.runState('d', bad), 'failed');
      assert.equal(await two.runState('d', good), 'success');
    } finally {
      await Promise.all([one.close(), two.close()]);
    }
  });
});
