/** Schedulers, runners and connections that are killed, stopped or told to end: what is recorded, what is left. */
import assert from 'node:assert/strict';
import { type Database, inTransaction } from '../../runtime/database/pool.ts';
import { launchAttempts } from '../../runtime/database/queries/launchAttempts.ts';
import { testDatabase, type TestDatabase } from '../../runtime/testing/database.ts';
import { type AttemptRow, CrashHost, QUICK, type SchedulerProcess } from './harness.ts';
import { scenarios } from './scenarios.ts';

interface Place {
  db: TestDatabase;
  host: CrashHost;
}

function marks(attempts: AttemptRow[]): string[] {
  return attempts.map(({ task_id, number, state, cause }) =>
    [task_id, number, state, cause ?? '-'].join(' '),
  );
}

async function workerOf(
  database: Database,
  process: SchedulerProcess,
): Promise<{ id: string; heartbeat: Date }> {
  const { rows } = await database.query<{ id: string; heartbeat: Date }>(
    'SELECT id, heartbeat_at AS heartbeat FROM podline.worker WHERE pid = $1 AND stopped_at IS NULL',
    [process.pid],
  );
  assert.equal(rows.length, 1);
  return rows[0]!;
}

describe('processes that are killed, stopped and told to end', function () {
  this.timeout(240_000);
  const list: [string, () => Promise<void>][] = [];
  const add = (name: string, work: (place: Place) => Promise<void>) =>
    list.push([name, () => withHost(work)]);

  async function withHost(work: (place: Place) => Promise<void>): Promise<void> {
    const db = await testDatabase();
    const host = await CrashHost.open(db.pool, db.url);
    try {
      await work({ db, host });
    } finally {
      await host.close();
      await db.drop();
    }
  }

  add(
    'kill -9 of a scheduler: its tasks die with it, another one runs them again',
    async ({ db, host }) => {
      const first = await host.start();
      const held = await host.trigger('held');
      await host.begun(held, 2);
      const tasks = await host.taskProcesses();
      assert.ok(tasks.length >= 3, 'two runners and a script');
      await host.start({ slots: 8 });
      const waiting = await host.trigger('quick', 3);
      const killedAt = Date.now();
      await first.kill();
      waiting.push(...(await host.trigger('quick', 3)));
      await host.begun(held, 4);
      const again = Date.now() - killedAt;
      await host.allGone(tasks);
      await host.openGate();
      await host.ended([...held, ...waiting]);
      assert.deepEqual(marks(await host.attempts(held)), [
        'script 1 failed worker_lost',
        'script 2 success -',
        'body 1 failed worker_lost',
        'body 2 success -',
      ]);
      // Work that the dead one had not begun is not held up by its death.
      const { rows } = await db.pool.query<{ seconds: number; runs: number }>(
        `SELECT max(extract(epoch FROM f.launched) - greatest($2, extract(epoch FROM r.created_at)))::float8 AS seconds,
              count(*)::int AS runs
         FROM podline.run r CROSS JOIN LATERAL (
           SELECT min(a.launched_at) AS launched, count(*) FILTER (WHERE a.state = 'failed') AS failed
             FROM podline.attempt a WHERE a.run_id = r.id) f
        WHERE r.run_id = ANY($1) AND f.failed = 0 AND f.launched > to_timestamp($2)`,
        [waiting, killedAt / 1000],
      );
      const { seconds, runs } = rows[0]!;
      assert.ok(runs >= 3);
      console.log(
        `      not begun: on after ${seconds.toFixed(2)} s; lost: begun again after ${again} ms`,
      );
      assert.ok(seconds <= 5, `work that nobody had begun waited ${seconds} s`);
      await host.settle([...held, ...waiting]);
    },
  );

  add(
    'a scheduler and its runners killed at once: scripts may live on, what they report is not recorded',
    async ({ host }) => {
      const first = await host.start({ limits: QUICK });
      const held = await host.trigger('heldScript');
      await host.begun(held, 1);
      const [attempt] = await host.attempts(held);
      await host.start({ limits: QUICK });
      // First the runner is stopped: otherwise the supervisor, or the runner, has the time to clean up.
      process.kill(attempt!.pid!, 'SIGSTOP');
      process.kill(first.pid, 'SIGSTOP');
      process.kill(attempt!.pid!, 'SIGKILL');
      await first.kill();
      await host.begun(held, 2);
      assert.equal(host.ledger().overlaps.length, 1, 'the script of the first attempt lives on');
      await host.openGate();
      await host.ended(held);
      assert.deepEqual(marks(await host.attempts(held)), [
        'script 1 failed worker_lost',
        'script 2 success -',
      ]);
      await host.settle(held, { overlaps: true });
    },
  );

  add(
    'kill -9 of a runner: its script is ended, a script costs no try, a body costs one',
    async ({ db, host }) => {
      await host.start();
      const held = await host.trigger('held');
      await host.begun(held, 2);
      const before = await host.taskProcesses();
      for (const { pid } of await host.attempts(held)) process.kill(pid!, 'SIGKILL');
      await host.begun(held, 4);
      const { rows } = await db.pool.query(
        `SELECT t.task_id, t.tries_used, t.infra_used FROM podline.task_instance t JOIN podline.run r ON r.id = t.run_id
        WHERE r.run_id = $1 ORDER BY t.id`,
        [held[0]],
      );
      assert.deepEqual(rows, [
        { task_id: 'script', tries_used: 0, infra_used: 1 },
        { task_id: 'body', tries_used: 1, infra_used: 0 },
      ]);
      await host.allGone(before);
      await host.openGate();
      await host.ended(held);
      const attempts = await host.attempts(held);
      assert.deepEqual(marks(attempts), [
        'script 1 failed worker_lost',
        'script 2 success -',
        'body 1 failed signal',
        'body 2 success -',
      ]);
      assert.match(attempts[0]?.message ?? '', /SIGKILL/);
      await host.settle(held);
    },
  );

  add(
    'a scheduler that was stopped for too long finds itself replaced, and ends what it was at',
    async ({ db, host }) => {
      const limits = { silentSeconds: 6, unlockedSeconds: 5 };
      const first = await host.start({ limits });
      const held = await host.trigger('held');
      await host.begun(held, 2);
      const old = await workerOf(db.pool, first);
      const oldTasks = await host.taskProcesses();
      await host.start({ limits });
      first.child.kill('SIGSTOP');
      await host.begun(held, 4);
      assert.equal(host.ledger().overlaps.length, 2, 'nobody can end tasks of a stopped scheduler');
      first.child.kill('SIGCONT');
      const renewed = await host.until('a new registration', async () => {
        const { rows } = await db.pool.query<{ id: string }>(
          'SELECT id FROM podline.worker WHERE pid = $1 AND stopped_at IS NULL',
          [first.pid],
        );
        return rows[0]?.id;
      });
      assert.notEqual(renewed, old.id);
      await host.allGone(oldTasks);
      // Their runners reported `interrupted`; what was recorded before stays.
      const lost = ['script 1 failed worker_lost', 'body 1 failed worker_lost'];
      const attempts = marks(await host.attempts(held));
      assert.deepEqual(
        attempts.filter((mark) => mark.includes(' 1 ')),
        lost,
      );
      const quick = await host.trigger('quick', 3);
      await host.ended(quick);
      await host.openGate();
      await host.ended(held);
      assert.deepEqual(marks(await host.attempts(held)), [
        'script 1 failed worker_lost',
        'script 2 success -',
        'body 1 failed worker_lost',
        'body 2 success -',
      ]);
      await host.settle([...held, ...quick], { overlaps: true });
    },
  );

  add(
    'a task that ends while its scheduler is stopped is recorded, or refused when it is too late',
    async ({ host }) => {
      const limits = { silentSeconds: 6, unlockedSeconds: 5 };
      const first = await host.start({ limits });
      const [early = '', late = ''] = await host.trigger('heldBody', 2);
      await host.begun([early, late], 2);
      first.child.kill('SIGSTOP');
      await host.openGate();
      // Runners report by themselves: nobody has to wake up for that.
      await host.until('both reports', async () => {
        const attempts = await host.attempts([early, late]);
        return attempts.every(({ state }) => state === 'success');
      });
      await host.closeGate();
      first.child.kill('SIGCONT');
      await host.ended([early, late]);

      const third = await host.trigger('heldBody');
      await host.begun(third, 1);
      first.child.kill('SIGSTOP');
      await host.start({ limits });
      await host.begun(third, 2);
      await host.openGate();
      await host.ended(third);
      await host.until('both executions to end', async () => {
        return [...host.ledger().ends].some(([key, ends]) => key.includes(third[0]!) && ends === 2);
      });
      assert.deepEqual(marks(await host.attempts(third)), [
        'body 1 failed worker_lost',
        'body 2 success -',
      ]);
      first.child.kill('SIGCONT');
      await host.settle([early, late, ...third], { overlaps: true });
    },
  );

  add(
    'SIGTERM: what runs may end, nothing new begins, and it stays alive for the others',
    async ({ db, host }) => {
      const first = await host.start({ drainSeconds: 60 });
      const held = await host.trigger('held');
      await host.begun(held, 2);
      const { heartbeat } = await workerOf(db.pool, first);
      first.child.kill('SIGTERM');
      const quick = await host.trigger('quick');
      await host.until('two heartbeats while it drains', async () => {
        const now = await workerOf(db.pool, first);
        return now.heartbeat.getTime() - heartbeat.getTime() > 4_000;
      });
      assert.equal((await host.attempts(quick)).length, 0);
      await host.openGate();
      assert.deepEqual(await first.exited, [0, null]);
      assert.deepEqual(marks(await host.attempts(held)), [
        'script 1 success -',
        'body 1 success -',
      ]);
      const second = await host.start({ drainSeconds: 0 });
      await host.ended([...held, ...quick]);
      await host.closeGate();
      const again = await host.trigger('held');
      await host.begun(again, 2);
      assert.deepEqual(await second.kill('SIGTERM'), [0, null], 'without a drain it interrupts');
      await host.openGate();
      await host.start();
      await host.ended(again);
      assert.deepEqual(marks(await host.attempts(again)), [
        'script 1 failed interrupted',
        'script 2 success -',
        'body 1 failed interrupted',
        'body 2 success -',
      ]);
      await host.settle([...held, ...quick, ...again]);
    },
  );

  add('timeouts end what ignores TERM and what never gives a turn', async ({ db, host }) => {
    await host.start();
    const runs = [...(await host.trigger('stubborn')), ...(await host.trigger('endless'))];
    await host.ended(runs);
    assert.deepEqual(marks(await host.attempts(runs)), [
      'script 1 failed timeout',
      'body 1 failed timeout',
    ]);
    await host.until('no process of a task', async () => {
      const left = await host.taskProcesses();
      const { rows } = await db.pool.query('SELECT FROM podline.attempt WHERE gone_at IS NULL');
      return rows.length === 0 && left.length <= 2;
    });
    await host.settle(runs, { state: 'failed' });
  });

  add(
    'lost connections for wake-ups and for the lock cost neither work nor life',
    async ({ db, host }) => {
      const first = await host.start({ limits: QUICK });
      const held = await host.trigger('heldScript');
      await host.begun(held, 1);
      const { id } = await workerOf(db.pool, first);
      for (let round = 0; round < 3; round += 1) {
        const { rowCount } = await db.pool.query(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE datname = current_database() AND application_name IN ('podline-listen', 'podline-worker-lock')`,
        );
        assert.equal(rowCount, 2);
        const startedAt = Date.now();
        await host.ended(await host.trigger('quick'));
        assert.ok(Date.now() - startedAt < 10_000);
        await host.until('both connections', async () => {
          const { rows } = await db.pool.query(
            `SELECT FROM pg_stat_activity WHERE datname = current_database()
              AND application_name IN ('podline-listen', 'podline-worker-lock')`,
          );
          return rows.length === 2;
        });
      }
      await host.openGate();
      await host.ended(held);
      assert.equal((await workerOf(db.pool, first)).id, id, 'never taken for dead');
      assert.deepEqual(marks(await host.attempts(held)), ['script 1 success -']);
      await host.settle(held);
    },
  );

  add(
    'a launch whose commit was never answered is found and launched again',
    async ({ db, host }) => {
      const first = await host.start({ slots: 1 });
      const held = await host.trigger('heldScript');
      await host.begun(held, 1);
      const [run = ''] = await host.trigger('heldScript');
      const worker = await workerOf(db.pool, first);
      await host.until('a queued instance', async () => {
        const { rows } = await db.pool.query(
          "SELECT FROM podline.task_instance WHERE state = 'queued'",
        );
        return rows.length === 1;
      });
      // All that the lost answer leaves behind: a row in the name of a live worker, and a token nobody has.
      const launches = await inTransaction(db.pool, (transaction) =>
        launchAttempts(transaction, 'local', worker.id, 1),
      );
      assert.equal(launches.length, 1);
      await host.until('the launch to be given up', async () => {
        const attempts = await host.attempts([run]);
        return attempts[0]?.cause === 'launch_lost';
      });
      await host.openGate();
      await host.ended([...held, run]);
      assert.deepEqual(marks(await host.attempts([run])), [
        'script 1 failed launch_lost',
        'script 2 success -',
      ]);
      await host.settle([...held, run]);
    },
  );

  scenarios(4, list);
});
