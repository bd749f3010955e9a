/**
 * The health endpoints of real processes: before the database is there, while it works, through its restart, while the
 * process drains, and nothing of it all where nobody asked.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bash, dag } from 'podline/dag';
import { triggerRun } from '../../runtime/commands/trigger.ts';
import { type EmbeddedServer, startEmbedded } from '../../runtime/database/embedded.ts';
import { migrate } from '../../runtime/database/migrate.ts';
import { type Database, openPool } from '../../runtime/database/pool.ts';
import { registerDags } from '../../runtime/register/registerDags.ts';
import { testDatabase, testServer } from '../../runtime/testing/database.ts';
import { poolUrl, workerUrl } from '../../src/model/databaseRoles.ts';
import { versionHash } from '../../src/plan/canonical.ts';
import { compile } from '../../src/plan/compile.ts';
import { type Running, startPodline } from './podline.ts';

interface Answer {
  status: number;
  type: string;
  text: string;
}

/** A process with its endpoints. */
class Probed {
  readonly running: Running;
  readonly #port: Promise<string>;

  constructor(running: Running) {
    this.running = running;
    this.#port = running
      .sees(/"port":(\d+),"msg":"(health endpoints open|webserver started)"/)
      .then(([, port = '']) => port);
  }

  async get(where: string, init: RequestInit = {}): Promise<Answer> {
    const response = await fetch(`http://127.0.0.1:${await this.#port}${where}`, init);
    const type = response.headers.get('content-type') ?? '';
    return { status: response.status, type, text: await response.text() };
  }

  async status(where: string): Promise<number> {
    return (await this.get(where)).status;
  }

  /** Asks until the answer is as wanted; fails with the last one. */
  async until(where: string, wanted: (answer: Answer) => boolean): Promise<Answer> {
    for (const end = performance.now() + 40_000; ;) {
      const answer = await this.get(where);
      if (wanted(answer)) return answer;
      if (performance.now() > end) {
        assert.fail(`${where}: ${answer.status} ${answer.text}\n${this.running.all()}`);
      }
      await sleep(50);
    }
  }

  ready(): Promise<Answer> {
    return this.until('/readyz', ({ status }) => status === 200);
  }

  async metric(name: string): Promise<number | undefined> {
    const { text } = await this.get('/metrics');
    const line = text.split('\n').find((each) => each.startsWith(`${name} `));
    return line === undefined ? undefined : Number(line.slice(name.length + 1));
  }
}

describe('health endpoints', function () {
  this.timeout(120_000);
  let server: EmbeddedServer;
  let folder: string;
  let gate: string;
  let pool: Database | undefined;
  let probed: Probed | undefined;

  beforeEach(async () => {
    ({ server, folder } = await testServer());
    gate = path.join(folder, 'gate');
  });
  afterEach(async () => {
    if (probed?.running.child.exitCode === null) probed.running.child.kill('SIGKILL');
    await probed?.running.ended;
    probed = undefined;
    await pool?.end();
    pool = undefined;
    await server.stop();
    await fs.rm(folder, { recursive: true, force: true });
  });

  function start(args: string[], env: Record<string, string> = {}): Probed {
    probed = new Probed(
      startPodline(args, {
        home: path.join(folder, 'home'),
        env: { PODLINE_DATABASE_URL: server.url, PODLINE_HEALTH_PORT: '0', ...env },
      }),
    );
    return probed;
  }

  async function restart(): Promise<void> {
    server = await startEmbedded({ folder, unsafe: true });
  }

  /** A DAG whose task waits for the gate. */
  async function prepare(executor: string): Promise<Database> {
    await migrate(server.url);
    pool = openPool(server.url);
    const held = dag('held', { schedule: null }, (d) => {
      const script = `until [ -e ${gate} ]; do sleep 0.05; done`;
      d.task('wait', bash({ script }), { executor: executor });
    });
    const plan = compile(held);
    const built = { plan, source: '/x/held.ts', bundle: null, hash: versionHash(plan, null) };
    await registerDags(pool, { folder: '/x', dags: [built], errors: [] });
    return pool;
  }

  async function runningTasks(database: Database, count: number): Promise<void> {
    for (const end = performance.now() + 20_000; ;) {
      const { rows } = await database.query<{ n: number }>(
        `SELECT count(*)::int AS n FROM podline.attempt WHERE state = 'running'`,
      );
      if (rows[0]?.n === count) return;
      if (performance.now() > end) assert.fail(`${rows[0]?.n} tasks are running, not ${count}`);
      await sleep(50);
    }
  }

  async function states(database: Database): Promise<string[]> {
    const { rows } = await database.query<{ state: string }>('SELECT state FROM podline.run');
    return rows.map(({ state }) => state);
  }

  it('of a scheduler: alive without its database, ready with it, through a restart', async () => {
    await server.stop();
    const scheduler = start(['scheduler', '--slots', '2']);
    assert.deepEqual(await scheduler.get('/healthz'), {
      status: 200,
      type: 'application/json; charset=utf-8',
      text: '{"status":"alive"}',
    });
    const early = await scheduler.until('/readyz', ({ text }) => text.includes('ECONNREFUSED'));
    assert.equal(early.status, 503);
    assert.match(early.type, /^application\/problem\+json/);
    assert.deepEqual(JSON.parse(early.text), {
      type: 'about:blank',
      title: 'Service Unavailable',
      status: 503,
      detail: 'it is starting: the database does not answer (ECONNREFUSED)',
    });
    assert.equal(await scheduler.metric('podline_database_up'), 0);

    const { url } = server;
    await restart();
    assert.equal(server.url, url);
    await scheduler.until('/readyz', ({ text }) =>
      /starting: The database schema is at nothing/.test(text),
    );
    assert.equal(await scheduler.status('/healthz'), 200);

    const database = await prepare('local');
    await scheduler.ready();
    await fs.writeFile(gate, '');
    await triggerRun(database, 'held');
    await scheduler.until('/metrics', ({ text }) =>
      text.includes('podline_attempts_ended_total{state="success",cause=""} 1'),
    );
    const { text, type } = await scheduler.get('/metrics');
    assert.match(type, /^text\/plain; version=0\.0\.4/);
    for (const line of [
      /^podline_attempts_launched_total\{executor="local"\} 1$/m,
      /^podline_scheduler_tick_seconds_count [1-9]/m,
      /^podline_runs_started_total 1$/m,
      /^podline_events_decided_total [1-9]/m,
      /^podline_database_up 1$/m,
      /^podline_schedulers_alive 1$/m,
      /^podline_executor_slots\{executor="local"\} 2$/m,
      /^podline_pool_slots\{pool="default_pool"\} 128$/m,
      /^podline_scheduler_failures_total\{what="database"\} 0$/m,
    ]) {
      assert.ok(line.test(text), String(line));
    }
    assert.ok(((await scheduler.metric('podline_scheduler_loop_age_seconds')) ?? 99) < 30);

    await server.stop();
    const down = await scheduler.until('/readyz', ({ status }) => status === 503);
    assert.match(down.text, /the database does not answer/);
    await scheduler.until('/metrics', ({ text: now }) =>
      /^podline_scheduler_failures_total\{what="database"\} [1-9]/m.test(now),
    );
    assert.equal(await scheduler.status('/healthz'), 200, 'a restart of the database ends nobody');
    await restart();
    await scheduler.ready();
    scheduler.running.child.kill('SIGTERM');
    assert.equal(await scheduler.running.ended, 0);
  });

  it('of a scheduler that drains: not ready, alive, until its task has ended', async () => {
    const database = await prepare('local');
    const scheduler = start(['scheduler'], { PODLINE_DRAIN_SECONDS: '60' });
    await scheduler.ready();
    await triggerRun(database, 'held');
    await runningTasks(database, 1);
    scheduler.running.child.kill('SIGTERM');
    const draining = await scheduler.until('/readyz', ({ status }) => status === 503);
    assert.match(draining.text, /it is being stopped/);
    assert.equal(await scheduler.status('/healthz'), 200);
    assert.match(
      (await scheduler.get('/metrics')).text,
      /^podline_tasks_active\{.*"running"\} 1$/m,
    );
    await fs.writeFile(gate, '');
    assert.equal(await scheduler.running.ended, 0, scheduler.running.stderr());
    assert.deepEqual(await states(database), ['success']);
  });

  it('serve nothing else, and tell errors as problems', async () => {
    await prepare('local');
    const scheduler = start(['scheduler', '--no-local']);
    await scheduler.ready();
    for (const where of [
      '/',
      '/healthz/',
      '/api/v1/health',
      '/metrics/x',
      '/..%2f..%2fetc/passwd',
    ]) {
      const answer = await scheduler.get(where);
      assert.equal(answer.status, 404, where);
      assert.match(answer.type, /^application\/problem\+json/);
      assert.equal((JSON.parse(answer.text) as { title: string }).title, 'Not Found');
    }
    const post = await scheduler.get('/healthz', { method: 'POST', body: '{}' });
    assert.equal(post.status, 404);
    const broken = await scheduler.get('/%zz');
    assert.equal(broken.status, 400);
    assert.match(broken.type, /^application\/problem\+json/);
    assert.equal((await scheduler.get('/healthz', { method: 'HEAD' })).status, 200);

    await pool?.query(
      `INSERT INTO public.podline_migration (name, run_on) VALUES ('9999_from_the_future', now())`,
    );
    const newer = await scheduler.until('/readyz', ({ status }) => status === 503);
    assert.match(newer.text, /schema is at 9999_from_the_future, newer than/);
    assert.equal(await scheduler.status('/healthz'), 200);
  });

  it('of a scheduler that is asked to stop before its database is there', async () => {
    await server.stop();
    const scheduler = start(['scheduler']);
    await scheduler.until('/readyz', ({ text }) => text.includes('ECONNREFUSED'));
    scheduler.running.child.kill('SIGTERM');
    assert.equal(await scheduler.running.ended, 0, scheduler.running.stderr());
    await restart();
  });

  it('of a warm worker: alive without its database, ready with it, not ready while it drains', async () => {
    await server.stop();
    const env = {
      PODLINE_POOL_DATABASE_URL: poolUrl(server.url),
      PODLINE_WORKER_DATABASE_URL: workerUrl(server.url),
      PODLINE_DATABASE_URL: '',
      PODLINE_DRAIN_SECONDS: '60',
    };
    const worker = start(['worker', '--pool', 'blue', '--slots', '3'], env);
    await worker.until('/readyz', ({ text }) => text.includes('ECONNREFUSED'));
    assert.equal(await worker.status('/healthz'), 200);
    await restart();
    const database = await prepare('pool:blue');
    await worker.ready();
    const scheduler = startPodline(['scheduler', '--no-local'], { url: server.url, home: folder });
    try {
      await scheduler.sees(/scheduler started/);
      await triggerRun(database, 'held');
      await runningTasks(database, 1);
      assert.equal(await worker.metric('podline_worker_slots{pool="blue"}'), 3);
      await worker.until('/metrics', ({ text }) =>
        text.includes('\npodline_worker_pool_depth{pool="blue"} 1\n'),
      );
      const age = await worker.metric('podline_worker_beat_age_seconds{pool="blue"}');
      assert.ok(age !== undefined && age < 30, `${age}`);
      worker.running.child.kill('SIGTERM');
      const draining = await worker.until('/readyz', ({ status }) => status === 503);
      assert.match(draining.text, /it is being stopped/);
      assert.equal(await worker.status('/healthz'), 200);
      await fs.writeFile(gate, '');
      assert.equal(await worker.running.ended, 0, worker.running.stderr());
      const left = await fs.readdir(path.join(folder, 'home'));
      assert.deepEqual(
        left.filter((name) => name.endsWith('.beat')),
        [],
      );
    } finally {
      scheduler.child.kill('SIGTERM');
      await scheduler.ended;
    }
    assert.deepEqual(await states(database), ['success']);
  });

  it('of a scheduler that is too old for its database: it ends', async () => {
    await prepare('local');
    await pool?.query(
      `INSERT INTO public.podline_migration (name, run_on) VALUES ('9999_from_the_future', now())`,
    );
    const scheduler = start(['scheduler']);
    assert.equal(await scheduler.running.ended, 4);
    assert.match(scheduler.running.stderr(), /newer than this version/);
  });

  it('take a port that is free, else say whose fault it is', async () => {
    await prepare('local');
    const first = start(['scheduler', '--no-local']);
    await first.ready();
    const [, port = ''] = await first.running.sees(/"port":(\d+)/);
    const second = startPodline(['scheduler', '--no-local'], {
      url: server.url,
      env: { PODLINE_HEALTH_PORT: port },
    });
    assert.equal(await second.ended, 2);
    assert.match(second.stderr(), /PODLINE_HEALTH_PORT is \d+: another process listens there/);
  });
});

describe('without PODLINE_HEALTH_PORT', function () {
  this.timeout(60_000);

  it('scheduler and worker load no HTTP server and no metrics', async () => {
    const test = await testDatabase();
    const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'podline-health-'));
    const spy = path.join(folder, 'spy.cjs');
    await fs.writeFile(
      spy,
      `process.on('exit', () => {
         const loaded = Object.keys(require('node:module')._cache);
         const names = ['fastify', 'prom-client', 'pg'].filter((name) =>
           loaded.some((file) => file.includes('/node_modules/' + name + '/')));
         process.stderr.write('loaded: ' + names.join(' ') + '\\n');
       });`,
    );
    try {
      for (const [args, more, words, names] of [
        [['scheduler'], {}, /scheduler started/, 'pg'],
        [['worker', '--pool', 'x', '--slots', '1'], {}, /worker started/, 'pg'],
        [
          ['scheduler', '--no-local'],
          { PODLINE_HEALTH_PORT: '0' },
          /scheduler started/,
          'fastify prom-client pg',
        ],
      ] as const) {
        const running = startPodline([...args], {
          url: test.url,
          home: folder,
          env: { NODE_OPTIONS: `--require ${spy}`, ...more },
        });
        await running.sees(words);
        running.child.kill('SIGTERM');
        assert.equal(await running.ended, 0);
        // Children of the process say theirs, too; it ends last.
        const all = [...running.stderr().matchAll(/^loaded: (.*)$/gm)].map(([, found]) => found);
        assert.equal(all.at(-1), names, args.join(' '));
      }
    } finally {
      await test.drop();
      await fs.rm(folder, { recursive: true, force: true });
    }
  });
});
