/** http, sensor.http, sensor.file and notifications against real servers of this process. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { SMTPServer } from 'smtp-server';
import { parseConnection } from '../../src/connections/connection.ts';
import { Connections } from '../../runtime/connections/connections.ts';
import { testConnection } from '../../runtime/connections/testConnection.ts';
import { deliver } from '../../runtime/operators/notify.ts';
import { Stop } from '../../runtime/worker/stop.ts';
import type { JsonObject } from '../../src/plan/plan.ts';
import { operate } from './operate.ts';
import { freePort } from './servers.ts';

interface Seen {
  method: string;
  url: string;
  headers: IncomingMessage['headers'];
  body: string;
}

describe('http and notifications', () => {
  let server: Server;
  let base: string;
  let seen: Seen[] = [];
  before(async () => {
    server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const { method = '', url = '', headers } = request;
        seen.push({ method, url, headers, body: Buffer.concat(parts).toString() });
        const { pathname } = new URL(url, 'http://x');
        if (pathname === '/json') {
          response.setHeader('content-type', 'application/json; charset=utf-8');
          response.setHeader('set-cookie', 'session=1');
          response.end('{"n": [1, 2]}');
        } else if (pathname === '/text') response.end('plain');
        else if (pathname === '/broken') {
          response.setHeader('content-type', 'application/json');
          response.end('{"n":');
        } else if (pathname === '/hang') return;
        else if (pathname === '/huge') response.end(Buffer.alloc(5_000_000));
        else if (pathname === '/redirect') {
          response.writeHead(302, { location: '/json' }).end();
        } else if (pathname.startsWith('/status/')) {
          response.writeHead(Number(pathname.slice(8))).end('as asked');
        } else response.writeHead(404).end();
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    base = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => (seen = []));

  const http = (config: JsonObject, connections: Record<string, string> = {}, stop?: Stop) =>
    operate({
      task: { operator: 'http', config: { method: 'GET', headers: {}, expect: [], ...config } },
      connections,
      stop,
    });

  it('hands on status, headers without cookies, and the parsed body', async () => {
    const { outcome } = await http({ url: `http://${base}/json` });
    const { status, headers, body } = outcome.xcom as JsonObject;
    assert.deepEqual([status, body], [200, { n: [1, 2] }]);
    assert.equal((headers as JsonObject)['set-cookie'], undefined);
    const text = await http({ url: `http://${base}/text` });
    assert.equal((text.outcome.xcom as JsonObject).body, 'plain');
  });

  it('sends JSON, text, headers and templates', async () => {
    await http({
      url: `http://${base}/text?day={{ ds }}`,
      method: 'POST',
      body: { a: ['{{ ds }}'] },
    });
    await http({
      url: `http://${base}/text`,
      method: 'PUT',
      body: 'raw',
      headers: { 'x-own': 'y' },
    });
    assert.deepEqual(
      seen.map(({ method, url, body, headers }) => [
        method,
        url,
        body,
        headers['content-type'],
        headers['x-own'],
      ]),
      [
        ['POST', '/text?day=2026-03-01', '{"a":["2026-03-01"]}', 'application/json', undefined],
        ['PUT', '/text', 'raw', 'text/plain;charset=UTF-8', 'y'],
      ],
    );
  });

  it('goes below its connection with the credentials of that, and nowhere else', async () => {
    const api = `http://ann:se%20cret@${base}/status`;
    const { outcome } = await http({ url: '/204', connection: 'api' }, { api });
    assert.equal(outcome.state, 'success', outcome.message);
    assert.equal(
      seen[0]?.headers.authorization,
      `Basic ${Buffer.from('ann:se cret').toString('base64')}`,
    );
    await http({ url: 'text', connection: 'api' }, { api: `http://${base}?token=tok-12345` });
    assert.equal(seen[1]?.headers.authorization, 'Bearer tok-12345');
    const elsewhere = await http({ url: 'http://localhost:1/x', connection: 'api' }, { api });
    assert.match(elsewhere.outcome.message ?? '', /the request goes elsewhere/);
  });

  const failures: [string, JsonObject & { url: string }, RegExp][] = [
    ['a status that is not expected', { url: '/status/500' }, /answered 500: as asked/],
    ['a good status when another is expected', { url: '/text', expect: [201] }, /answered 200/],
    ['JSON that is none', { url: '/broken' }, /says that it is JSON and is not/],
    ['no answer in time', { url: '/hang', timeout: 0.1 }, /no answer within 0\.1 s/],
    ['5 MB', { url: '/huge' }, /more than 4194304 bytes/],
  ];
  for (const [name, config, expected] of failures) {
    it(`fails for ${name}`, async () => {
      const { outcome } = await http({ ...config, url: `http://${base}${config.url}` });
      assert.equal(outcome.state, 'failed');
      assert.match(outcome.message ?? '', expected);
    });
  }

  it('takes an unusual status when it is expected', async () => {
    const { outcome } = await http({ url: `http://${base}/status/404`, expect: [404, 410] });
    assert.equal(outcome.state, 'success');
  });

  it('fails with the reason when nobody answers, and refuses other schemes', async () => {
    const { outcome } = await http({ url: `http://127.0.0.1:${await freePort()}/x` });
    assert.match(outcome.message ?? '', /ECONNREFUSED/);
    assert.match(
      (await http({ url: 'file:///etc/passwd' })).outcome.message ?? '',
      /neither http nor https/,
    );
  });

  it('ends when the task is stopped', async () => {
    const stop = new Stop();
    const working = http({ url: `http://${base}/hang` }, {}, stop);
    while (seen.length === 0) await new Promise(setImmediate);
    stop.request('cancelled');
    assert.equal((await working).outcome.cause, 'cancelled');
  });

  it('sensor.http waits for the status, also while nobody answers', async () => {
    const sensor = { mode: 'poke' as const, interval: 5, timeout: 600, softFail: false };
    const look = async (url: string, expect: number[] = []) =>
      (await operate({ task: { operator: 'sensor.http', config: { url, expect }, sensor } }))
        .outcome;
    assert.equal((await look(`http://${base}/text`)).state, 'success');
    assert.deepEqual(await look(`http://${base}/status/503`), { state: 'waiting', delay: 5 });
    assert.equal((await look(`http://${base}/status/503`, [503])).state, 'success');
    assert.equal((await look(`http://127.0.0.1:${await freePort()}/`)).state, 'waiting');
    assert.equal((await look('no url')).state, 'failed');
  });

  it('sensor.file waits for a file, with * and ?', async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'podline-[a]-'));
    const sensor = { mode: 'poke' as const, interval: 5, timeout: 600, softFail: false };
    const look = async (name: string) =>
      (
        await operate({
          task: { operator: 'sensor.file', config: { path: path.join(folder, name) }, sensor },
        })
      ).outcome.state;
    assert.equal(await look('data.csv'), 'waiting');
    await writeFile(path.join(folder, 'data.csv'), '');
    assert.equal(await look('data.csv'), 'success');
    assert.equal(await look('d*.c?v'), 'success');
    assert.equal(await look('*.json'), 'waiting');
    await rm(folder, { recursive: true });
  });

  it('a sensor that cannot look fails, and an operator that waits must be a sensor', async () => {
    const { outcome } = await operate({
      task: { operator: 'sensor.file', config: { path: '/no' } },
    });
    assert.match(outcome.message ?? '', /no sensor/);
  });

  describe('notifications', () => {
    let smtp: SMTPServer;
    let port: number;
    let mails: { from: string; to: string[]; text: string; user: unknown }[] = [];
    before(async () => {
      smtp = new SMTPServer({
        authOptional: true,
        disabledCommands: ['STARTTLS'],
        allowInsecureAuth: true,
        onAuth: (auth, _session, done) =>
          auth.password === 'mail-pass'
            ? done(null, { user: auth.username })
            : done(new Error('no')),
        onData(stream, session, done) {
          const parts: Buffer[] = [];
          stream.on('data', (part: Buffer) => parts.push(part));
          stream.on('end', () => {
            const { mailFrom, rcptTo } = session.envelope;
            mails.push({
              from: mailFrom === false ? '' : mailFrom.address,
              to: rcptTo.map(({ address }) => address),
              text: Buffer.concat(parts).toString(),
              user: session.user,
            });
            done();
          });
        },
      });
      port = await freePort();
      await new Promise<void>((resolve) => smtp.listen(port, '127.0.0.1', resolve));
    });
    after((done) => smtp.close(done));
    beforeEach(() => (mails = []));
    const mail = () => `smtp://robot:mail-pass@127.0.0.1:${port}?from=podline@example.org`;

    it('deliver a webhook, once accepted', async () => {
      const payload = { event: 'failure', dagId: 'sales', runId: 'r1' };
      const target = {
        kind: 'webhook' as const,
        url: `http://${base}/text`,
        headers: { 'x-key': 'k' },
      };
      await deliver(target, payload, new Connections({}));
      assert.deepEqual(JSON.parse(seen[0]!.body), payload);
      assert.equal(seen[0]?.headers['x-key'], 'k');
    });

    it('do not follow redirects, refuse other schemes, and do not show the path', async () => {
      const send = (url: string) => deliver({ kind: 'webhook', url }, {}, new Connections({}));
      await assert.rejects(send(`http://${base}/redirect`), /answered 302/);
      assert.equal(seen.length, 1);
      await assert.rejects(send('file:///etc/passwd'), /http or https/);
      await assert.rejects(
        send(`http://127.0.0.1:${await freePort()}/secret-path`),
        (error: Error) => {
          assert.match(error.message, /ECONNREFUSED/);
          assert.ok(!error.message.includes('secret-path'));
          return true;
        },
      );
    });

    it('deliver an e-mail over the SMTP connection', async () => {
      const connections = new Connections({ PODLINE_CONN_MAIL: mail() });
      const target = {
        kind: 'email' as const,
        connection: 'mail',
        to: ['a@example.org', 'b@example.org'],
      };
      await deliver(target, { event: 'failure', dagId: 'sales', runId: 'r1' }, connections);
      const [one] = mails;
      assert.deepEqual(
        [one?.from, one?.to, one?.user],
        ['podline@example.org', target.to, 'robot'],
      );
      assert.match(one?.text ?? '', /^Subject: podline: failure sales r1\r$/m);
      assert.match(one?.text ?? '', /runId: r1/);
    });

    it('are tasks, too', async () => {
      const one = await operate({
        task: {
          operator: 'notify.email',
          config: {
            connection: 'mail',
            to: ['a@example.org'],
            subject: 'Day {{ ds }}',
            text: 'done',
          },
        },
        connections: { mail: mail() },
      });
      assert.equal(one.outcome.state, 'success', one.outcome.message);
      assert.match(mails[0]?.text ?? '', /^Subject: Day 2026-03-01\r$/m);
      const two = await operate({
        task: {
          operator: 'notify.webhook',
          config: { url: `http://${base}/text`, headers: {}, body: { text: '{{ ds }}' } },
        },
      });
      assert.equal(two.outcome.state, 'success');
      assert.equal(seen[0]?.body, '{"text":"2026-03-01"}');
      const refused = await operate({
        task: {
          operator: 'notify.webhook',
          config: { url: `http://${base}/status/500`, headers: {}, body: null },
        },
      });
      assert.match(refused.outcome.message ?? '', /answered 500/);
    });

    it('have connections that can be tested', async () => {
      assert.match((await testConnection(parseConnection('m', mail()))).message, /accepts/);
      const wrong = await testConnection(
        parseConnection('m', mail().replace('mail-pass', 'hunter22')),
      );
      assert.equal(wrong.ok, false);
      assert.match(
        (await testConnection(parseConnection('h', `http://${base}/text`))).message,
        /200/,
      );
      const down = await testConnection(
        parseConnection('h', `http://127.0.0.1:${await freePort()}`),
      );
      assert.match(down.message, /ECONNREFUSED/);
      assert.match((await testConnection(parseConnection('x', 'mystery://x'))).message, /no test/);
    });
  });
});
