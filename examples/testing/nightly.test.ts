/** How to test a DAG: the real engine, a clock that you move, and task outcomes that you script. */
import assert from 'node:assert/strict';
import { TestEngine } from 'podline/testing';
import { nightly } from './nightly.ts';

describe('nightly', () => {
  let engine: TestEngine;
  beforeEach(async () => {
    engine = await TestEngine.open({ start: '2026-03-01T00:00:00Z' });
    engine.script('load', { output: 42 });
    engine.script('choose', { output: ['publish'], choice: ['publish'] });
    await engine.register(nightly);
  });
  afterEach(async () => {
    assert.deepEqual(await engine.check(), []);
    await engine.close();
  });

  it('runs once a day for a month, also on the day that the clocks change', async () => {
    await engine.advanceTo('2026-04-01T00:00:00Z');
    const runs = await engine.runs('nightly');
    assert.ok(runs.every(({ state }) => state === 'success'));
    const times = runs.map(({ logicalDate }) => logicalDate?.toISOString().slice(5, 16));
    assert.deepEqual(times.slice(0, 2), ['03-01T01:30', '03-02T01:30']);
    // On 29 March the clock jumps from 02:00 to 03:00: 02:30 runs at the first instant after the gap.
    assert.deepEqual(times.slice(-3), ['03-28T01:30', '03-29T01:00', '03-30T00:30']);
    assert.equal(times.length, 30);
  });

  it('tries again after six hours, and gives up after the third try', async () => {
    engine.script('load', [{ fails: 'exit_code', exitCode: 1 }, { output: 42 }]);
    const runId = await engine.run('nightly');
    assert.equal((await engine.states('nightly', runId)).load, 'up_for_retry');
    await engine.advance('5h59m');
    assert.equal((await engine.states('nightly', runId)).load, 'up_for_retry');
    await engine.advance('1m');
    assert.equal(await engine.runState('nightly', runId), 'success');

    engine.script('load', { fails: 'exit_code', exitCode: 1 });
    const second = await engine.run('nightly', { logicalDate: '2026-02-01T00:00:00Z' });
    await engine.advance('12h');
    assert.equal(await engine.runState('nightly', second), 'failed');
    assert.equal((await engine.attempts('nightly', second, 'load')).length, 3);
  });

  it('a lost worker costs no retry', async () => {
    engine.script('load', ['die', { output: 42 }]);
    const runId = await engine.run('nightly');
    await engine.advance('6h');
    assert.equal(await engine.runState('nightly', runId), 'success');
    const causes = (await engine.attempts('nightly', runId, 'load')).map(({ cause }) => cause);
    assert.deepEqual(causes, ['worker_lost', null]);
  });

  it('skips the other branch', async () => {
    const runId = await engine.run('nightly');
    const { publish, nothing } = await engine.states('nightly', runId);
    assert.deepEqual({ publish, nothing }, { publish: 'success', nothing: 'skipped' });
  });
});
