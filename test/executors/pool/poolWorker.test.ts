/** Warm workers: whose tasks they run, how they share, drain and die, and what their tasks see. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { checkInvariants } from '../../../runtime/database/invariants.ts';
import { openClient } from '../../../runtime/database/pool.ts';
import { podline } from '../../cli/podline.ts';
import { PoolHost } from './poolHost.ts';

describe('pool workers', function () {
  this.timeout(120_000);
  let place: PoolHost;
  beforeEach(async () => {
    place = await PoolHost.open();
  });
  afterEach(() => place.close());

  const cli = (...args: string[]) => podline(args, { url: place.db.url });

  const reasonOf = async (dagId: string, runId: string) => {
    const { stdout } = await cli('runs', 'show', dagId, runId, '--json');
    const { tasks } = JSON.parse(stdout) as { tasks: { state: string; reason: string }[] };
    return tasks.map(({ state, reason }) => `${state}: ${reason}`);
  };

  it('run the tasks of their pool only, and share them; other pools wait and say for what', async () => {
    const { host } = place;
    await host.start();
    const first = await place.worker('blue', { slots: 2 });
    const second = await place.worker('blue', { slots: 2 });
    const blue = await host.trigger('blue_heldScript', 4);
    await host.begun(blue, 4);
    const red = await host.trigger('red_quick');
    const local = await host.trigger('quick');
    await host.ended(local);
    const { rows } = await place.database.query<{ pid: number; kind: string; n: number }>(
      `SELECT w.pid, w.kind, count(*)::int AS n FROM podline.attempt a JOIN podline.worker w ON w.id = a.worker_id
         JOIN podline.run r ON r.id = a.run_id WHERE r.run_id = ANY($1) GROUP BY w.id ORDER BY w.pid`,
      [blue],
    );
    const pids = [first.pid, second.pid].sort((a, b) => a - b);
    assert.deepEqual(
      rows,
      pids.map((pid) => ({ pid, kind: 'pool', n: 2 })),
      'two slots each, all of them at work',
    );
    assert.ok(
      (await host.attempts(local)).every(({ scheduler }) => !pids.includes(scheduler ?? 0)),
    );

    await host.until('the red task is queued', async () =>
      (await reasonOf('red_quick', red[0]!))[0]?.startsWith('queued'),
    );
    assert.match(
      (await reasonOf('red_quick', red[0]!))[0] ?? '',
      /no worker of the pool red is running; `podline worker --pool red` starts one/,
    );
    const fifth = await host.trigger('blue_heldScript');
    await host.until('the fifth waits for a slot', async () =>
      /waits for a free worker of the pool blue/.test(
        (await reasonOf('blue_heldScript', fifth[0]!))[0] ?? '',
      ),
    );
    const depth = await cli('worker', '--pool', 'blue', '--show-depth', '--json');
    assert.deepEqual(JSON.parse(depth.stdout), { pool: 'blue', depth: 5 });

    await place.worker('red');
    await host.ended(red);
    await host.openGate();
    await host.ended([...blue, ...fifth]);
    await place.settle([...blue, ...fifth, ...red, ...local]);
  });

  it('are woken once a tick, with the number of tasks', async () => {
    const { host } = place;
    await host.register({
      'wide.ts': `
import { bash, dag } from 'podline/dag';
export const wide = dag('wide', { defaults: { executor: 'pool:blue' } }, (d) => {
  for (let i = 0; i < 7; i++) d.task('t' + i, bash({ script: 'true' }));
  d.task('red', bash({ script: 'true' }), { executor: 'pool:red' });
  d.task('here', bash({ script: 'true' }), { executor: 'local' });
});`,
    });
    const client = await openClient(place.db.url, 'test');
    const heard: string[] = [];
    client.on('notification', ({ payload }) => heard.push(payload ?? ''));
    await client.query('LISTEN podline_pool');
    await host.start();
    const runs = await host.trigger('wide');
    await host.until('both pools are told', () => Promise.resolve(heard.length >= 2));
    await Promise.all([place.worker('blue'), place.worker('red')]);
    await host.ended(runs);
    await client.end();
    assert.deepEqual(heard.sort(), ['1:red', '7:blue']);
  });

  it('outlive a lost connection, and find work that no wake-up told them of', async () => {
    const { host } = place;
    const worker = await place.worker('blue');
    const { rowCount } = await place.database.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'podline-worker-lock'
          AND datname = current_database()`,
    );
    assert.equal(rowCount, 1);
    const id = await worker.id();
    await host.start();
    const runs = await host.trigger('red_heldScript');
    await host.until('the red task is queued', async () =>
      (await reasonOf('red_heldScript', runs[0]!))[0]?.startsWith('queued'),
    );
    // Behind everybody's back: only a look can find it.
    await place.database.query(
      `UPDATE podline.task_instance SET executor = 'pool:blue' WHERE state = 'queued'`,
    );
    await host.openGate();
    await host.ended(runs);
    assert.equal(await worker.id(), id, 'the same worker as before');
    await place.settle(runs);
  });

  it('drain on SIGTERM: what runs may end, nothing new is taken', async () => {
    const { host } = place;
    await host.start();
    const healthFile = path.join(host.folder, 'ready');
    const worker = await place.worker('blue', {
      slots: 4,
      drainSeconds: 60,
      env: { PODLINE_HEALTH_FILE: healthFile },
    });
    assert.ok(existsSync(healthFile));
    const held = await host.trigger('blue_held');
    await host.begun(held, 2);
    worker.signal('SIGTERM');
    await worker.sees(/worker stopping/);
    await host.until('the health file is gone', () => Promise.resolve(!existsSync(healthFile)));
    const later = await host.trigger('blue_heldScript');
    await host.until('the later task is queued', async () =>
      (await reasonOf('blue_heldScript', later[0]!))[0]?.startsWith('queued'),
    );
    await host.openGate();
    assert.equal(await worker.ended, 0);
    await host.ended(held);
    assert.deepEqual(await place.attempts([...held, ...later]), [
      'script 1 success -',
      'body 1 success -',
    ]);
    await place.worker('blue');
    await host.ended(later);
    await place.settle([...held, ...later]);
  });

  it('interrupt what does not end in time: given back at once, at no cost to the author', async () => {
    const { host } = place;
    await host.start();
    const worker = await place.worker('blue', { drainSeconds: 1 });
    const held = await host.trigger('blue_held');
    await host.begun(held, 2);
    const next = await place.worker('blue');
    worker.signal('SIGTERM');
    assert.equal(await worker.ended, 0);
    await host.begun(held, 4);
    assert.equal(await place.triesUsed(held), 0);
    await host.openGate();
    await host.ended(held);
    assert.deepEqual(await place.attempts(held), [
      'script 1 failed interrupted',
      'script 2 success -',
      'body 1 failed interrupted',
      'body 2 success -',
    ]);
    assert.ok(
      (await host.attempts(held)).every(
        ({ number, scheduler }) => (number === 2) === (scheduler === next.pid),
      ),
    );
    await place.settle(held);
  });

  it('kill -9: the tasks die with the worker and are begun again in seconds, recorded once', async () => {
    const { host } = place;
    await host.start();
    const worker = await place.worker('blue');
    const held = await host.trigger('blue_held');
    await host.begun(held, 2);
    const programs = place.programs();
    assert.equal(programs.length, 2, 'a script and the runner of a body');
    await place.worker('blue');
    const killedAt = Date.now();
    worker.signal('SIGKILL');
    await host.begun(held, 4);
    const again = Date.now() - killedAt;
    console.log(`      begun again after ${again} ms`);
    // 5 s of silence and the next look of a scheduler; the rest is room for a busy machine.
    assert.ok(again <= 15_000, `begun again after ${again} ms`);
    await host.allGone(programs);
    assert.equal(await place.triesUsed(held), 0);
    await host.openGate();
    await host.ended(held);
    assert.deepEqual(await place.attempts(held), [
      'script 1 failed worker_lost',
      'script 2 success -',
      'body 1 failed worker_lost',
      'body 2 success -',
    ]);
    await place.settle(held);
  });

  it('go on while schedulers come and go', async () => {
    const { host } = place;
    const first = await host.start();
    await place.worker('blue');
    const held = await host.trigger('blue_held');
    await host.begun(held, 2);
    await first.kill();
    await host.openGate();
    await host.until('both tasks reported with no scheduler there', async () =>
      (await host.attempts(held)).every(({ state }) => state === 'success'),
    );
    await host.start();
    await host.ended(held);
    assert.deepEqual(await place.attempts(held), ['script 1 success -', 'body 1 success -']);
    await place.settle(held);
  });

  it('stop a task that was cancelled, and its programs', async () => {
    const { host } = place;
    await host.start();
    await place.worker('blue');
    const held = await host.trigger('blue_heldScript');
    await host.begun(held, 1);
    const programs = place.programs();
    const cancelled = await cli('runs', 'cancel', 'blue_heldScript', held[0]!);
    assert.equal(cancelled.code, 0, cancelled.stderr);
    await host.ended(held);
    await host.until('the attempt is gone', async () => {
      const { rowCount } = await place.database.query(
        'SELECT FROM podline.attempt WHERE gone_at IS NULL',
      );
      return rowCount === 0;
    });
    assert.deepEqual(await place.attempts(held), ['script 1 failed cancelled']);
    assert.equal(programs.length, 1);
    await host.allGone(programs);
    assert.deepEqual(await checkInvariants(place.database), []);
  });

  it('taken for dead while frozen, it drops what it ran and begins anew', async () => {
    const { host } = place;
    await host.start({ limits: { silentSeconds: 3, unlockedSeconds: 1 } });
    const worker = await place.worker('blue');
    const id = await worker.id();
    const held = await host.trigger('blue_heldScript');
    await host.begun(held, 1);
    worker.signal('SIGSTOP');
    await host.until('the worker is taken for dead', async () => {
      const { rows } = await place.database.query(
        'SELECT FROM podline.worker WHERE id = $1 AND stopped_at IS NOT NULL',
        [id],
      );
      return rows.length === 1;
    });
    worker.signal('SIGCONT');
    await worker.sees(/taken for dead/);
    await host.begun(held, 2);
    assert.notEqual(await worker.id(), id);
    await host.openGate();
    await host.ended(held);
    assert.deepEqual(await place.attempts(held), [
      'script 1 failed worker_lost',
      'script 2 success -',
    ]);
    // The program of the first attempt may have outlived the verdict for a moment.
    await place.settle(held, { overlaps: true });
  });

  it('code of tasks sees no connection string and no key, neither of its worker nor of a scheduler', async () => {
    const { host } = place;
    await host.register({
      'look.ts': `
import { bash, dag, typescript } from 'podline/dag';
export const look = dag('look', { defaults: { executor: 'pool:blue' } }, (d) => {
  d.task('body', typescript({ inputs: {}, run: () => JSON.stringify(process.env) + process.argv.join(' ') + process.execArgv.join(' ') }));
  d.task('script', bash({ script: 'env; tr "\\\\0" " " < /proc/$PPID/environ', templates: false }));
});`,
    });
    await host.start();
    const headers = {
      OTEL_EXPORTER_OTLP_HEADERS: 'key=canary-all',
      OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'key=canary-traces',
    };
    await place.worker('blue', {
      env: { DATABASE_URL: place.db.url, PGPASSWORD: 'hunter22', ...headers },
    });
    const runs = await host.trigger('look');
    await host.ended(runs);
    const { rows } = await place.database.query<{ text: string }>(
      `SELECT x.value::text AS text FROM podline.xcom x JOIN podline.run r ON r.id = x.run_id WHERE r.run_id = ANY($1)
       UNION ALL SELECT convert_from(l.content, 'UTF8') FROM podline.log_chunk l`,
      [runs],
    );
    const seen = rows.map(({ text }) => text).join('\n');
    assert.match(seen, /PATH=/, 'the script printed its environment');
    assert.match(seen, /"PATH/, 'the body returned its environment');
    for (const secret of [
      place.db.url,
      place.db.workerUrl,
      'hunter22',
      'postgresql:',
      'DATABASE_URL',
      'canary-',
    ]) {
      assert.ok(!seen.includes(secret), `${secret} is not to be seen`);
    }
  });
});
