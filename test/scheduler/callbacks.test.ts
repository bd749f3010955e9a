/** Callbacks: written with the decision that caused them, delivered apart from it, again until they arrive. */
import assert from 'node:assert/strict';
import { bash, dag } from 'podline/dag';
import type { JsonObject } from '../../src/plan/plan.ts';
import { engineIt } from './engineIt.ts';

const work = bash({ script: 'true' });
const to = (name: string) => ({ kind: 'webhook' as const, url: `http://127.0.0.1/${name}` });

const told = dag(
  'told',
  { callbacks: { onSuccess: to('run-good'), onFailure: to('run-bad') } },
  (d) => {
    d.task('t', work, {
      retries: { max: 1, delay: 1 },
      callbacks: {
        onSuccess: to('good'),
        onFailure: to('bad'),
        onRetry: to('retry'),
        onSkip: to('skip'),
      },
    });
  },
);

const names = (delivered: { target: unknown }[]) =>
  delivered.map(({ target }) => (target as { url: string }).url.split('/').at(-1));

describe('callbacks', () => {
  engineIt('success, retry, failure and skip of a task, ends of a run', async (engine) => {
    await engine.register(told);
    await engine.run('told', { runId: 'r1' });
    assert.deepEqual(names(engine.delivered), ['good', 'run-good']);
    engine.delivered.length = 0;
    engine.script('t', { fails: 'exit_code', message: 'no such table' });
    await engine.run('told', { runId: 'r2' });
    assert.deepEqual(names(engine.delivered), ['retry']);
    await engine.advance('2s');
    assert.deepEqual(names(engine.delivered), ['retry', 'bad', 'run-bad']);
    const payload = engine.delivered[1]?.payload as JsonObject;
    assert.equal(payload.dagId, 'told');
    assert.equal(payload.runId, 'r2');
    assert.equal(payload.taskId, 't');
    assert.equal(payload.cause, 'exit_code');
    assert.equal(payload.message, 'no such table');
    assert.match(JSON.stringify(payload.idempotencyKey), /^"callback-\d+"$/);
    engine.delivered.length = 0;
    engine.script('t', 'skip');
    await engine.run('told', { runId: 'r3' });
    assert.deepEqual(names(engine.delivered), ['skip', 'run-good']);
  });

  engineIt('a cancelled run tells that it failed', async (engine) => {
    await engine.register(told);
    engine.script('t', 'hang');
    const run = await engine.run('told');
    await engine.command('told', run, { kind: 'cancel' });
    assert.deepEqual(names(engine.delivered), ['bad', 'run-bad']);
  });

  let down = true;
  let calls = 0;
  const keys = new Set<unknown>();
  engineIt(
    'a receiver that is down gets each callback once it is up again, under one key',
    async (engine) => {
      await engine.register(told);
      const run = await engine.run('told');
      assert.equal(await engine.runState('told', run), 'success');
      assert.equal(calls, 2);
      await engine.advance('1m');
      assert.equal(calls, 6);
      down = false;
      await engine.advance('10m');
      assert.equal(calls, 8);
      assert.equal(keys.size, 2);
      const { rows } = await engine.database.query(
        'SELECT tries, error FROM podline.outbox WHERE delivered_at IS NOT NULL AND dead_at IS NULL',
      );
      assert.deepEqual(rows, [
        { tries: 4, error: null },
        { tries: 4, error: null },
      ]);
    },
    {
      deliver: (_target, payload) => {
        calls += 1;
        keys.add(payload.idempotencyKey);
        return down ? Promise.reject(new Error('connection refused')) : Promise.resolve();
      },
    },
  );

  engineIt(
    'a receiver that never comes back: given up in the end, with the reason',
    async (engine) => {
      await engine.register(told);
      await engine.run('told');
      await engine.advance('1d');
      const { rows } = await engine.database.query(
        'SELECT tries, error, dead_at IS NOT NULL AS dead FROM podline.outbox',
      );
      assert.deepEqual(rows, [
        { tries: 12, error: 'no route', dead: true },
        { tries: 12, error: 'no route', dead: true },
      ]);
    },
    { deliver: () => Promise.reject(new Error('no route')) },
  );
});
