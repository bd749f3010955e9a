/** Setup and teardown, retry rules, sensors, limits: each DAG of examples/etl-patterns to its end. */
import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { ExampleEngine } from './exampleEngine.ts';

describe('examples/etl-patterns', function () {
  this.timeout(60_000);
  let engine: ExampleEngine;
  before(async () => {
    engine = await ExampleEngine.start();
  });
  after(() => engine.stop());

  it('scratch: the teardown removes what the setup made', async () => {
    const run = await engine.run('etl_scratch');
    assert.equal(run.state, 'success', run.explain());
    assert.equal(await run.output('sum'), 500_500);
    assert.deepEqual(run.states, {
      make_folder: 'success',
      write: 'success',
      sum: 'success',
      remove_folder: 'success',
      on_failure: 'skipped',
      always_count: 'success',
      publish: 'success',
    });
    const made = (await run.output('make_folder')) as { folder: string };
    await assert.rejects(fs.stat(made.folder), { code: 'ENOENT' });
  });

  it('scratch: also when the work between them fails', async () => {
    const run = await engine.run('etl_scratch', { params: { fail: true } });
    assert.equal(run.state, 'failed');
    assert.deepEqual(run.states, {
      make_folder: 'success',
      write: 'success',
      sum: 'failed',
      remove_folder: 'success',
      on_failure: 'success',
      always_count: 'success',
      publish: 'upstream_failed',
    });
    const made = (await run.output('make_folder')) as { folder: string };
    await assert.rejects(fs.stat(made.folder), { code: 'ENOENT' });
  });

  it('retries: the cause and the exit code decide', async () => {
    const run = await engine.run('etl_retries');
    assert.equal(run.state, 'success', run.explain());
    assert.deepEqual(run.states, {
      busy_service: 'success',
      maybe_no_input: 'skipped',
      skips_itself: 'skipped',
      skips_in_typescript: 'skipped',
      gives_up_at_once: 'failed',
      after_all: 'success',
    });
    assert.equal(run.reason('skips_in_typescript'), 'there is nothing new since yesterday');
    assert.equal(run.reason('gives_up_at_once'), 'the password is wrong');
    const { rows } = await engine.database.pool.query(
      `SELECT t.task_id, a.number, a.cause, a.exit_code FROM podline.attempt a
         JOIN podline.task_instance t ON t.id = a.instance_id
        WHERE t.run_id = $1 AND t.task_id IN ('busy_service', 'gives_up_at_once') ORDER BY 1, 2`,
      [run.id],
    );
    assert.deepEqual(rows, [
      { task_id: 'busy_service', number: 1, cause: 'exit_code', exit_code: 75 },
      { task_id: 'busy_service', number: 2, cause: null, exit_code: 0 },
      { task_id: 'gives_up_at_once', number: 1, cause: 'fail_now', exit_code: null },
    ]);
  });

  it('waiting: goes on when the other DAG, the file and the time are there', async () => {
    const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'podline-waiting-'));
    const options = { logicalDate: '2026-01-01T00:00:00Z', params: { folder } };
    const waiting = await engine.trigger('etl_waiting', options);
    const source = await engine.run('etl_source', options);
    assert.equal(source.state, 'success', source.explain());
    const run = await engine.ended(waiting);
    await fs.rm(folder, { recursive: true });
    assert.equal(run.state, 'success', run.explain());
    assert.deepEqual(run.states, {
      other_dag: 'success',
      file: 'success',
      time: 'success',
      optional_file: 'skipped',
      import: 'success',
    });
  });

  it('limits: a pool of two slots and a cap of one are never exceeded', async () => {
    const { pool } = engine.database;
    await pool.query(`INSERT INTO podline.pool (name, slots) VALUES ('reports', 2)`);
    const run = await engine.run('etl_limits');
    assert.equal(run.state, 'success', run.explain());
    assert.equal(run.progress.tasks.filter(({ task }) => task.startsWith('send[')).length, 6);
    // Slots in use at the start of each attempt, its own included.
    const { rows } = await pool.query<{ kind: string; most: number }>(
      `WITH a AS (SELECT CASE WHEN t.pool = 'reports' THEN 'reports' ELSE t.task_id END AS kind, t.pool_slots,
                         a.launched_at, a.ended_at, a.id
                    FROM podline.attempt a JOIN podline.task_instance t ON t.id = a.instance_id WHERE t.run_id = $1)
       SELECT x.kind, max((SELECT sum(y.pool_slots) FROM a y WHERE y.kind = x.kind
                              AND y.launched_at <= x.launched_at AND y.ended_at > x.launched_at))::int AS most
         FROM a x GROUP BY 1 ORDER BY 1`,
      [run.id],
    );
    assert.deepEqual(rows, [
      { kind: 'regions', most: 1 },
      { kind: 'reports', most: 2 },
      { kind: 'send', most: 1 },
    ]);
  });
});
