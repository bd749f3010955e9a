/** Each invariant's check finds what it is there for: broken by hand, one at a time, and rolled back. */
import assert from 'node:assert/strict';
import { bash, dag } from 'podline/dag';
import { checkInvariants, INVARIANTS } from '../../runtime/database/invariants.ts';
import type { TestEngine } from '../../runtime/testing/index.ts';
import { engineIt } from '../scheduler/engineIt.ts';

/** What breaks which invariant: in a database with a finished run r1 and a run r2 whose task `a` hangs. */
const BREAKS: [string, string, string][] = [
  [
    'I1',
    'an open task in a finished run',
    `UPDATE podline.task_instance SET state = 'none' WHERE task_id = 'b' AND run_id = 1`,
  ],
  [
    'I1',
    'an end without a time',
    `UPDATE podline.task_instance SET ended_at = NULL WHERE run_id = 1`,
  ],
  [
    'I2',
    'an ended attempt with a token',
    `UPDATE podline.attempt SET token_hash = 'x' WHERE state = 'success'`,
  ],
  [
    'I2',
    'an ended attempt without a time',
    `UPDATE podline.attempt SET ended_at = NULL WHERE state = 'success'`,
  ],
  ['I3', 'a gap in the numbers', `UPDATE podline.attempt SET number = 3 WHERE state = 'success'`],
  [
    'I3',
    'an attempt that was not counted',
    `UPDATE podline.task_instance SET attempts = 0 WHERE run_id = 1`,
  ],
  [
    'I4',
    'started before its upstream was done',
    `UPDATE podline.task_instance SET ended_at = scheduled_at + interval '1 s' WHERE task_id = 'a' AND run_id = 1`,
  ],
  [
    'I6',
    'a second attempt that may write',
    `UPDATE podline.task_instance SET attempt_id = 0 WHERE run_id = 2 AND task_id = 'a'`,
  ],
  ['I7', 'a pool that drifted', 'UPDATE podline.pool SET used = used + 1'],
  ['I7', 'a task load that drifted', 'UPDATE podline.dag_load SET active_tasks = active_tasks + 1'],
  ['I7', 'a run load that drifted', 'UPDATE podline.dag_load SET active_runs = active_runs + 1'],
  [
    'I8',
    'two runs of one tick',
    `DROP INDEX podline.run_tick; UPDATE podline.run SET kind = 'scheduled', logical_date = podline.now()`,
  ],
  [
    'I9',
    'an instance at work whose attempt is over',
    `UPDATE podline.attempt SET state = 'failed', ended_at = podline.now() WHERE state = 'running'`,
  ],
  [
    'I9',
    'a live attempt whose instance is not at work',
    `UPDATE podline.task_instance SET state = 'failed', ended_at = podline.now() WHERE run_id = 2 AND task_id = 'a'`,
  ],
  ['I10', 'an orphaned instance', `UPDATE podline.task_instance SET run_id = 99 WHERE run_id = 1`],
  ['I10', 'an orphaned event', `INSERT INTO podline.event (run_id, kind) VALUES (99, 'changed')`],
  [
    'I11',
    'a sensor without a timer',
    `UPDATE podline.task_instance SET state = 'deferred', not_before = NULL WHERE run_id = 2 AND task_id = 'b'`,
  ],
  [
    'I11',
    'a running run with nothing to do',
    `UPDATE podline.run SET state = 'running' WHERE id = 1; UPDATE podline.dag_load SET active_runs = 2`,
  ],
];

async function prepare(engine: TestEngine): Promise<void> {
  await engine.register(
    dag('d', {}, (d) => {
      const a = d.task('a', bash({ script: 'true' }));
      d.task('b', bash({ script: 'true' }), { after: a });
    }),
  );
  await engine.database.query('ALTER SEQUENCE podline.run_id_seq RESTART');
  await engine.run('d', { runId: 'r1' });
  engine.script('a', 'hang');
  await engine.run('d', { runId: 'r2' });
}

describe('invariants', () => {
  engineIt('each is found when it is broken, and none before', async (engine) => {
    await prepare(engine);
    assert.deepEqual(await engine.check(), []);
    const client = await engine.database.connect();
    const missed: string[] = [];
    try {
      for (const [id, what, sql] of BREAKS) {
        await client.query('BEGIN');
        await client.query('ALTER TABLE podline.task_instance DISABLE TRIGGER USER');
        await client.query(sql);
        const found = await checkInvariants(client);
        if (!found.some(({ invariant }) => invariant === id)) missed.push(`${id}: ${what}`);
        await client.query('ROLLBACK');
      }
    } finally {
      client.release();
    }
    assert.deepEqual(missed, []);
    assert.deepEqual(await engine.check(), []);
    const tried = new Set(BREAKS.map(([id]) => id));
    assert.deepEqual(
      INVARIANTS.map(({ id }) => id).filter((id) => !tried.has(id)),
      [],
    );
  });
});
