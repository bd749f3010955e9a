/** What probes are answered, and that a scheduler's loop beats on when its database is away. */
import assert from 'node:assert/strict';
import { openPool } from '../../runtime/database/pool.ts';
import { makeServer } from '../../runtime/observe/httpServer.ts';
import { openLog } from '../../runtime/observe/log.ts';
import type { LoopMeter } from '../../runtime/observe/meter.ts';
import { Metrics } from '../../runtime/observe/metrics.ts';
import { serveProbes } from '../../runtime/observe/probes.ts';
import { Readiness } from '../../runtime/observe/readiness.ts';
import { SchedulerLoop } from '../../runtime/scheduler/loop.ts';

const quiet = openLog('silent');

describe('probes', () => {
  it('are told what is wrong, each its own', async () => {
    const server = makeServer(quiet);
    const readiness = new Readiness();
    let wrong: string | null = null;
    serveProbes(server, { alive: () => wrong, readiness, metrics: new Metrics('web', quiet) });
    const ask = async (url: string) => {
      const { statusCode, body, headers } = await server.inject(url);
      assert.equal(headers['cache-control'], 'no-store');
      return [statusCode, JSON.parse(body) as object];
    };
    const problem = (detail: string) => [
      503,
      { type: 'about:blank', title: 'Service Unavailable', status: 503, detail },
    ];
    assert.deepEqual(await ask('/healthz'), [200, { status: 'alive' }]);
    assert.deepEqual(await ask('/readyz'), problem('it is starting'));
    wrong = 'no sign of life for 130 s';
    readiness.started(() => Promise.resolve());
    assert.deepEqual(await ask('/healthz'), problem('no sign of life for 130 s'));
    assert.deepEqual(await ask('/readyz'), [200, { status: 'ready' }]);
    const { statusCode, body } = await server.inject('/metrics');
    assert.equal(statusCode, 200);
    assert.match(body, /^podline_build_info/m);
    await server.close();
  });

  it('learn nothing from a mistake inside', async () => {
    const errors: object[] = [];
    const log = { ...quiet, error: (fields: object) => errors.push(fields) };
    const server = makeServer(log);
    const metrics = new Metrics('web', log);
    metrics.beforeScrape(() => Promise.reject(new Error('password is hidden')));
    serveProbes(server, { alive: () => null, readiness: new Readiness(), metrics });
    const { statusCode, body, headers } = await server.inject('/metrics');
    assert.equal(statusCode, 500);
    assert.match(headers['content-type'] ?? '', /^application\/problem\+json/);
    assert.doesNotMatch(body, /password/);
    assert.match(JSON.stringify(errors), /password is hidden/);
    await server.close();
  });
});

describe('the loop of a scheduler', () => {
  it('beats on while its database is away', async () => {
    const url = 'postgresql://a:b@127.0.0.1:1/c';
    const database = openPool(url);
    const seen: string[] = [];
    let told = () => {};
    const enough = new Promise<void>((resolve) => (told = resolve));
    const meter: LoopMeter = {
      beat() {
        seen.push('beat');
        if (seen.length >= 6) told();
      },
      failed: (what) => seen.push(what),
      ticked: () => seen.push('ticked'),
    };
    const loop = new SchedulerLoop({
      database,
      url,
      executors: [],
      deliver: () => Promise.resolve(),
      log: quiet,
      meter,
    });
    loop.start();
    await enough;
    await loop.stop();
    await database.end();
    assert.deepEqual(seen.slice(0, 6), [
      ...['beat', 'database', 'beat'],
      ...['database', 'beat', 'database'],
    ]);
  });
});
