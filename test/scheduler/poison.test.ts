/**
 * Garbage in the database: the run that it belongs to is set aside, its neighbours go on, the loop lives.
 * With a real loop and its own sleeping and waking, no steps by hand.
 */
import assert from 'node:assert/strict';
import { bash, branch, dag } from 'podline/dag';
import { commandRun } from '../../runtime/commands/commandRun.ts';
import { triggerRun } from '../../runtime/commands/trigger.ts';
import { openLog } from '../../runtime/observe/log.ts';
import { SchedulerLoop } from '../../runtime/scheduler/loop.ts';
import type { TestEngine } from '../../runtime/testing/index.ts';
import { engineIt } from './engineIt.ts';

const work = bash({ script: 'true' });

const pair = (id: string) =>
  dag(id, {}, (d) => {
    const a = d.task('a', work);
    d.task('b', work, { after: a });
  });

/** Runs a real loop while `body` works; waits are for conditions in the database. */
async function withLoop(
  engine: TestEngine,
  body: (until: (what: string, sql: string) => Promise<void>) => Promise<void>,
): Promise<void> {
  const loop = new SchedulerLoop({
    database: engine.database,
    url: engine.testDatabase.url,
    executors: [engine.executor],
    deliver: () => Promise.resolve(),
    log: openLog('silent'),
  });
  loop.start();
  try {
    await body(async (what, sql) => {
      const end = Date.now() + 15_000;
      for (;;) {
        const { rows } = await engine.database.query<{ yes: boolean }>(`SELECT (${sql}) AS yes`);
        if (rows[0]?.yes) return;
        if (Date.now() > end) assert.fail(`not reached: ${what}`);
        loop.poke();
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    });
  } finally {
    await loop.stop();
    await engine.executor.drain();
  }
}

const isOver = (dagId: string) =>
  `NOT EXISTS (SELECT FROM podline.run WHERE dag_id = '${dagId}' AND state IN ('queued', 'running'))
   AND EXISTS (SELECT FROM podline.run WHERE dag_id = '${dagId}')`;

async function runOf(engine: TestEngine, dagId: string) {
  const { rows } = await engine.database.query<{ state: string; cause: string; note: string }>(
    'SELECT state, cause, note FROM podline.run WHERE dag_id = $1',
    [dagId],
  );
  return rows[0];
}

/** Ends the hanging attempt of bad.a with an outcome that no worker of ours would send. */
async function finishWith(engine: TestEngine, outcome: object): Promise<void> {
  await engine.database.query(
    `WITH ended AS (
       UPDATE podline.attempt a SET state = coalesce($1::jsonb ->> 'state', 'success'), outcome = $2, cause = $1::jsonb ->> 'cause',
              ended_at = CASE WHEN $1::jsonb ->> 'state' = 'waiting' THEN NULL ELSE podline.now() END, gone_at = podline.now()
         FROM podline.task_instance t WHERE t.id = a.instance_id AND t.dag_id = 'bad' AND a.state = 'running'
       RETURNING a.run_id, a.instance_id, a.id)
     SELECT podline.put_event(run_id, instance_id, id, 'ended') FROM ended`,
    [JSON.stringify(outcome), JSON.stringify((outcome as { raw?: unknown }).raw ?? outcome)],
  );
}

describe('poison', () => {
  const outcomes: [string, object][] = [
    ['a choice that is a number', { choice: 5 }],
    ['a choice of objects', { choice: [{}] }],
    ['a delay in words', { state: 'waiting', delay: 'soon' }],
    ['a delay without end', { state: 'waiting', delay: 1e300 }],
    ['a negative delay', { state: 'waiting', delay: -1 }],
    ['half a length', { hasXcom: true, mapLength: 1.5 }],
    ['a length beyond all columns', { hasXcom: true, mapLength: 1e12 }],
    ['a cause that does not exist', { state: 'failed', cause: 'bad weather' }],
    ['a list instead of an outcome', { raw: [1, 2] }],
    ['a text instead of an outcome', { raw: 'done' }],
  ];
  for (const [what, outcome] of outcomes) {
    engineIt(`attempt.outcome: ${what}`, async (engine) => {
      await engine.register(pair('bad'), pair('good'));
      engine.script('bad.a', 'hang');
      engine.script('good.a', 'hang');
      await withLoop(engine, async (until) => {
        await triggerRun(engine.database, 'bad');
        await until('bad runs', `EXISTS (SELECT FROM podline.attempt WHERE state = 'running')`);
        await triggerRun(engine.database, 'good');
        await until(
          'good runs',
          `(SELECT count(*) FROM podline.attempt WHERE state = 'running') = 2`,
        );
        engine.script('good.a', {});
        await finishWith(engine, outcome);
        await until('bad is set aside', isOver('bad'));
        // The neighbour hangs under the same task id; end it in the database like the other.
        await engine.database.query(
          `WITH ended AS (
             UPDATE podline.attempt SET state = 'success', outcome = '{}', ended_at = podline.now(), gone_at = podline.now()
              WHERE state = 'running' RETURNING run_id, instance_id, id)
           SELECT podline.put_event(run_id, instance_id, id, 'ended') FROM ended`,
        );
        await until('good ends', isOver('good'));
      });
      const bad = await runOf(engine, 'bad');
      assert.deepEqual([bad?.state, bad?.cause], ['failed', 'quarantined']);
      assert.match(bad?.note ?? '', /makes no sense|unknown cause/);
      assert.equal((await runOf(engine, 'good'))?.state, 'success');
    });
  }

  const events: [string, string, unknown][] = [
    ['clear without anything', 'clear', null],
    ['clear with a text', 'clear', 'all'],
    ['clear of numbers', 'clear', { tasks: [1] }],
    ['mark as banana', 'mark', { tasks: [], state: 'banana' }],
    ['mark of an element in words', 'mark', { tasks: ['a'], state: 'failed', mapIndex: 'x' }],
  ];
  for (const [what, kind, data] of events) {
    engineIt(`event.data: ${what}`, async (engine) => {
      await engine.register(pair('bad'), pair('good'));
      engine.script('bad.a', 'hang');
      await withLoop(engine, async (until) => {
        await triggerRun(engine.database, 'bad');
        await until('bad runs', `EXISTS (SELECT FROM podline.attempt WHERE state = 'running')`);
        await engine.database.query(
          `INSERT INTO podline.event (run_id, kind, data) SELECT id, $1, $2 FROM podline.run`,
          [kind, JSON.stringify(data)],
        );
        await triggerRun(engine.database, 'good');
        await until('both are over', `${isOver('bad')} AND ${isOver('good')}`);
      });
      assert.equal((await runOf(engine, 'bad'))?.cause, 'quarantined');
      assert.equal((await runOf(engine, 'good'))?.state, 'success');
    });
  }

  engineIt('task_instance.choice of a branch', async (engine) => {
    await engine.register(
      dag('bad', {}, (d) => {
        const choose = d.task('choose', branch({ run: () => ['x'] }));
        const wait = d.task('wait', work);
        d.task('x', work, { after: [choose, wait] });
      }),
      pair('good'),
    );
    engine.script('choose', { choice: ['x'] });
    engine.script('wait', 'hang');
    await withLoop(engine, async (until) => {
      await triggerRun(engine.database, 'bad');
      await until(
        'it chose',
        `EXISTS (SELECT FROM podline.task_instance WHERE choice IS NOT NULL)`,
      );
      await until('it waits', `EXISTS (SELECT FROM podline.attempt WHERE state = 'running')`);
      await engine.database.query(
        `UPDATE podline.task_instance SET choice = '{"a": 1}' WHERE task_id = 'choose'`,
      );
      await engine.database.query(`UPDATE podline.run SET seq = seq + 1`);
      await engine.executor.finish('wait');
      await triggerRun(engine.database, 'good');
      await until('both are over', `${isOver('bad')} AND ${isOver('good')}`);
    });
    assert.equal((await runOf(engine, 'bad'))?.cause, 'quarantined');
    assert.equal((await runOf(engine, 'good'))?.state, 'success');
  });

  for (const [what, spec] of [
    ['an empty object', '{}'],
    ['a number', '42'],
    ['a list', '[]'],
  ]) {
    engineIt(`plan_task.spec: ${what}, before the run starts`, async (engine) => {
      await engine.register(pair('bad'), pair('good'), pair('other'));
      await engine.database.query(
        `UPDATE podline.plan_task SET spec = $1 WHERE task_id = 'a'
            AND version_id = (SELECT version_id FROM podline.dag WHERE dag_id = 'bad')`,
        [spec],
      );
      await withLoop(engine, async (until) => {
        for (const id of ['good', 'bad', 'other']) await triggerRun(engine.database, id);
        const all = ['bad', 'good', 'other'].map(isOver).join(' AND ');
        await until('all are over', all);
      });
      assert.equal((await runOf(engine, 'bad'))?.cause, 'quarantined');
      for (const id of ['good', 'other']) {
        assert.equal((await runOf(engine, id))?.state, 'success');
      }
    });
  }

  engineIt('plan_task.spec: half a task, in the middle of a run', async (engine) => {
    await engine.register(pair('bad'), pair('good'));
    engine.script('bad.a', 'hang');
    await withLoop(engine, async (until) => {
      await triggerRun(engine.database, 'bad');
      await until('bad runs', `EXISTS (SELECT FROM podline.attempt WHERE state = 'running')`);
    });
    await engine.database.query(
      `UPDATE podline.plan_task SET spec = spec - 'upstream' || '{"triggerRule": "banana"}' WHERE task_id = 'b'
          AND version_id = (SELECT version_id FROM podline.dag WHERE dag_id = 'bad')`,
    );
    await withLoop(engine, async (until) => {
      await engine.executor.finish('a');
      await triggerRun(engine.database, 'good');
      await until('both are over', `${isOver('bad')} AND ${isOver('good')}`);
    });
    assert.equal((await runOf(engine, 'bad'))?.cause, 'quarantined');
    assert.equal((await runOf(engine, 'good'))?.state, 'success');
  });

  engineIt('run.params are the business of the tasks alone', async (engine) => {
    await engine.register(pair('bad'));
    await engine.database.query('UPDATE podline.dag SET paused = true');
    await triggerRun(engine.database, 'bad');
    await engine.database.query(`UPDATE podline.run SET params = '"no object"'`);
    await engine.database.query('UPDATE podline.dag SET paused = false');
    await withLoop(engine, (until) => until('it ends', isOver('bad')));
    assert.equal((await runOf(engine, 'bad'))?.state, 'success');
  });

  engineIt(
    'a statement that fails for one run: found among many, set aside, the rest goes on',
    async (engine) => {
      const ids = ['good0', 'bad', 'good1', 'good2'];
      await engine.register(...ids.map(pair));
      // Nothing that decide could see: the row itself refuses to move.
      await engine.database.query(
        `CREATE FUNCTION podline.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN IF NEW.dag_id = 'bad' AND NEW.state = 'scheduled' THEN RAISE EXCEPTION 'refused'; END IF; RETURN NEW; END $$`,
      );
      await engine.database.query(
        `CREATE TRIGGER refuse BEFORE UPDATE ON podline.task_instance FOR EACH ROW EXECUTE FUNCTION podline.refuse()`,
      );
      try {
        for (const id of ids) await triggerRun(engine.database, id);
        await withLoop(engine, (until) => until('all are over', ids.map(isOver).join(' AND ')));
        assert.equal((await runOf(engine, 'bad'))?.cause, 'quarantined');
        assert.match((await runOf(engine, 'bad'))?.note ?? '', /refused/);
        for (const id of ids.filter((each) => each !== 'bad')) {
          assert.equal((await runOf(engine, id))?.state, 'success');
        }
      } finally {
        await engine.database.query('DROP TRIGGER refuse ON podline.task_instance');
        await engine.database.query('DROP FUNCTION podline.refuse()');
      }
    },
  );

  engineIt(
    'a quarantined run can be cleared once the cause is mended; a continuous DAG goes on',
    async (engine) => {
      await engine.register(
        dag('bad', { schedule: '@continuous', maxActiveRuns: 1 }, (d) => d.task('a', work)),
      );
      engine.script('a', 'hang');
      const poison = `INSERT INTO podline.event (run_id, kind, data)
                    SELECT id, 'mark', '5' FROM podline.run WHERE state = 'running'`;
      await withLoop(engine, async (until) => {
        await until('it runs', `EXISTS (SELECT FROM podline.attempt WHERE state = 'running')`);
        await engine.database.query(poison);
        await until(
          'it is set aside',
          `EXISTS (SELECT FROM podline.run WHERE cause = 'quarantined')`,
        );
        await engine.clock.set(new Date('2026-01-01T00:01:00Z'));
        await until(
          'the next one runs',
          `EXISTS (SELECT FROM podline.run WHERE state = 'running') AND (SELECT count(*) FROM podline.run) = 2`,
        );
      });
      const [first] = await engine.runs('bad');
      await engine.executor.stopUnwanted();
      engine.script('a', {});
      await commandRun(
        engine.database,
        { dagId: 'bad', runId: first?.runId ?? '' },
        {
          kind: 'clear',
          tasks: [],
          upstream: false,
          downstream: false,
          onlyFailed: false,
          latestVersion: false,
        },
      );
      assert.equal(await engine.runState('bad', first?.runId ?? ''), 'queued');
      await engine.executor.finish('a');
      await engine.database.query(`UPDATE podline.dag SET next_run_at = NULL, active = false`);
      await engine.settle();
      assert.equal(await engine.runState('bad', first?.runId ?? ''), 'success');
    },
  );
});
