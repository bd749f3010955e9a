/** Bad input on everything about people: each is a 4xx with a code, never a 5xx, and the webserver goes on. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Browser, makeUser, openSite, type Site } from './browser.ts';
import { rawRequest } from './rawRequest.ts';

const IDS = [
  ...[
    '',
    ' ',
    '.',
    '..',
    '/',
    '%2e%2e',
    '\u0000',
    'a\nb',
    'a\r\nSet-Cookie: x=y',
    '\u202eadmin',
    'a\u200bb',
  ],
  ...['é', 'é', '😀', 'аdmin', 'ADMIN', 'a'.repeat(64), 'a'.repeat(254), 'a'.repeat(1000), 'a-'],
  ...[
    '__proto__',
    'constructor',
    'toString',
    "' OR 1=1 --",
    '"; DROP TABLE podline.user; --',
    '$1',
    '${7*7}',
  ],
  ...[
    '<script>alert(1)</script>',
    '{{7*7}}',
    '$(id)',
    '`id`',
    '\ud800',
    '-1',
    '0',
    'NaN',
    '1e309',
    'health',
  ],
];
const NUMBERS = [-1, 0, 1.5, 1e308, 2 ** 53, -0, null, true, '3', '', [], {}, [1]];
const BODIES = [
  '',
  '{',
  'null',
  '[]',
  '"x"',
  '1e999',
  '{"name":1e999}',
  '{"__proto__":{"role":"admin"}}',
  '{"constructor":{"prototype":{"role":"admin"}}}',
  '{"name":"a","name":"b"}',
  '{"name":"\\u0000","password":"\\u0000"}',
  '{"name":"\\ud800","password":"\\ud800"}',
  `${'['.repeat(30_000)}${']'.repeat(30_000)}`,
  `{"name":"${'x'.repeat(60_000)}"}`,
  `{"name":"${'x'.repeat(70_000)}"}`,
  '\ufeff{"name":"a"}',
];

describe('bad input about people', function () {
  this.timeout(120_000);
  let site: Site;
  let ada: Browser;
  let changes: { method: string; url: string }[];
  before(async () => {
    site = await openSite();
    await makeUser(site, 'ada', [{ role: 'admin' }]);
    ada = new Browser(site.base);
    await ada.signIn('ada');
    changes = site.web.routes.filter(
      ({ method, url }) =>
        /^\/api\/v1\/(auth|users|tokens)/.test(url) && ['POST', 'PATCH', 'PUT'].includes(method),
    );
    assert.ok(changes.length >= 8);
  });
  beforeEach(() => site.test.pool.query('DELETE FROM podline.sign_in_failure'));
  afterEach(async () => {
    assert.equal((await ada.api('/me')).status, 200, 'the webserver and the session go on');
  });
  after(() => site.close());

  const fine = async (answer: Response, what: string) => {
    const text = await answer.text();
    assert.ok(answer.status < 500, `${what}: ${answer.status} ${text}`);
    assert.doesNotMatch(text, /\bat \S+\.ts:|node_modules|pg_|SELECT /, what);
    return answer.status;
  };
  const send = async (url: string, method: string, body: unknown, headers = {}) => {
    await site.test.pool.query('DELETE FROM podline.sign_in_failure');
    const path = url.replace(/:\w+/, '999999');
    // Signing out by accident would end the test.
    const browser = new Browser(site.base);
    if (!url.endsWith('/logout')) browser.cookies.set('podline', ada.cookies.get('podline') ?? '');
    return browser.go(path, { method, body, headers });
  };

  it('as a body: no JSON, other JSON, deep, long, with prototypes', async () => {
    for (const { url, method } of changes) {
      for (const body of BODIES) {
        const status = await fine(await send(url, method, body), `${url} ${body.slice(0, 60)}`);
        // Bodies that are left out or say nothing may be fine; none of these signs anybody in.
        if (url.endsWith('/login') || url.endsWith('/link')) assert.ok(status >= 400, url);
      }
    }
    assert.equal(({} as { role?: string }).role, undefined);
  });

  it('as names, passwords, secrets and roles', async () => {
    for (const { url, method } of changes) {
      for (const id of IDS) {
        const body = {
          ...{ name: id, password: id, current: id, secret: id, to: id },
          grants: [{ role: id, dag: id }],
          scopes: [{ role: 'viewer', tag: id }],
          days: 1,
        };
        const what = `${url} ${JSON.stringify(id)}`;
        await fine(await send(url, method, body), what);
        const { grants: _, ...plain } = body;
        await fine(await send(url, method, plain), what);
      }
    }
  });

  it('as numbers, in bodies, paths and queries', async () => {
    for (const days of NUMBERS) {
      const body = { name: 'n', scopes: [{ role: 'viewer' }], days };
      assert.equal((await send('/api/v1/tokens', 'POST', body)).status, 400, JSON.stringify(days));
    }
    for (const value of [...IDS, '9007199254740993', '1e3', '0x1', '99999999999999999999', '1.0']) {
      const text = encodeURIComponent(Buffer.from(value).toString());
      for (const path of [`/users/${text}`, `/tokens/${text}`]) {
        await fine(await ada.api(path, { method: 'DELETE', headers: {} }), path);
      }
      for (const path of [
        `/users?limit=${text}`,
        `/tokens?cursor=${text}`,
        `/users?cursor=${text}`,
      ]) {
        await fine(await ada.api(path), path);
      }
      await fine(await ada.api(`/auth/oidc?to=${text}`), text);
      await fine(await ada.api(`/auth/oidc/callback?code=${text}&state=${text}`), text);
    }
    for (const place of ['{}', '{"after":"x"}', '{"after":1e999}', '{"after":-1.5}', 'null', '[']) {
      const cursor = Buffer.from(place).toString('base64url');
      assert.equal((await ada.api(`/users?cursor=${cursor}`)).status, 400, place);
    }
  });

  it('of any kind that a generator comes up with', async () => {
    const routes = changes.filter(({ url }) => !url.endsWith('/password'));
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...routes),
        fc.jsonValue(),
        async ({ url, method }, body) => {
          await fine(
            await send(url, method, JSON.stringify(body)),
            `${url} ${JSON.stringify(body)}`,
          );
        },
      ),
      { numRuns: 150 },
    );
  });

  it('as requests that no client sends', async () => {
    const path = '/api/v1/auth/login';
    const many = Array.from({ length: 3000 }, (_, index) => `X-H${index}: 1`);
    for (const lines of [
      [`POST ${path} HTTP/1.1`, 'Content-Length: -1'],
      [`POST ${path} HTTP/1.1`, 'Content-Length: 5', 'Transfer-Encoding: chunked'],
      [`POST ${path} HTTP/1.1`, 'Content-Length: 5', 'Content-Length: 6'],
      [`POST ${path} HTTP/1.1`, 'Transfer-Encoding: chunked, identity'],
      [`POST ${path} HTTP/1.1`, 'Content-Length: 99999999999'],
      [
        `POST ${path} HTTP/1.1`,
        'Content-Type: application/json',
        'Content-Encoding: gzip',
        'X-Podline-Request: 1',
        'Content-Length: 2',
      ],
      [`POST ${path} HTTP/1.1`, `Cookie: ${'a'.repeat(20_000)}`],
      [`GET ${'/a'.repeat(20_000)} HTTP/1.1`],
      [`GET /api/v1/me HTTP/1.1`, 'Host: a', 'Host: b'],
      [`GET /api/v1/me HTTP/1.1`, 'Host: a b'],
      [`GET /api/v1/me HTTP/1.1`, 'Cookie: podline=a\x00b'],
      [`GET /api/v1/me HTTP/1.1`, 'Authorization: Bearer é\x7f'],
      [`GET /api/v1/%ff%fe HTTP/1.1`],
      [`GET /api/v1/dags/%c0%ae%c0%ae HTTP/1.1`],
      [`GET /api/v1/me HTTP/9.9`],
      [`FOO /api/v1/me HTTP/1.1`],
      [`TRACE /api/v1/me HTTP/1.1`],
      [`CONNECT /api/v1/me HTTP/1.1`],
      ['GET /api/v1/me HTTP/1.1', ...many],
    ]) {
      const { status, body } = await rawRequest(site.web.port, lines, '{}');
      // 505 is Node's word for HTTP/9.9.
      assert.ok(status < 500 || status === 505, `${lines.join('|').slice(0, 200)}: ${status}`);
      assert.doesNotMatch(body, /"userId"/);
    }
  });

  it('as a NUL in any path of the API', async () => {
    for (const path of ['/dags/%00', '/dags/a%00b', '/dags?q=%00', '/dags?tag=%00']) {
      const status = await fine(await ada.api(path), path);
      assert.ok(status >= 400, path);
    }
  });

  it('as a thousand sign-ins at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 1000 }, (_, index) =>
        new Browser(site.base).signIn(`user-${index % 50}`, 'wrong wrong wrong'),
      ),
    );
    const statuses = new Set(answers.map(({ status }) => status));
    for (const status of statuses) assert.ok([401, 429, 503].includes(status), String(status));
    assert.ok(statuses.has(429));
    await Promise.all(answers.map((answer) => answer.arrayBuffer()));
  });
});
