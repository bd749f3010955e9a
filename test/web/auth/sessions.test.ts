/** Sessions of people with passwords: how they begin, what the cookie says, and everything that ends them. */
import assert from 'node:assert/strict';
import { setDisabled } from '../../../runtime/commands/users.ts';
import { VirtualClock } from '../../../runtime/testing/virtualClock.ts';
import { auditRows, Browser, codeOf, makeUser, openSite, PASSWORD, type Site } from './browser.ts';

const NEW_PASSWORD = 'kestrel drifts over moss';

describe('sessions', function () {
  this.timeout(60_000);
  let site: Site;
  before(async () => {
    site = await openSite();
    await makeUser(site, 'ada', [{ role: 'admin' }]);
  });
  after(() => site.close());

  const signedIn = async (name = 'ada') => {
    const browser = new Browser(site.base);
    assert.equal((await browser.signIn(name)).status, 204);
    return browser;
  };
  const isIn = async (browser: Browser) => (await browser.api('/me')).status === 200;

  it('begin with name and password, and say who it is', async () => {
    const browser = await signedIn();
    const me = await browser.api('/me');
    assert.equal(me.status, 200);
    assert.deepEqual(await me.json(), {
      kind: 'user',
      name: 'ada',
      userId: 1,
      grants: [{ role: 'admin' }],
      hasPassword: true,
    });
    const rows = await auditRows(site, 'sign_in');
    assert.equal(rows.at(-1)?.actor, 'ada');
    assert.equal(rows.at(-1)?.details.address, '127.0.0.1');
  });

  it('have a cookie that scripts cannot read, other sites do not get, and the database cannot be read for', async () => {
    const browser = await signedIn();
    const [cookie = ''] = browser.setCookies;
    assert.match(cookie, /^podline=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/);
    const [, value = ''] = /^podline=([\w-]+)/.exec(cookie) ?? [];
    const { rows } = await site.test.pool.query<{ text: string }>(
      `SELECT encode(id_hash, 'hex') || user_id AS text FROM podline.session`,
    );
    assert.ok(rows.length > 0);
    const hex = Buffer.from(value, 'base64url').toString('hex');
    assert.ok(rows.every(({ text }) => !text.includes(hex)));
  });

  it('get a new id at each sign-in, and the old one is over', async () => {
    const browser = await signedIn();
    const before = browser.cookieHeader();
    assert.equal((await browser.signIn('ada')).status, 204);
    assert.notEqual(browser.cookieHeader(), before);
    const thief = new Browser(site.base);
    assert.equal((await thief.api('/me', { headers: { cookie: before } })).status, 401);
    assert.ok(await isIn(browser));
  });

  it('never take an id that the browser brings', async () => {
    const browser = new Browser(site.base);
    const planted = 'A'.repeat(43);
    browser.cookies.set('podline', planted);
    assert.equal((await browser.signIn('ada')).status, 204);
    assert.notEqual(browser.cookies.get('podline'), planted);
    const attacker = new Browser(site.base);
    attacker.cookies.set('podline', planted);
    assert.ok(!(await isIn(attacker)));
  });

  it('end by signing out, in the database and not in the browser alone', async () => {
    const browser = await signedIn();
    const kept = browser.cookieHeader();
    assert.equal((await browser.api('/auth/logout', { method: 'POST' })).status, 204);
    assert.equal(browser.cookies.size, 0);
    const thief = new Browser(site.base);
    assert.equal((await thief.api('/me', { headers: { cookie: kept } })).status, 401);
    assert.equal((await auditRows(site, 'sign_out')).at(-1)?.actor, 'ada');
  });

  it('end streams with them', async () => {
    const browser = await signedIn();
    const headers = { accept: 'text/event-stream' };
    const stream = await browser.api('/events', { headers });
    assert.equal(stream.status, 200);
    const cookie = browser.cookieHeader();
    const before = await browser.api('/auth/logout', { method: 'POST' });
    assert.equal(before.status, 204);
    // It ends by itself: the text is only there when it has.
    await stream.text();
    const again = await new Browser(site.base).api('/events', { headers: { ...headers, cookie } });
    assert.equal(again.status, 401);
  });

  it('end everywhere on request', async () => {
    const [one, two] = [await signedIn(), await signedIn()];
    const answer = await one.api('/auth/logout', { method: 'POST', body: { everywhere: true } });
    assert.equal(answer.status, 204);
    assert.ok(!(await isIn(two)));
  });

  it('end when somebody is disabled, who cannot come back with the right password', async () => {
    await makeUser(site, 'bob', [{ role: 'viewer' }]);
    const browser = await signedIn('bob');
    await setDisabled(site.test.pool, { name: 'bob' }, true, 'ada');
    assert.ok(!(await isIn(browser)));
    const again = await browser.signIn('bob');
    assert.equal(again.status, 401);
    assert.equal(await codeOf(again), 'auth.bad_login');
    await setDisabled(site.test.pool, { name: 'bob' }, false, 'ada');
    assert.ok(!(await isIn(browser)), 'the old session stays over');
    assert.equal((await browser.signIn('bob')).status, 204);
  });

  it('end at a new password, but for the one that set it', async () => {
    await makeUser(site, 'cleo', [{ role: 'viewer' }]);
    const [here, there] = [await signedIn('cleo'), await signedIn('cleo')];
    const change = (current: string, password: string) =>
      here.api('/auth/password', { method: 'POST', body: { current, password } });
    assert.equal(await codeOf(await change('wrong wrong wrong', NEW_PASSWORD)), 'auth.bad_login');
    assert.equal(await codeOf(await change(PASSWORD, 'short')), 'auth.bad_password');
    assert.equal((await change(PASSWORD, NEW_PASSWORD)).status, 204);
    assert.ok(await isIn(here));
    assert.ok(!(await isIn(there)));
    assert.equal((await new Browser(site.base).signIn('cleo')).status, 401);
    assert.equal((await new Browser(site.base).signIn('cleo', NEW_PASSWORD)).status, 204);
  });

  it('take roles back at once', async () => {
    const userId = await makeUser(site, 'dora', [{ role: 'admin' }]);
    const [admin, dora] = [await signedIn(), await signedIn('dora')];
    assert.equal((await dora.api('/users')).status, 200);
    const patched = await admin.api(`/users/${userId}`, {
      method: 'PATCH',
      body: { grants: [{ role: 'viewer' }] },
    });
    assert.equal(patched.status, 200);
    const denied = await dora.api('/users');
    assert.equal(denied.status, 403);
    assert.equal((await auditRows(site, 'denied')).at(-1)?.actor, 'dora');
    // Once a minute: a page that asks in a loop fills no table.
    await dora.api('/users');
    assert.equal((await auditRows(site, 'denied')).length, 1);
  });

  it('cannot be had by cookies that are none of ours', async () => {
    const browser = new Browser(site.base);
    for (const value of [
      '',
      'x',
      '%00',
      '../..',
      "' OR 1=1 --",
      'é'.repeat(43),
      'A'.repeat(4000),
    ]) {
      const cookie = `podline=${encodeURIComponent(value)}; __Host-podline=${encodeURIComponent(value)}`;
      assert.equal((await browser.api('/me', { headers: { cookie } })).status, 401, value);
    }
  });
});

describe('the time of sessions', function () {
  this.timeout(60_000);

  it('is half an hour without a request, and half a day in all', async () => {
    const site = await openSite();
    try {
      const start = new Date('2026-05-01T08:00:00Z');
      const clock = await VirtualClock.install(site.test.pool, start);
      const at = (minutes: number) => clock.set(new Date(start.getTime() + minutes * 60_000));
      await makeUser(site, 'ada', [{ role: 'viewer' }]);
      const [busy, idle] = [new Browser(site.base), new Browser(site.base)];
      await busy.signIn('ada');
      await idle.signIn('ada');
      const status = async (browser: Browser) => (await browser.api('/me')).status;
      for (let minutes = 25; minutes < 720; minutes += 25) {
        await at(minutes);
        assert.equal(await status(busy), 200, `after ${minutes} minutes`);
        if (minutes === 25) continue;
        assert.equal(await status(idle), 401, `after ${minutes} minutes`);
      }
      await at(721);
      assert.equal(await status(busy), 401);
      // Who signs in next sweeps what is over.
      await busy.signIn('ada');
      const { rows } = await site.test.pool.query('SELECT FROM podline.session');
      assert.equal(rows.length, 1);
    } finally {
      await site.close();
    }
  });
});
