/** How often one may ask: each user, token and address for itself; probes as often as they like. */
import assert from 'node:assert/strict';
import { createToken } from '../../../runtime/commands/tokens.ts';
import type { Grant } from '../../../src/model/access.ts';
import { Browser, codeOf, makeUser, openSite, type Site } from './browser.ts';

const PER_MINUTE = 40;
/** Of one user. */
const MOST_STREAMS = 200;
const VIEWER: Grant[] = [{ role: 'viewer' }];

describe('the limit of requests', function () {
  this.timeout(60_000);
  let site: Site;
  let bobId: number;
  before(async () => {
    site = await openSite({ trustedProxy: '127.0.0.1' }, 0, PER_MINUTE);
    await makeUser(site, 'ada', VIEWER);
    bobId = await makeUser(site, 'bob', VIEWER);
  });
  after(() => site.close());

  const ask = (path: string, headers: Record<string, string> = {}) =>
    fetch(`${site.base}${path}`, { headers });
  const at = (address: string) => ({ 'x-forwarded-for': address });

  async function tokenOfBob(name: string): Promise<Record<string, string>> {
    const user = { userId: bobId, name: 'bob', grants: VIEWER };
    const { token } = await createToken(site.test.pool, { user, name, scopes: VIEWER, days: 1 });
    return { authorization: `Bearer ${token}` };
  }

  /** Asks until it is refused. */
  async function untilRefused(path: string, headers: Record<string, string>, most: number) {
    for (let count = 0; count <= most; count++) {
      const answer = await ask(path, headers);
      if (answer.status === 429) return { count, answer };
      await answer.arrayBuffer();
    }
    throw new Error(`${most + 1} requests were answered`);
  }

  it('is told with every answer, and then with a refusal that says when to come again', async () => {
    const headers = await tokenOfBob('loop');
    const first = await ask('/api/v1/me', headers);
    assert.equal(first.headers.get('ratelimit-limit'), String(PER_MINUTE));
    assert.equal(first.headers.get('ratelimit-remaining'), String(PER_MINUTE - 1));
    const { count, answer } = await untilRefused('/api/v1/me', headers, PER_MINUTE);
    assert.equal(count, PER_MINUTE - 1);
    assert.equal(answer.headers.get('ratelimit-remaining'), '0');
    const seconds = Number(answer.headers.get('retry-after'));
    assert.ok(seconds >= 1 && seconds <= 60, String(seconds));
    assert.equal(await codeOf(answer), 'request.too_many');
    // Wherever it comes from, and whatever it asks for.
    assert.equal((await ask('/api/v1/dags', { ...headers, ...at('198.51.100.9') })).status, 429);
  });

  it('is that of one token, one user: nobody else waits', async () => {
    assert.equal((await ask('/api/v1/me', await tokenOfBob('other'))).status, 200);
    const ada = new Browser(site.base);
    assert.equal((await ada.signIn('ada')).status, 204);
    assert.equal((await ada.api('/me')).status, 200);
  });

  it('counts who is nobody by address, guesses of tokens, too', async () => {
    const most = PER_MINUTE / 10;
    const guess = { authorization: `Bearer podline_${'x'.repeat(43)}` };
    const { count } = await untilRefused('/api/v1/me', { ...guess, ...at('198.51.100.1') }, most);
    assert.equal(count, most);
    const methods = '/api/v1/auth/methods';
    assert.equal((await ask(methods, at('198.51.100.1'))).status, 429);
    assert.equal((await ask(methods, at('198.51.100.2'))).status, 200);
    // A network of IPv6 is one address.
    await untilRefused(methods, at('2001:db8::1'), most);
    assert.equal((await ask(methods, at('2001:db8::2'))).status, 429);
  });

  it('is not for probes', async () => {
    for (const path of ['/healthz', '/readyz', '/metrics', '/api/v1/health']) {
      for (let count = 0; count < 2 * PER_MINUTE; count++) {
        const answer = await ask(path, at('198.51.100.3'));
        assert.equal(answer.status, 200, path);
        await answer.arrayBuffer();
      }
    }
  });

  it('is none where it is 0; streams are limited all the same', async () => {
    const open = await openSite();
    const end = new AbortController();
    try {
      const answer = await fetch(`${open.base}/api/v1/auth/methods`);
      assert.equal(answer.headers.get('ratelimit-limit'), null);
      await makeUser(open, 'ada', VIEWER);
      const ada = new Browser(open.base);
      assert.equal((await ada.signIn('ada')).status, 204);
      const stream = async () => {
        const { signal } = end;
        const headers = { cookie: ada.cookieHeader() };
        return (await fetch(`${open.base}/api/v1/events`, { headers, signal })).status;
      };
      const statuses = await Promise.all(Array.from({ length: MOST_STREAMS }, stream));
      assert.ok(statuses.every((status) => status === 200));
      assert.equal(await stream(), 429);
    } finally {
      end.abort();
      await open.close();
    }
  });
});
