/** Signing in by a real OpenID provider: the whole way there and back, groups, and everything that must not work. */
import assert from 'node:assert/strict';
import http from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setDisabled } from '../../../runtime/commands/users.ts';
import type { GroupRoles } from '../../../src/model/grants.ts';
import { ownPage } from '../../../runtime/web/api/oidc.ts';
import { auditRows, Browser, makeUser, openSite, type Site } from './browser.ts';
import { TestProvider } from './provider.ts';

const ROLES: GroupRoles = new Map([
  ['data', [{ role: 'editor' }]],
  ['bi', [{ role: 'viewer', tag: 'bi' }]],
]);

describe('signing in by a provider', function () {
  this.timeout(60_000);
  let provider: TestProvider;
  let site: Site;
  before(async () => {
    const port = await freePort();
    provider = await TestProvider.start([`http://localhost:${port}/api/v1/auth/oidc/callback`]);
    site = await openSite({ oidc: provider.settings({ groupRoles: ROLES }) }, port);
  });
  after(async () => {
    await site.close();
    await provider.stop();
  });

  const begin = async (browser: Browser, to = '/') => {
    const answer = await browser.api(`/auth/oidc?to=${encodeURIComponent(to)}`);
    assert.equal(answer.status, 303);
    return answer.headers.get('location') ?? '';
  };
  const through = async (browser: Browser, to?: string) => {
    const back = await provider.visit(browser, await begin(browser, to));
    const answer = await browser.go(back.href);
    assert.equal(answer.status, 303);
    return answer.headers.get('location');
  };
  const me = async (browser: Browser) =>
    (await (await browser.api('/me')).json()) as { name: string; grants: unknown };

  it('works from the button to the page that one came for, with the roles of the groups', async () => {
    provider.person = { sub: 's-ada', email: 'ada@example.org', groups: ['data', 'unknown'] };
    const browser = new Browser(site.base);
    assert.equal(await through(browser, '/dags/flights?tab=grid'), '/dags/flights?tab=grid');
    assert.deepEqual(await me(browser), {
      kind: 'user',
      name: 'ada@example.org',
      userId: 1,
      grants: [{ role: 'editor' }],
      hasPassword: false,
    });
    assert.ok(!browser.cookies.has('podline-flow'), 'what belonged to the flow is gone');
    assert.equal((await auditRows(site, 'sign_in')).at(-1)?.details.by, 'provider');
  });

  it('asks with PKCE, state and nonce, and for exactly our address to return to', async () => {
    const url = new URL(await begin(new Browser(site.base)));
    assert.equal(url.searchParams.get('code_challenge_method'), 'S256');
    assert.equal(url.searchParams.get('response_type'), 'code');
    assert.equal(
      url.searchParams.get('redirect_uri'),
      `http://localhost:${site.web.port}/api/v1/auth/oidc/callback`,
    );
    for (const name of ['code_challenge', 'state', 'nonce']) {
      assert.ok((url.searchParams.get(name) ?? '').length >= 43, name);
    }
  });

  it('takes groups as they are at the next sign-in', async () => {
    provider.person = { sub: 's-ada', email: 'ada@example.org', groups: ['bi'] };
    const browser = new Browser(site.base);
    assert.equal(await through(browser), '/');
    const { name, grants } = await me(browser);
    assert.deepEqual(
      { name, grants },
      {
        name: 'ada@example.org',
        grants: [{ role: 'viewer', tag: 'bi' }],
      },
    );
  });

  it('lets nobody in without a role, or who is disabled', async () => {
    provider.person = { sub: 's-eve', email: 'eve@example.org', groups: ['visitors'] };
    const browser = new Browser(site.base);
    assert.equal(await through(browser), '/sign-in?error=auth.no_role');
    assert.equal((await browser.api('/me')).status, 401);
    assert.deepEqual((await auditRows(site, 'sign_in.failed')).at(-1), {
      actor: 'eve@example.org',
      subject: 'eve@example.org',
      details: { by: 'provider', reason: 'auth.no_role', address: '127.0.0.1' },
    });
    provider.person = { sub: 's-ada', email: 'ada@example.org', groups: ['data'] };
    await setDisabled(site.test.pool, { name: 'ada@example.org' }, true, 'test');
    assert.equal(await through(new Browser(site.base)), '/sign-in?error=auth.no_role');
    await setDisabled(site.test.pool, { name: 'ada@example.org' }, false, 'test');
  });

  it('knows people by their subject: the name of somebody else opens nothing', async () => {
    await makeUser(site, 'root', [{ role: 'admin' }]);
    provider.person = { sub: 's-mallory', email: 'root', groups: ['bi'] };
    const browser = new Browser(site.base);
    assert.equal(await through(browser), '/');
    const { name, grants } = await me(browser);
    assert.match(name, /^root#[0-9a-f]{8}$/);
    assert.deepEqual(grants, [{ role: 'viewer', tag: 'bi' }]);
  });

  it('refuses answers that belong to no flow of this browser, and codes that were used', async () => {
    provider.person = { sub: 's-ada', email: 'ada@example.org', groups: ['data'] };
    const refused = '/sign-in?error=auth.provider_refused';
    const [victim, attacker] = [new Browser(site.base), new Browser(site.base)];
    // The attacker's answer in the victim's browser: without a flow, and with one of its own.
    const foreign = await provider.visit(attacker, await begin(attacker));
    assert.equal((await victim.go(foreign.href)).headers.get('location'), refused);
    await begin(victim);
    assert.equal((await victim.go(foreign.href)).headers.get('location'), refused);
    assert.equal((await victim.api('/me')).status, 401);
    // Once more with the cookie of the flow, which a browser would have dropped.
    const flow = attacker.cookieHeader();
    assert.equal((await attacker.go(foreign.href)).headers.get('location'), '/');
    const again = new Browser(site.base);
    const answer = await again.go(foreign.href, { headers: { cookie: flow } });
    assert.equal(answer.headers.get('location'), refused);
    for (const query of [
      '',
      '?code=x',
      '?state=x&code=y',
      '?error=access_denied&state=x',
      '?%00',
    ]) {
      const browser = new Browser(site.base);
      await begin(browser);
      const said = await browser.api(`/auth/oidc/callback${query}`);
      assert.equal(said.headers.get('location'), refused, query);
    }
    for (const cookie of ['podline-flow=x', 'podline-flow=bnVsbA', 'podline-flow=e30', 'a=b']) {
      const said = await victim.api('/auth/oidc/callback?code=x', { headers: { cookie } });
      assert.equal(said.headers.get('location'), refused, cookie);
    }
  });

  it('goes on to pages of its own alone', () => {
    for (const to of [
      '//evil.example',
      '/\\evil.example',
      'https://evil.example',
      'javascript:x',
      '',
      '/\t/evil.example',
      '/..//evil.example',
    ]) {
      assert.equal(ownPage(to), '/', to);
    }
    assert.equal(ownPage('/runs?state=failed#top'), '/runs?state=failed#top');
  });

  it('stays possible for passwords, and for who is signed in, while the provider is away', async () => {
    provider.person = { sub: 's-ada', email: 'ada@example.org', groups: ['data'] };
    const browser = new Browser(site.base);
    await through(browser);
    const before = await provider.visit(browser, await begin(browser));
    const { port } = provider.issuer;
    await provider.stop();
    const unreachable = '/sign-in?error=auth.provider_unreachable';
    assert.equal((await browser.go(before.href)).headers.get('location'), unreachable);
    assert.equal((await browser.api('/me')).status, 200);
    assert.equal((await new Browser(site.base).signIn('root')).status, 204);
    provider = await TestProvider.start([`${site.base}/api/v1/auth/oidc/callback`], Number(port));
    provider.person = { sub: 's-ada', email: 'ada@example.org', groups: ['data'] };
    assert.equal(await through(new Browser(site.base)), '/');
  });
});

describe('a provider that never answered', function () {
  this.timeout(60_000);

  it('costs a sign-in page with a reason, and is asked again when it is there', async () => {
    const port = await freePort();
    const issuer = new URL(`http://127.0.0.1:${await freePort()}`);
    const redirect = `http://localhost:${port}/api/v1/auth/oidc/callback`;
    const absent = await TestProvider.start([redirect], Number(issuer.port));
    await absent.stop();
    const site = await openSite({ oidc: absent.settings({ groupRoles: ROLES }) }, port);
    try {
      const browser = new Browser(site.base);
      const first = await browser.api('/auth/oidc');
      assert.equal(first.headers.get('location'), '/sign-in?error=auth.provider_unreachable');
      const provider = await TestProvider.start([redirect], Number(issuer.port));
      try {
        let location = '';
        for (const end = performance.now() + 10_000; !location.startsWith(issuer.origin);) {
          assert.ok(performance.now() < end, location);
          location = (await browser.api('/auth/oidc')).headers.get('location') ?? '';
        }
        assert.equal(provider.asked.filter((one) => one.includes('openid-config')).length, 1);
      } finally {
        await provider.stop();
      }
    } finally {
      await site.close();
    }
  });
});

async function freePort(): Promise<number> {
  const server = http.createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
