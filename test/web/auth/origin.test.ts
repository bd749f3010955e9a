/** Other sites, other names and the way in the clear: what cookies, headers and origins keep out. */
import assert from 'node:assert/strict';
import { openLog } from '../../../runtime/observe/log.ts';
import { LOCAL } from '../../../src/model/access.ts';
import { WebServer } from '../../../runtime/web/webServer.ts';
import { Browser, codeOf, makeUser, openSite, PASSWORD, type Site } from './browser.ts';
import { rawRequest } from './rawRequest.ts';

const FOREIGN: Record<string, string>[] = [
  { origin: 'https://evil.example' },
  { origin: 'null' },
  { origin: 'http://localhost' },
  { origin: 'http://localhost.evil.example' },
  { origin: 'not an address' },
  { 'sec-fetch-site': 'cross-site' },
  { 'sec-fetch-site': 'same-site' },
];

describe('requests that other sites make', function () {
  this.timeout(60_000);
  let site: Site;
  let ada: Browser;
  before(async () => {
    site = await openSite();
    await makeUser(site, 'ada', [{ role: 'admin' }]);
    ada = new Browser(site.base);
    await ada.signIn('ada');
  });
  after(() => site.close());

  const change = (headers: Record<string, string>) =>
    ada.api('/users', { method: 'POST', body: { name: 'planted' }, headers });
  const users = async () => {
    const { items } = (await (await ada.api('/users')).json()) as { items: { name: string }[] };
    return items.map(({ name }) => name);
  };

  it('change nothing with the session of a browser, whatever part of the proof is missing', async () => {
    for (const headers of FOREIGN) {
      const answer = await change(headers);
      assert.equal(answer.status, 403, JSON.stringify(headers));
      assert.equal(await codeOf(answer), 'auth.foreign_site');
    }
    const without = await fetch(`${site.base}/api/v1/users`, {
      method: 'POST',
      body: '{"name":"planted"}',
      headers: {
        cookie: ada.cookieHeader(),
        'content-type': 'application/json',
        origin: site.base,
      },
    });
    assert.equal(without.status, 403);
    for (const method of ['PATCH', 'DELETE']) {
      const { status } = await ada.api('/users/1', { method, headers: FOREIGN[0] ?? {} });
      assert.equal(status, 403);
    }
    assert.deepEqual(await users(), ['ada']);
  });

  it('sign nobody in, or out', async () => {
    for (const path of ['/auth/login', '/auth/link', '/auth/link/read', '/auth/logout']) {
      for (const headers of FOREIGN) {
        const body = { name: 'ada', password: PASSWORD };
        const answer = await ada.api(path, { method: 'POST', body, headers });
        assert.equal(answer.status, 403, path);
      }
    }
    assert.equal((await ada.api('/me')).status, 200);
  });

  it('are not what a form or a plain fetch could send: JSON alone', async () => {
    for (const type of [
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'text/plain',
      'text/plain; application/json',
      'application/jsonx',
    ]) {
      const body = '{"name":"planted"}';
      const headers = { 'content-type': type };
      const answer = await ada.api('/users', { method: 'POST', body, headers });
      assert.equal(answer.status, 415, type);
    }
    assert.deepEqual(await users(), ['ada']);
  });

  it('read nothing: no answer lets another origin see it', async () => {
    for (const method of ['GET', 'OPTIONS']) {
      const answer = await ada.api('/me', { method, headers: { origin: 'https://evil.example' } });
      assert.equal(answer.headers.get('access-control-allow-origin'), null);
      assert.equal(answer.headers.get('access-control-allow-credentials'), null);
    }
  });

  it('are not the ones of our pages, and of programs with a token', async () => {
    assert.equal((await change({ 'sec-fetch-site': 'same-origin' })).status, 200);
    assert.deepEqual(await users(), ['ada', 'planted']);
  });
});

describe('a webserver for this machine alone', function () {
  this.timeout(60_000);

  it('answers to its own names, and to no page of another site', async () => {
    const site = await openSite();
    const local = await WebServer.open({
      url: site.test.url,
      port: 0,
      host: '127.0.0.1',
      log: openLog('silent'),
      identify: () => Promise.resolve(LOCAL),
    });
    try {
      const ask = (host: string, headers: string[] = [], method = 'GET') =>
        rawRequest(local.port, [`${method} /api/v1/users HTTP/1.1`, `Host: ${host}`, ...headers]);
      for (const host of ['localhost', '127.0.0.1', '[::1]']) {
        assert.equal((await ask(`${host}:${local.port}`)).status, 200, host);
      }
      // A name that somebody lets lead here (DNS rebinding).
      for (const host of [
        'evil.example',
        `evil.example:${local.port}`,
        'localhost.evil.example',
        '',
      ]) {
        assert.ok([400, 403].includes((await ask(host)).status), host);
      }
      const origin = 'Origin: https://evil.example';
      const posted = await ask(`localhost:${local.port}`, [origin, 'Content-Length: 0'], 'POST');
      assert.equal(posted.status, 403);
    } finally {
      await local.close();
      await site.close();
    }
  });
});

describe('behind a proxy that speaks https', function () {
  this.timeout(60_000);
  let site: Site;
  before(async () => {
    const publicUrl = new URL('https://podline.example.org/');
    site = await openSite({ publicUrl, trustedProxy: '127.0.0.1' });
    await makeUser(site, 'ada', [{ role: 'admin' }]);
  });
  after(() => site.close());

  const signIn = (host: string, headers: string[] = [], origin = 'https://podline.example.org') => {
    const body = JSON.stringify({ name: 'ada', password: PASSWORD });
    return rawRequest(
      site.web.port,
      [
        'POST /api/v1/auth/login HTTP/1.1',
        `Host: ${host}`,
        `Origin: ${origin}`,
        'Content-Type: application/json',
        'X-Podline-Request: 1',
        `Content-Length: ${body.length}`,
        ...headers,
      ],
      body,
    );
  };

  it('the cookie belongs to this host alone, and never travels in the clear', async () => {
    const { status, head } = await signIn('podline.example.org');
    assert.equal(status, 204);
    assert.match(
      head,
      /^set-cookie: __Host-podline=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Lax\r?$/m,
    );
    const [, id = ''] = /__Host-podline=([\w-]{43})/.exec(head) ?? [];
    const me = (cookie: string) =>
      rawRequest(site.web.port, [
        'GET /api/v1/me HTTP/1.1',
        'Host: podline.example.org',
        `Cookie: ${cookie}`,
      ]);
    assert.equal((await me(`__Host-podline=${id}`)).status, 200);
    // A neighbour of the domain could have set this one.
    assert.equal((await me(`podline=${id}`)).status, 401);
  });

  it('browsers are told to come by https from now on', async () => {
    const { head } = await rawRequest(site.web.port, ['GET /api/v1/health HTTP/1.1']);
    assert.match(head, /^strict-transport-security: max-age=15552000\r?$/im);
  });

  it('nobody signs in over http at another name', async () => {
    const clear = await signIn('podline.internal', [], 'http://podline.internal');
    assert.equal(clear.status, 403);
    const plain = await signIn(
      '10.0.0.7',
      ['X-Forwarded-Proto: http'],
      'https://podline.example.org',
    );
    assert.match(plain.body, /auth\.insecure/);
    assert.equal(plain.status, 403);
  });

  it('the address of who fails is the one that the proxy says', async () => {
    const body = JSON.stringify({ name: 'ada', password: 'wrong wrong wrong' });
    const failed = await rawRequest(
      site.web.port,
      [
        'POST /api/v1/auth/login HTTP/1.1',
        'Host: podline.example.org',
        'Content-Type: application/json',
        'X-Podline-Request: 1',
        'X-Forwarded-For: 6.6.6.6, 203.0.113.9',
        `Content-Length: ${body.length}`,
      ],
      body,
    );
    assert.equal(failed.status, 401);
    const { rows } = await site.test.pool.query<{ address: string }>(
      `SELECT details ->> 'address' AS address FROM podline.audit WHERE action = 'sign_in.failed'`,
    );
    assert.deepEqual(rows, [{ address: '203.0.113.9' }]);
  });
});

describe('without a proxy that is trusted', function () {
  this.timeout(60_000);

  it('nobody says where they come from, nor that they came by https', async () => {
    const site = await openSite();
    try {
      await makeUser(site, 'ada', [{ role: 'admin' }]);
      const browser = new Browser(site.base);
      const headers = { 'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': 'https' };
      const body = { name: 'ada', password: PASSWORD };
      const answer = await browser.api('/auth/login', { method: 'POST', body, headers });
      assert.equal(answer.status, 204);
      assert.match(browser.setCookies[0] ?? '', /^podline=/);
      const { rows } = await site.test.pool.query<{ address: string }>(
        `SELECT details ->> 'address' AS address FROM podline.audit WHERE action = 'sign_in'`,
      );
      assert.deepEqual(rows, [{ address: '127.0.0.1' }]);
    } finally {
      await site.close();
    }
  });
});

describe('headers', function () {
  this.timeout(60_000);

  it('stand on every answer: pages, API, errors, what is not there', async () => {
    const site = await openSite();
    try {
      const paths = [
        '/',
        '/runs/x',
        '/healthz',
        '/api/v1/health',
        '/api/v1/me',
        '/api/v1/no',
        '/x.js',
      ];
      for (const path of paths) {
        const { headers } = await new Browser(site.base).go(path);
        assert.equal(headers.get('x-content-type-options'), 'nosniff', path);
        assert.equal(headers.get('x-frame-options'), 'DENY', path);
        assert.equal(headers.get('referrer-policy'), 'same-origin', path);
        assert.equal(headers.get('cross-origin-opener-policy'), 'same-origin', path);
        assert.equal(headers.get('cross-origin-resource-policy'), 'same-origin', path);
        assert.equal(headers.get('x-powered-by'), null, path);
        assert.equal(headers.get('strict-transport-security'), null, path);
        const policy = headers.get('content-security-policy') ?? '';
        assert.match(policy, /frame-ancestors 'none'/, path);
        assert.match(policy, /base-uri 'none'/, path);
        assert.match(policy, /default-src '(self|none)'/, path);
        assert.doesNotMatch(policy, /script-src|unsafe-eval|\*/, path);
      }
      const api = await new Browser(site.base).api('/me');
      assert.match(api.headers.get('content-security-policy') ?? '', /default-src 'none'.*sandbox/);
      assert.equal(api.headers.get('cache-control'), 'no-store');
    } finally {
      await site.close();
    }
  });
});
