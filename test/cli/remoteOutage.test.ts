/** The CLI through a webserver that is away, sends callers elsewhere, or does not tell everything. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { bash, dag } from 'podline/dag';
import { Connection } from '../../runtime/cli/remote/connection.ts';
import { eventStream } from '../../runtime/cli/remote/eventStream.ts';
import type { WebServer } from '../../runtime/web/webServer.ts';
import { type Running, startPodline } from './podline.ts';
import { openRemoteSite, openWeb, type RemoteSite } from './remoteSite.ts';

const waits = dag(
  'waits',
  { tags: ['etl'], schedule: '0 0 * * *', startDate: '2026-02-01', params: {} },
  (d) => {
    d.task('only', bash({ script: 'true' }));
  },
);
const RANGE = ['--from', '2026-03-01T00:00:00Z', '--to', '2026-03-02T00:00:00Z'];

describe('a webserver that is away', function () {
  this.timeout(120_000);
  let site: RemoteSite;
  let web: WebServer;
  let env: Record<string, string>;
  const started: Running[] = [];
  const start = (args: string[]) => {
    const running = startPodline(args, { env });
    started.push(running);
    return running;
  };
  const back = async (port: number) => {
    web = await openWeb(site.engine.testDatabase.url, port);
  };
  before(async () => {
    site = await openRemoteSite('2026-03-28T00:00:00Z');
    await site.engine.register(waits);
    site.engine.script('only', 'hang');
    await site.engine.run('waits', { runId: 'stays' });
    await site.engine.database.query(
      `INSERT INTO podline.log_chunk (attempt_id, source, seq, content)
       SELECT a.id, 'task', 1, 'begun\n' FROM podline.attempt a
         JOIN podline.task_instance t ON t.id = a.instance_id JOIN podline.run r ON r.id = t.run_id
        WHERE r.run_id = 'stays'`,
    );
    await back(0);
    env = { PODLINE_SERVER: `http://127.0.0.1:${web.port}`, PODLINE_API_TOKEN: site.token };
  });
  after(async () => {
    for (const { child } of started) if (child.exitCode === null) child.kill('SIGKILL');
    await web.close();
    await site.close();
  });

  it('is heard again after it was away for longer than a connection may be silent', async () => {
    const silenceMs = 1_000;
    const said: string[] = [];
    let heard: () => void;
    const away = new Promise<void>((resolve) => (heard = resolve));
    const connection = new Connection({
      ...{ server: env['PODLINE_SERVER']!, token: site.token },
      say(words) {
        said.push(words);
        heard();
      },
      warn: (words) => assert.fail(words),
    });
    const stop = new AbortController();
    const events = eventStream(connection, () => '/api/v1/events', stop.signal, silenceMs);
    assert.equal((await events.next()).value?.event, 'hello');
    const { port } = web;
    await web.close();
    const next = events.next();
    await away;
    // The length of the outage is what this is about: there is nothing to wait for.
    await new Promise((resolve) => setTimeout(resolve, 3 * silenceMs));
    await back(port);
    assert.equal((await next).value?.event, 'hello');
    assert.match(said[0]!, /is away: waiting for it$/);
    stop.abort();
    await events.return();
  });

  for (const [signal, words, seen, end] of [
    ['SIGINT', 'runs watch waits stays', /^only running/m, /stays goes on without this watcher/],
    ['SIGTERM', 'tasks logs waits stays only --follow', /^begun$/m, /waiting for it\n$/],
    ['SIGINT', 'dags backfill waits --watch', /0 of 2 runs ended/, /goes on without this watcher/],
  ] as const) {
    it(`does not keep \`${words}\` from ending at ${signal}`, async () => {
      const range = words.includes('backfill') ? RANGE : [];
      const running = start([...words.split(' '), ...range]);
      await running.sees(seen);
      const { port } = web;
      await web.close();
      await running.sees(/is away: waiting for it/);
      running.child.kill(signal);
      assert.equal(await running.ended, 130, running.stderr());
      assert.match(running.stderr(), end);
      assert.doesNotMatch(running.stderr(), /remote\.unreachable/);
      await back(port);
    });
  }

  it('is waited for by who watches a backfill, to its end', async () => {
    const range = ['--from', '2026-03-05T00:00:00Z', '--to', '2026-03-05T00:00:00Z'];
    const args = ['dags', 'backfill', 'waits', ...range, '--watch'];
    const watch = start(args);
    const [, id] = await watch.sees(/^Backfill (\d+): /m);
    await watch.sees(/0 of 1 run ended/);
    const { port } = web;
    await web.close();
    await watch.sees(/is away: waiting for it/);
    await site.engine.database.query(
      `UPDATE podline.backfill SET ended_at = podline.now() WHERE id = $1`,
      [id],
    );
    await back(port);
    assert.equal(await watch.ended, 0, watch.stderr());
    assert.match(watch.stdout(), new RegExp(`^Backfill ${id} ended: `, 'm'));
  });

  it('tells one backfill as the list does, under its own DAG alone', async () => {
    const ask = async (path: string) => {
      const headers = { authorization: `Bearer ${site.token}` };
      const response = await fetch(`${site.base}/api/v1${path}`, { headers });
      return (await response.json()) as { items: { id: number }[]; code?: string; now?: string };
    };
    const [first] = (await ask('/backfills?dagId=waits&limit=1')).items;
    assert.ok(first);
    assert.deepEqual(await ask(`/dags/waits/backfills/${first.id}`), first);
    // The clock of a DAG is the one of the database, which this test stopped.
    assert.equal((await ask('/dags/waits')).now, '2026-03-28T00:00:00.000Z');
    assert.equal((await ask('/dags/waits/backfills/999999')).code, 'not_found.backfill');
    await site.engine.register(dag('other', {}, (d) => void d.task('a', bash({ script: 'true' }))));
    assert.equal((await ask(`/dags/other/backfills/${first.id}`)).code, 'not_found.backfill');
  });

  it('has made the run, also where whether a scheduler runs cannot be asked', async () => {
    const proxy = http.createServer((message, response) => {
      const { method, url, headers } = message;
      if (url === '/api/v1/overview') return void response.writeHead(502).end();
      const request = http.request(`${site.base}${url}`, { method, headers }, (answer) => {
        response.writeHead(answer.statusCode!, answer.headers);
        answer.pipe(response);
      });
      message.pipe(request);
    });
    proxy.listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    const server = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const args = ['dags', 'trigger', 'waits', '--run-id', 'mine', '--server', server];
    const ended = await site.remote(args);
    proxy.close();
    const stdout = 'Run mine of DAG waits is queued.\n';
    assert.deepEqual(ended, { code: 0, stdout, stderr: '' });
  });
});

describe('a webserver with another address', function () {
  this.timeout(60_000);
  let server: http.Server;
  let port: number;
  const asked: string[] = [];
  before(async () => {
    server = http.createServer(({ method, url }, response) => {
      asked.push(`${method} ${url}`);
      const location = url!.includes('/sales')
        ? 'https://login.example/start?to=podline'
        : `https://podline.example${url}`;
      response.writeHead(301, { location }).end();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
  });
  after(() => void server.close());
  const run = async (args: string[], host = '127.0.0.1') => {
    const env = { PODLINE_SERVER: `http://${host}:${port}`, PODLINE_API_TOKEN: 'podline_x' };
    const running = startPodline(args, { env });
    return { code: await running.ended, stderr: running.stderr() };
  };

  it('is told instead of followed, for questions and changes', async () => {
    for (const args of [
      ['dags', 'list'],
      ['dags', 'pause', 'flights'],
      ['variables', 'set', 'a', '1'],
    ]) {
      const before = asked.length;
      const { code, stderr } = await run(args);
      assert.equal(code, 2, stderr);
      assert.match(stderr, /answers 301 and sends us on to https:\/\/podline\.example\/api\/v1\//);
      assert.match(stderr, /PODLINE_SERVER to https:\/\/podline\.example[.\s]/);
      assert.match(stderr, /\(remote\.moved\)/);
      assert.equal(asked.length, before + 1);
    }
  });

  it('is told for streams', async () => {
    const at = `http://127.0.0.1:${port}`;
    const connection = new Connection({ server: at, token: 'x', say: () => {}, warn: () => {} });
    const { signal } = new AbortController();
    await assert.rejects(eventStream(connection, () => '/api/v1/events', signal).next(), {
      code: 'remote.moved',
    });
  });

  it('is told whole where it is a page to sign in', async () => {
    const { stderr } = await run(['runs', 'show', 'sales', 'latest']);
    assert.match(stderr, /sends us on to https:\/\/login\.example\/start\?to=podline/);
    assert.match(stderr, /API tokens pass/);
  });

  it('over an open line is warned of, also with --quiet', async () => {
    const { stderr } = await run(['dags', 'list', '--quiet'], '0.0.0.0');
    assert.match(stderr, /^warning: .* is no https: everybody on the way can read the API token$/m);
    assert.doesNotMatch((await run(['dags', 'list'])).stderr, /is no https/);
  });
});
