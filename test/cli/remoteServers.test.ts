/** Servers that do not answer as the webserver of this version does, and lines to it that others can read or that break. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Ended } from './podline.ts';
import { openRemoteSite, type RemoteSite } from './remoteSite.ts';
import { idle } from './sampleDags.ts';

describe('commands over a line or a server that is not as it should be', function () {
  this.timeout(120_000);
  let site: RemoteSite;
  const run = (...args: string[]) => site.remote(args);
  before(async () => {
    site = await openRemoteSite('2026-03-28T00:00:00Z');
    await site.engine.register(idle);
  });
  after(() => site.close());

  it('name the server that does not answer', async () => {
    const gone = http.createServer().listen(0, '127.0.0.1');
    await once(gone, 'listening');
    const { port } = gone.address() as AddressInfo;
    gone.close();
    const ended = await run('dags', 'list', '--server', `http://127.0.0.1:${port}/team/`);
    assert.deepEqual([ended.code, ended.stdout], [4, '']);
    assert.match(
      ended.stderr,
      new RegExp(`http://127.0.0.1:${port}/team does not answer: .*REFUSED`),
    );
  });

  it('start one run when the answer to a trigger was lost', async () => {
    let isLost = false;
    const line = http.createServer((request, response) => {
      const { method, url, headers } = request;
      const through = http.request(`${site.base}${url}`, { method, headers }, (answer) => {
        // The webserver has done it, and nobody hears of it.
        if (method === 'POST' && !isLost) {
          isLost = true;
          answer.resume().on('end', () => response.destroy());
          return;
        }
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(response);
      });
      request.pipe(through);
    });
    line.listen(0, '127.0.0.1');
    await once(line, 'listening');
    const address = `http://127.0.0.1:${(line.address() as AddressInfo).port}`;
    try {
      const ended = await run('dags', 'trigger', 'idle', '--json', '--server', address);
      assert.equal(ended.code, 0, ended.stderr);
      assert.match(ended.stderr, /is away: waiting for it/);
      const { runId } = JSON.parse(ended.stdout) as { runId: string };
      const runs = JSON.parse((await run('runs', 'list', 'idle', '--json')).stdout) as object[];
      assert.deepEqual([isLost, runs.length], [true, 1]);
      assert.equal((runs[0] as { runId: string }).runId, runId);
    } finally {
      line.close();
    }
  });

  it('warn of a line on which others can read the token', async () => {
    const ended = await run('pools', 'list', '--server', 'http://podline.invalid');
    assert.equal(ended.code, 4);
    assert.match(ended.stderr, /http:\/\/podline\.invalid is no https: .* can read the API token/);
  });

  it('tell another version, and something that is no Podline', async () => {
    const answers: Record<string, [status: number, type: string, body: string]> = {
      '/old': [404, 'application/problem+json', '{"status":404,"title":"Not Found"}'],
      '/page': [200, 'text/html', '<html>'],
      '/proxy': [502, 'text/html', '<html>'],
      '/new': [
        409,
        'application/problem+json',
        '{"code":"refused.new","detail":"No.","remedy":"Wait."}',
      ],
    };
    const other = http.createServer(({ url = '' }, response) => {
      const [status, type, body] = answers[url.slice(0, url.indexOf('/api'))] ?? [500, '', ''];
      response.writeHead(status, { 'content-type': type }).end(body);
    });
    other.listen(0, '127.0.0.1');
    await once(other, 'listening');
    const at = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    try {
      const [old, page, proxy, fresh] = await Promise.all(
        Object.keys(answers).map((path) => run('pools', 'list', '--server', `${at}${path}`)),
      );
      const told = (ended: Ended | undefined) => [
        ended?.code,
        /\(([\w.]+)\)\n$/.exec(ended?.stderr ?? '')?.[1],
      ];
      assert.deepEqual(told(old), [5, 'remote.no_route']);
      assert.match(old?.stderr ?? '', /has no GET \/old\/api\/v1\/pools: it is of another version/);
      assert.deepEqual(told(page), [5, 'remote.no_route']);
      assert.deepEqual(told(proxy), [4, 'remote.unreachable']);
      assert.deepEqual(told(fresh), [5, 'remote.refused']);
      assert.match(fresh?.stderr ?? '', /refused it: No\. \(refused\.new\)\n +Wait\./);
    } finally {
      other.close();
    }
  });
});
