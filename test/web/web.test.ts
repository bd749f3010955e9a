/** `podline web` as a process: probes, the health of the installation as JSON, and its end. */
import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startEmbedded } from '../../runtime/database/embedded.ts';
import { latestVersion, migrate } from '../../runtime/database/migrate.ts';
import type { LiveWorker } from '../../runtime/database/queries/readHealth.ts';
import { testDatabase, testServer } from '../../runtime/testing/database.ts';
import { VERSION } from '../../runtime/version.ts';
import { healthAnswer } from '../../runtime/web/api/health.ts';
import type { HealthAnswer } from '../../runtime/web/api/schema/health.ts';
import { type Running, startPodline } from '../cli/podline.ts';

async function started(url: string, env: Record<string, string> = {}) {
  const running = startPodline(['web'], {
    env: { PODLINE_DATABASE_URL: url, PODLINE_PORT: '0', PODLINE_DRAIN_SECONDS: '1', ...env },
  });
  const [, port = ''] = await running.sees(/"port":(\d+),"pid":\d+,"msg":"webserver started"/);
  return { running, get: (where: string) => fetch(`http://127.0.0.1:${port}${where}`) };
}

type Web = Awaited<ReturnType<typeof started>>;

async function until(web: Web, where: string, status: number): Promise<string> {
  for (const end = performance.now() + 30_000; ;) {
    const answer = await web.get(where);
    const text = await answer.text();
    if (answer.status === status) return text;
    if (performance.now() > end) assert.fail(`${where}: ${answer.status} ${text}`);
    await sleep(50);
  }
}

async function health(web: Web): Promise<HealthAnswer> {
  const answer = await web.get('/api/v1/health');
  assert.equal(answer.status, 200);
  assert.match(answer.headers.get('content-type') ?? '', /^application\/json/);
  return (await answer.json()) as HealthAnswer;
}

async function stop(running: Running): Promise<void> {
  running.child.kill('SIGTERM');
  assert.equal(await running.ended, 0, running.stderr());
}

describe('podline web', function () {
  this.timeout(60_000);

  it('tells whether the installation works, and names no hosts', async () => {
    const test = await testDatabase();
    const home = await fs.mkdtemp(path.join(os.tmpdir(), 'podline-web-'));
    const web = await started(test.url);
    try {
      await until(web, '/readyz', 200);
      assert.equal((await web.get('/healthz')).status, 200);
      const idle = await health(web);
      assert.deepEqual(idle, {
        status: 'unhealthy',
        version: VERSION,
        database: { status: 'healthy', schema: await latestVersion() },
        schedulers: { status: 'unhealthy', alive: 0, latestHeartbeat: null, versions: [] },
        executors: [],
        troubles: { buildErrors: 0, scheduleErrors: 0 },
      });
      const scheduler = startPodline(['scheduler', '--slots', '3'], {
        url: test.url,
        home,
        env: { HOSTNAME: 'secret-host' },
      });
      await scheduler.sees(/scheduler started/);
      let now = await health(web);
      for (const end = performance.now() + 10_000; now.status !== 'healthy';) {
        assert.ok(performance.now() < end, JSON.stringify(now));
        now = await health(web);
        await sleep(50);
      }
      assert.equal(now.schedulers?.alive, 1);
      assert.deepEqual(now.schedulers.versions, [VERSION]);
      assert.deepEqual(now.executors, [{ name: 'local', workers: 1, slots: 3 }]);
      assert.ok(Date.now() - Date.parse(now.schedulers.latestHeartbeat ?? '') < 30_000);
      assert.doesNotMatch(JSON.stringify(now), /secret-host/);
      const metrics = await (await web.get('/metrics')).text();
      assert.match(metrics, /^podline_build_info\{.*process="web".*\} 1$/m);
      assert.match(metrics, /^podline_schedulers_alive [01]$/m);
      await stop(scheduler);
      const lost = await web.get('/api/v1/nothing');
      assert.equal(lost.status, 404);
      assert.match(lost.headers.get('content-type') ?? '', /^application\/problem\+json/);
      assert.equal(lost.headers.get('x-content-type-options'), 'nosniff');
      // The pages, where they are built.
      assert.match((await web.get('/')).headers.get('content-type') ?? '', /html|problem/);
    } finally {
      await stop(web.running);
      await test.drop();
      await fs.rm(home, { recursive: true, force: true });
    }
  });

  it('outlives its database, and serves without one', async () => {
    const { server, folder } = await testServer();
    await server.stop();
    const web = await started(server.url);
    try {
      assert.match(await until(web, '/readyz', 503), /the database does not answer/);
      assert.equal((await web.get('/healthz')).status, 200);
      const answer = await health(web);
      assert.deepEqual(answer, {
        status: 'unhealthy',
        version: VERSION,
        database: { status: 'unhealthy', reason: 'the database does not answer (ECONNREFUSED)' },
      });
      const again = await startEmbedded({ folder, unsafe: true });
      try {
        assert.equal(again.url, server.url);
        assert.match(await until(web, '/readyz', 503), /./);
        await migrate(again.url);
        await until(web, '/readyz', 200);
      } finally {
        await again.stop();
      }
      await until(web, '/readyz', 503);
      assert.equal((await web.get('/healthz')).status, 200);
    } finally {
      await stop(web.running);
      await fs.rm(folder, { recursive: true, force: true });
    }
  });

  it('is not ready any more from SIGTERM on, answers a moment longer, and ends with 0', async () => {
    const test = await testDatabase();
    const web = await started(test.url, { PODLINE_DRAIN_SECONDS: '60' });
    try {
      await until(web, '/readyz', 200);
      web.running.child.kill('SIGTERM');
      assert.match(await until(web, '/readyz', 503), /it is being stopped/);
      assert.equal((await web.get('/healthz')).status, 200);
      assert.equal((await web.get('/api/v1/health')).status, 200);
      assert.equal(await web.running.ended, 0, web.running.stderr());
      assert.match(web.running.stderr(), /webserver stopped/);
      const { rows } = await test.pool.query(
        `SELECT FROM pg_stat_activity WHERE application_name IN ('podline-web', 'podline-health')
            AND datname = current_database()`,
      );
      assert.equal(rows.length, 0, 'its connections are closed');
    } finally {
      await test.drop();
    }
  });
});

describe('the health of an installation', () => {
  const worker = (over: Partial<LiveWorker>): LiveWorker => ({
    id: 'w',
    kind: 'scheduler',
    host: 'one',
    pid: 1,
    slots: 4,
    executors: ['local'],
    version: '1.0.0',
    heartbeatAt: '2026-01-01T00:00:00+00:00',
    ...over,
  });
  const of = (...workers: LiveWorker[]) =>
    healthAnswer({ workers, buildErrors: 2, scheduleErrors: 1, deadCallbacks: 0 }, '0005');

  it('counts a scheduler once, whatever executors it has', () => {
    const answer = of(
      worker({}),
      worker({ executors: ['kubernetes'], slots: 500, heartbeatAt: '2026-01-01T00:00:03+00:00' }),
      worker({ host: 'two', executors: ['kubernetes'], slots: 500, version: '1.1.0' }),
      worker({ kind: 'pool', host: 'three', executors: ['pool:gpu'], slots: 2 }),
    );
    assert.deepEqual(answer.schedulers, {
      status: 'healthy',
      alive: 2,
      latestHeartbeat: '2026-01-01T00:00:03.000Z',
      versions: ['1.0.0', '1.1.0'],
    });
    assert.deepEqual(answer.executors, [
      { name: 'kubernetes', workers: 2, slots: 1000 },
      { name: 'local', workers: 1, slots: 4 },
      { name: 'pool:gpu', workers: 1, slots: 2 },
    ]);
    assert.deepEqual(answer.troubles, { buildErrors: 2, scheduleErrors: 1 });
  });

  it('is bad without a scheduler, whoever else is there', () => {
    assert.equal(of(worker({ kind: 'pool', executors: ['pool:gpu'] })).status, 'unhealthy');
  });
});
