/** Guessing: waits that grow, for accounts and addresses, and answers that do not tell who exists. */
import assert from 'node:assert/strict';
import { VirtualClock } from '../../../runtime/testing/virtualClock.ts';
import { passwordProblem } from '../../../runtime/people/passwordRules.ts';
import { network } from '../../../runtime/web/auth/throttle.ts';
import { auditRows, Browser, codeOf, makeUser, openSite, PASSWORD, type Site } from './browser.ts';

const WRONG = 'wrong wrong wrong';

describe('failed sign-ins', function () {
  this.timeout(60_000);
  let site: Site;
  let clock: VirtualClock;
  let now = new Date('2026-05-01T08:00:00Z').getTime();
  before(async () => {
    site = await openSite({ trustedProxy: '127.0.0.1' });
    clock = await VirtualClock.install(site.test.pool, new Date(now));
    await makeUser(site, 'ada', [{ role: 'viewer' }]);
  });
  beforeEach(() => wait(7_200));
  after(() => site.close());

  const wait = (seconds: number) => clock.set(new Date((now += seconds * 1000)));
  let addresses = 0;
  const login = (name: string, password: string, from = `198.51.100.${++addresses % 250}`) =>
    new Browser(site.base).api('/auth/login', {
      method: 'POST',
      body: { name, password },
      headers: { 'x-forwarded-for': from },
    });

  for (const name of ['ada', 'nobody-has-this']) {
    it(`make an account wait, longer each time, from wherever they come: ${name}`, async () => {
      for (let tries = 0; tries < 6; tries++) {
        assert.equal((await login(name, WRONG)).status, 401, `try ${tries}`);
      }
      const waits: number[] = [];
      for (let tries = 0; tries < 9; tries++) {
        const answer = await login(name, WRONG);
        assert.equal(answer.status, 429);
        assert.equal(await codeOf(answer), 'auth.too_many');
        const seconds = Number(answer.headers.get('retry-after'));
        waits.push(seconds);
        await wait(seconds);
        assert.equal((await login(name, WRONG)).status, 401);
      }
      assert.deepEqual(waits, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
    });
  }

  it('do not keep the owner out for good, and are forgotten when they sign in', async () => {
    for (let tries = 0; tries < 6; tries++) await login('ada', WRONG);
    assert.equal((await login('ada', PASSWORD)).status, 429, 'the right one has to wait, too');
    await wait(60);
    assert.equal((await login('ada', PASSWORD)).status, 204);
    assert.equal((await login('ada', WRONG)).status, 401);
    assert.equal((await login('ada', PASSWORD)).status, 204);
  });

  it('make an address wait that tries many names', async () => {
    let tries = 0;
    for (; tries < 100; tries++) {
      if ((await login(`user-${tries}`, WRONG, '203.0.113.5')).status === 429) break;
    }
    assert.equal(tries, 31);
    assert.equal((await login('ada', PASSWORD, '203.0.113.5')).status, 429);
    assert.equal((await login('ada', PASSWORD, '203.0.113.6')).status, 204);
    const link = await new Browser(site.base).api('/auth/link/read', {
      method: 'POST',
      body: { secret: 'A'.repeat(43) },
      headers: { 'x-forwarded-for': '203.0.113.5' },
    });
    assert.equal(link.status, 429, 'links are guessed at from there no more');
  });

  it('are counted once each when many come at the same time', async () => {
    const answers = await Promise.all(Array.from({ length: 40 }, () => login('ada', WRONG)));
    const checked = answers.filter(({ status }) => status === 401).length;
    assert.equal(checked, 6);
    assert.ok(answers.every(({ status }) => [401, 429].includes(status)));
  });

  it('are written down, without what was typed where no name was', async () => {
    await login('hunter2-my-password', WRONG);
    await login('ada', WRONG);
    const rows = await auditRows(site, 'sign_in.failed');
    assert.deepEqual(
      rows.slice(-2).map(({ actor }) => actor),
      ['(unknown)', 'ada'],
    );
    assert.ok(!JSON.stringify(rows).includes('hunter2'));
  });

  it('count for the whole network of an IPv6 address', () => {
    assert.equal(network('2001:db8:1:2:3:4:5:6'), '2001:db8:1:2');
    assert.equal(network('2001:db8::1'), '2001:db8:0:0');
    assert.equal(network('2001:0DB8:0001:0002::'), '2001:db8:1:2');
    assert.equal(network('::1'), '0:0:0:0');
    assert.equal(network('fe80::1%eth0'), 'fe80:0:0:0');
    assert.equal(network('::ffff:203.0.113.9'), '203.0.113.9');
    assert.equal(network('203.0.113.9'), '203.0.113.9');
  });
});

describe('names that nobody has', function () {
  this.timeout(120_000);

  it('get the answer of those that somebody has, and take as long', async () => {
    const site = await openSite({ trustedProxy: '127.0.0.1' });
    try {
      await makeUser(site, 'known', [{ role: 'viewer' }]);
      const times: Record<string, number[]> = { known: [], unknown: [] };
      const texts = new Set<string>();
      for (let round = 0; round < 12; round++) {
        for (const name of ['known', 'unknown']) {
          // Neither waits: what is compared is the work for a password.
          await site.test.pool.query('DELETE FROM podline.sign_in_failure');
          const begin = performance.now();
          const answer = await new Browser(site.base).signIn(name, WRONG);
          times[name]?.push(performance.now() - begin);
          const text = await answer.text();
          texts.add(`${answer.status} ${text} ${answer.headers.get('content-length') ?? ''}`);
        }
      }
      assert.equal(texts.size, 1, [...texts].join('\n'));
      // The first rounds warm up. The least time is the work alone, without what else the machine does.
      const least = (name: string) => Math.min(...(times[name] ?? []).slice(2));
      const [known, unknown] = [least('known'), least('unknown')];
      assert.ok(
        unknown > known * 0.7 && known > unknown * 0.7,
        `known ${known.toFixed(1)} ms, unknown ${unknown.toFixed(1)} ms`,
      );
    } finally {
      await site.close();
    }
  });
});

describe('passwords', () => {
  it('that everybody tries first are not taken', () => {
    for (const password of [
      'short',
      '         ',
      'password123',
      'Password123',
      'qwertyuiop',
      'aaaaaaaaaaaaaaaa',
      'abababababab',
      'abcdefghijkl',
      '98765432109'.slice(0, 10),
      'grace-hopper-1',
      'x'.repeat(201),
    ]) {
      assert.notEqual(passwordProblem(password, 'grace@example.org'), null, password);
    }
  });

  it('may be long, and of any characters', () => {
    for (const password of [
      PASSWORD,
      'pässwörter sind länger',
      '密码密码很长很长的一个',
      'x1'.repeat(20) + 'yz',
    ]) {
      assert.equal(passwordProblem(password, 'grace'), null, password);
    }
  });
});
