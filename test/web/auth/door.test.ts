/**
 * The door: a walk over every route that the webserver has. Who is nobody gets 401, who may not gets 403, and a DAG that may
 * not be seen is not there. What is open to everybody is this list and nothing else.
 */
import assert from 'node:assert/strict';
import { RIGHTS } from '../../../src/model/access.ts';
import { makeServer } from '../../../runtime/observe/httpServer.ts';
import { openLog } from '../../../runtime/observe/log.ts';
import { type DeclaredRoute, guard } from '../../../runtime/web/auth/guard.ts';
import { Browser, codeOf, makeUser, openSite, type Site } from './browser.ts';
import { rawRequest } from './rawRequest.ts';
import { registerSamples } from './sampleDags.ts';

const PUBLIC = [
  'GET /api/v1/auth/methods',
  'GET /api/v1/auth/oidc',
  'GET /api/v1/auth/oidc/callback',
  'GET /api/v1/health',
  'GET /api/v1/openapi.json',
  'POST /api/v1/auth/link',
  'POST /api/v1/auth/link/read',
  'POST /api/v1/auth/login',
];
const PROBES = ['GET /healthz', 'GET /metrics', 'GET /readyz'];

describe('the door', function () {
  this.timeout(120_000);
  let site: Site;
  let asked: DeclaredRoute[];
  before(async () => {
    site = await openSite();
    await registerSamples(site.test.pool);
    await makeUser(site, 'vera', [{ role: 'viewer' }]);
    await makeUser(site, 'fin', [{ role: 'admin', tag: 'finance' }]);
    await makeUser(site, 'none', []);
    await makeUser(site, 'ci', [{ role: 'deployer' }]);
    asked = site.web.routes.filter(({ right }) => !['public', 'probe', 'page'].includes(right));
  });
  after(() => site.close());

  const signedIn = async (name: string) => {
    const browser = new Browser(site.base);
    assert.equal((await browser.signIn(name)).status, 204);
    return browser;
  };
  /** With a DAG and ids that look right. */
  const pathOf = (url: string, dagId = 'sales') =>
    url
      .replace(':dagId', dagId)
      .replace(/:(userId|tokenId|number|mapIndex|version|a|b)\b/g, '1')
      .replace(/:\w+/g, 'x');
  const ask = (browser: Browser, { method, url }: DeclaredRoute, dagId?: string) =>
    browser.go(pathOf(url, dagId), {
      method,
      ...(['POST', 'PUT', 'PATCH'].includes(method) && { body: {} }),
    });

  it('is open for a short list alone', () => {
    const open = (right: DeclaredRoute['right']) =>
      site.web.routes
        .filter((route) => route.right === right && route.method !== 'HEAD')
        .map(({ method, url }) => `${method} ${url}`)
        .sort();
    assert.deepEqual(open('public'), PUBLIC);
    assert.deepEqual(open('probe'), PROBES);
    assert.ok(site.web.routes.length > 15);
    for (const { url } of site.web.routes.filter(({ right }) => right === 'page')) {
      assert.doesNotMatch(url, /^\/api/);
    }
  });

  it('lets nobody in who is nobody: 401 everywhere', async () => {
    const nobody = new Browser(site.base);
    for (const route of asked) {
      const answer = await ask(nobody, route);
      assert.equal(answer.status, 401, `${route.method} ${route.url}`);
      if (route.method !== 'HEAD') assert.equal(await codeOf(answer), 'auth.needed');
    }
  });

  it('asks for the right before anything else: 403 for who has a lesser one', async () => {
    const vera = await signedIn('vera');
    const more = asked.filter(({ right }) => !['view', 'signedIn'].includes(right));
    assert.ok(more.length >= 5);
    for (const route of more) {
      const answer = await ask(vera, route);
      assert.equal(answer.status, 403, `${route.method} ${route.url}`);
      if (route.method !== 'HEAD') assert.equal(await codeOf(answer), 'auth.forbidden');
    }
    for (const route of asked.filter(({ right }) => right === 'view')) {
      const { status } = await ask(vera, route);
      assert.ok(![401, 403].includes(status) && status < 500, `${route.url}: ${status}`);
    }
  });

  it('has no DAG for those who may not see it: 404, as for one that is not there', async () => {
    const [fin, none] = [await signedIn('fin'), await signedIn('none')];
    for (const route of asked.filter(({ url }) => url.includes(':dagId'))) {
      const [hidden, missing, seen] = await Promise.all([
        ask(fin, route, 'hidden'),
        ask(fin, route, 'not-there'),
        ask(none, route, 'sales'),
      ]);
      for (const answer of [hidden, missing, seen]) {
        assert.equal(answer.status, 404, `${route.method} ${route.url}`);
      }
      if (route.method === 'HEAD') continue;
      const text = (await hidden.text()).replaceAll('hidden', 'DAG');
      assert.equal(text, (await missing.text()).replaceAll('not-there', 'DAG'));
    }
    const list = (await (await fin.api('/dags')).json()) as { items: { dagId: string }[] };
    assert.deepEqual(
      list.items.map(({ dagId }) => dagId),
      ['sales'],
    );
    assert.deepEqual(await (await none.api('/dags')).json(), { items: [], next: null });
  });

  it('tells a deployer nothing: no DAG is there, no right but the one to deploy', async () => {
    const ci = await signedIn('ci');
    const told: string[] = [];
    for (const route of asked) {
      const { method, url, right } = route;
      if (right === 'signedIn' && method !== 'GET') continue;
      // Events are a stream without an end; each is narrowed to the DAGs that one may see.
      if (url.endsWith('/events')) continue;
      const { status } = await ask(ci, route);
      if (url.includes(':dagId')) assert.equal(status, 404, `${method} ${url}`);
      else if (right !== 'signedIn') assert.equal(status, 403, `${method} ${url}`);
      else if (status !== 403) told.push(url.replace('/api/v1', ''));
    }
    assert.deepEqual(told.sort(), [
      ...['/backfills', '/build-errors', '/dags', '/me', '/runs', '/tokens'],
    ]);
    for (const path of told.filter((each) => each !== '/me')) {
      const { items } = (await (await ci.api(path)).json()) as { items: unknown[] };
      assert.deepEqual(items, [], path);
    }
  });

  it('gives no rights over the whole installation to those who have them over some DAGs', async () => {
    const fin = await signedIn('fin');
    const wide = asked.filter(
      ({ url, right }) => !url.includes(':dagId') && RIGHTS.includes(right as 'view'),
    );
    assert.ok(wide.length >= 5);
    for (const route of wide) {
      assert.equal((await ask(fin, route)).status, 403, `${route.method} ${route.url}`);
    }
  });

  it('keeps the webserver from starting when a route says no right', async () => {
    const server = makeServer(openLog('silent'));
    guard(server, {
      database: site.test.pool,
      log: openLog('silent'),
      publicUrl: null,
      know: () => Promise.resolve(null),
      limit: () => Promise.resolve(),
    });
    server.get('/forgotten', () => 'all secrets');
    await assert.rejects(async () => server.ready(), /the route \/forgotten says no right/);
  });

  it('is not passed by tricks with paths', async () => {
    const tricks = [
      '/api/v1/users/healthz',
      '/api/v1/dags/health',
      '/api/v1/dags/configs',
      '/api/v1/me/',
      '/api/v1//me',
      '//api/v1/me',
      '/api/v1/health/../me',
      '/healthz/../api/v1/me',
      '/api/v1/%6de',
      '/api/v1/me%2f',
      '/api/v1/me%00',
      '/api/v1/me;/health',
      '/api/v1/me?x=/healthz',
      '/api/v1/me#/healthz',
      '/API/v1/me',
      '/api/v1/ME',
      '/api/v1/auth/methods/../../users',
      '/api/v1/auth/methods%2f..%2f..%2fusers',
      '/api/v1/users.json',
      '/api/v1/users/../health',
      '/assets/../api/v1/users',
      '/..%2fapi/v1/users',
      'http://podline.invalid/api/v1/users',
      '*',
    ];
    for (const path of tricks) {
      const { status, body } = await rawRequest(site.web.port, [`GET ${path} HTTP/1.1`]);
      assert.ok([400, 401, 404].includes(status) || isPage(body), `${path}: ${status} ${body}`);
      assert.doesNotMatch(body, /"(userId|dagId)"/, path);
    }
  });

  it('heeds no header that names another path or method', async () => {
    const vera = await signedIn('vera');
    const tricks: Record<string, string>[] = [
      { 'x-original-url': '/healthz', 'x-rewrite-url': '/healthz' },
      { 'x-http-method-override': 'GET', 'x-method-override': 'GET' },
      { 'x-forwarded-for': '127.0.0.1', 'x-real-ip': '127.0.0.1', forwarded: 'for=127.0.0.1' },
    ];
    for (const headers of tricks) {
      assert.equal((await new Browser(site.base).api('/me', { headers })).status, 401);
      const answer = await vera.api('/users', { method: 'POST', body: { name: 'x' }, headers });
      assert.equal(answer.status, 403);
    }
  });
});

function isPage(body: string): boolean {
  return /<div id="root">/.test(body) || /pages are not built/.test(body);
}
