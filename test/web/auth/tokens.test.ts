/** API tokens: shown once, never more than their scopes and their user, and over when they should be. */
import assert from 'node:assert/strict';
import { setDisabled, setGrants } from '../../../runtime/commands/users.ts';
import { VirtualClock } from '../../../runtime/testing/virtualClock.ts';
import { allows, EVERYTHING, type Grant, visible } from '../../../src/model/access.ts';
import { covers, intersect } from '../../../src/model/grants.ts';
import { auditRows, Browser, codeOf, makeUser, openSite, type Site } from './browser.ts';
import { registerSamples } from './sampleDags.ts';

interface Made {
  tokenId: number;
  token: string;
  expiresAt: string;
}

describe('API tokens', function () {
  this.timeout(60_000);
  let site: Site;
  let clock: VirtualClock;
  const start = new Date('2026-05-01T08:00:00Z');
  before(async () => {
    site = await openSite();
    clock = await VirtualClock.install(site.test.pool, start);
    await registerSamples(site.test.pool);
    await makeUser(site, 'ada', [{ role: 'admin' }]);
    await makeUser(site, 'ed', [{ role: 'editor' }]);
    await makeUser(site, 'fin', [{ role: 'operator', tag: 'finance' }]);
  });
  beforeEach(() => clock.set(start));
  after(() => site.close());

  const signedIn = async (name: string) => {
    const browser = new Browser(site.base);
    assert.equal((await browser.signIn(name)).status, 204);
    return browser;
  };
  const make = async (name: string, scopes: Grant[], days = 30): Promise<Made> => {
    const browser = await signedIn(name);
    const body = { name: 'test', scopes, days };
    const answer = await browser.api('/tokens', { method: 'POST', body });
    assert.equal(answer.status, 200, await answer.clone().text());
    return (await answer.json()) as Made;
  };
  const withToken = (token: string, path: string, method = 'GET', body?: unknown) =>
    fetch(`${site.base}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  const statusOf = async (token: string, path = '/me') => (await withToken(token, path)).status;

  it('are shown once; the database and the list do not have them', async () => {
    const { token, tokenId, expiresAt } = await make('ed', [{ role: 'viewer' }]);
    assert.match(token, /^podline_[\w-]{43}$/);
    assert.equal(expiresAt, '2026-05-31T08:00:00.000Z');
    assert.equal(await statusOf(token), 200);
    const list = await (await (await signedIn('ed')).api('/tokens')).text();
    assert.match(list, new RegExp(`"tokenId":${tokenId}`));
    assert.ok(!list.includes(token.slice(8)));
    const { rows } = await site.test.pool.query<{ text: string }>(
      `SELECT t::text || encode(t.token_hash, 'escape') AS text FROM podline.api_token t
        UNION ALL SELECT a::text FROM podline.audit a`,
    );
    assert.ok(rows.every(({ text }) => !text.includes(token.slice(8))));
    assert.deepEqual((await auditRows(site, 'token.create')).at(-1), {
      actor: 'ed',
      subject: 'ed/test',
      details: { tokenId, scopes: ['viewer'], expiresAt },
    });
  });

  it('need no cookie, no header of ours and no origin', async () => {
    const { token } = await make('ada', [{ role: 'admin' }]);
    const answer = await withToken(token, '/users', 'POST', { name: 'made-by-token' });
    assert.equal(answer.status, 200);
    const rows = await auditRows(site, 'user.add');
    assert.equal(rows.at(-1)?.actor, 'ada (token test)');
  });

  it('may do what their scopes say, and no more', async () => {
    const { token } = await make('ada', [{ role: 'viewer' }]);
    assert.equal(await statusOf(token, '/dags'), 200);
    assert.equal(await statusOf(token, '/users'), 403);
    const { token: narrow } = await make('ada', [{ role: 'admin', dag: 'hidden' }]);
    const { items } = (await (await withToken(narrow, '/dags')).json()) as {
      items: { dagId: string }[];
    };
    assert.deepEqual(
      items.map(({ dagId }) => dagId),
      ['hidden'],
    );
    assert.equal(await statusOf(narrow, '/users'), 403);
  });

  it('cannot be made wider than who makes them', async () => {
    const ed = await signedIn('ed');
    const fin = await signedIn('fin');
    for (const [browser, scopes] of [
      [ed, [{ role: 'admin' }]],
      [ed, [{ role: 'viewer' }, { role: 'admin', dag: 'sales' }]],
      [fin, [{ role: 'operator' }]],
      [fin, [{ role: 'viewer', dag: 'hidden' }]],
      [fin, [{ role: 'editor', tag: 'finance' }]],
    ] as const) {
      const body = { name: 'wide', scopes };
      const answer = await browser.api('/tokens', { method: 'POST', body });
      assert.equal(answer.status, 403, JSON.stringify(scopes));
      assert.equal(await codeOf(answer), 'auth.scope_too_wide');
    }
  });

  it('lose what their user loses, and are nobody when the user is disabled', async () => {
    const { token } = await make('ed', [{ role: 'editor' }]);
    const grants = async () =>
      ((await (await withToken(token, '/me')).json()) as { grants: Grant[] }).grants;
    assert.deepEqual(await grants(), [{ role: 'editor' }]);
    await setGrants(site.test.pool, { name: 'ed' }, () => [{ role: 'viewer', tag: 'finance' }]);
    assert.deepEqual(await grants(), [{ role: 'viewer', tag: 'finance' }]);
    await setDisabled(site.test.pool, { name: 'ed' }, true);
    assert.equal(await statusOf(token), 401);
    await setDisabled(site.test.pool, { name: 'ed' }, false);
    await setGrants(site.test.pool, { name: 'ed' }, () => [{ role: 'editor' }]);
    assert.deepEqual(await grants(), [{ role: 'editor' }]);
  });

  it('end when they say', async () => {
    const { token } = await make('ed', [{ role: 'viewer' }], 1);
    await clock.set(new Date(start.getTime() + 86_399_000));
    assert.equal(await statusOf(token), 200);
    await clock.set(new Date(start.getTime() + 86_401_000));
    assert.equal(await statusOf(token), 401);
  });

  it('are revoked at once, by their user or an administrator, and by nobody else', async () => {
    const first = await make('ed', [{ role: 'viewer' }]);
    const second = await make('ed', [{ role: 'viewer' }]);
    const [ada, ed, fin] = [await signedIn('ada'), await signedIn('ed'), await signedIn('fin')];
    const revoke = async (browser: Browser, { tokenId }: Made) =>
      (await browser.api(`/tokens/${tokenId}`, { method: 'DELETE' })).status;
    assert.equal(await revoke(fin, first), 404);
    assert.equal(await statusOf(first.token), 200);
    assert.equal(await revoke(ed, first), 204);
    assert.equal(await revoke(ed, first), 404);
    assert.equal(await statusOf(first.token), 401);
    assert.equal(await revoke(ada, second), 204);
    assert.equal(await statusOf(second.token), 401);
    assert.equal((await auditRows(site, 'token.revoke')).at(-1)?.actor, 'ada');
  });

  it('are in the lists of their user and of administrators alone', async () => {
    await make('ed', [{ role: 'viewer' }]);
    const [ada, fin] = [await signedIn('ada'), await signedIn('fin')];
    assert.deepEqual(await (await fin.api('/tokens')).json(), { items: [], next: null });
    assert.equal((await fin.api('/tokens?all=true')).status, 403);
    const names = new Set<string>();
    let cursor = '';
    do {
      const answer = await ada.api(`/tokens?all=true&limit=1${cursor}`);
      const page = (await answer.json()) as { items: { userName: string }[]; next: string | null };
      for (const { userName } of page.items) names.add(userName);
      cursor = page.next === null ? '' : `&cursor=${page.next}`;
    } while (cursor !== '');
    assert.ok(names.has('ed') && names.has('ada'));
  });

  it('make no tokens, and change no passwords', async () => {
    const { token } = await make('ada', [{ role: 'admin' }]);
    for (const [path, body] of [
      ['/tokens', { name: 'child', scopes: [{ role: 'admin' }] }],
      ['/auth/password', { current: 'x', password: 'plover otter eight' }],
      ['/auth/logout', {}],
    ] as const) {
      const answer = await withToken(token, path, 'POST', body);
      assert.equal(answer.status, 403, path);
      assert.equal(await codeOf(answer), 'auth.not_a_user');
    }
  });

  it('cannot be guessed from what is near, and stand in the header alone', async () => {
    const { token } = await make('ed', [{ role: 'viewer' }]);
    const near = [
      token.slice(0, -1),
      `${token}A`,
      token.toUpperCase(),
      token.slice(8),
      `podline_${'A'.repeat(43)}`,
      'podline_',
      `podline_${"' OR ''='".padEnd(43, 'x')}`,
      'null',
    ];
    for (const each of near) assert.equal(await statusOf(each), 401, each);
    for (const authorization of [
      `Basic ${token}`,
      token,
      'Bearer',
      `Bearer  `,
      `Bearer x ${token}`,
    ]) {
      const answer = await fetch(`${site.base}/api/v1/me`, { headers: { authorization } });
      assert.equal(answer.status, 401, authorization);
    }
    assert.equal((await fetch(`${site.base}/api/v1/me?token=${token}`)).status, 401);
    const cookie = `podline=${token}; podline=${token.slice(8)}`;
    assert.equal((await fetch(`${site.base}/api/v1/me`, { headers: { cookie } })).status, 401);
    // A bad token is not made good by a session beside it.
    const ada = await signedIn('ada');
    const both = await ada.api('/me', { headers: { authorization: 'Bearer podline_x' } });
    assert.equal(both.status, 401);
  });
});

describe('scopes', () => {
  const all: Grant = { role: 'editor' };
  it('meet in the lesser role and the lesser scope', () => {
    const meet = (a: Grant, b: Grant) => intersect([a], [b]);
    assert.deepEqual(meet(all, { role: 'viewer' }), [{ role: 'viewer' }]);
    assert.deepEqual(meet(all, { role: 'admin', dag: 'x' }), [{ role: 'editor', dag: 'x' }]);
    assert.deepEqual(meet({ role: 'viewer', tag: 't' }, { role: 'admin' }), [
      { role: 'viewer', tag: 't' },
    ]);
    assert.deepEqual(meet({ role: 'viewer', dag: 'x' }, { role: 'viewer', dag: 'y' }), []);
    assert.deepEqual(meet({ role: 'viewer', tag: 'x' }, { role: 'viewer', tag: 'y' }), []);
    assert.deepEqual(meet({ role: 'viewer', dag: 'x' }, { role: 'admin', tag: 't' }), [
      { role: 'viewer', dag: 'x', tag: 't' },
    ]);
    assert.deepEqual(intersect([], [all]), []);
  });

  it('meet in nothing where the roles have no right in common', () => {
    const deployer: Grant = { role: 'deployer', tag: 'etl' };
    assert.deepEqual(intersect([{ role: 'operator' }], [deployer]), []);
    assert.deepEqual(intersect([deployer], [{ role: 'viewer' }]), []);
    assert.deepEqual(intersect([all], [deployer]), [deployer]);
    assert.deepEqual(intersect([deployer], [all]), [deployer]);
    assert.deepEqual(intersect([{ role: 'admin', dag: 'x' }], [deployer]), [
      { role: 'deployer', dag: 'x', tag: 'etl' },
    ]);
    // Of two roles that make up a third one, each brings its own.
    assert.deepEqual(intersect([{ role: 'operator' }, { role: 'deployer' }], [all]), [
      { role: 'operator' },
      { role: 'deployer' },
    ]);
  });

  it('are covered by a grant that has all of them', () => {
    assert.ok(covers([all], { role: 'viewer', dag: 'x' }));
    assert.ok(covers([{ role: 'viewer', tag: 't' }], { role: 'viewer', tag: 't' }));
    assert.ok(!covers([{ role: 'viewer', tag: 't' }], { role: 'viewer' }));
    assert.ok(!covers([{ role: 'viewer', tag: 't' }], { role: 'viewer', dag: 't' }));
    assert.ok(!covers([all], { role: 'admin', dag: 'x' }));
  });

  it('of a deployer are covered by those who deploy, and cover no other role', () => {
    const deployer: Grant = { role: 'deployer' };
    assert.ok(covers([all], { role: 'deployer', tag: 't' }));
    assert.ok(covers([{ role: 'admin' }], deployer));
    assert.ok(!covers([{ role: 'editor', tag: 't' }], deployer));
    assert.ok(!covers([{ role: 'operator' }, { role: 'viewer' }], deployer));
    for (const role of ['viewer', 'operator', 'editor', 'admin'] as const) {
      assert.ok(!covers([deployer], { role, dag: 'x' }), role);
    }
  });

  it('show what a role that may look allows, and a deployer nothing', () => {
    const seen = (...grants: Grant[]) => visible({ kind: 'token', name: 'ci', userId: 1, grants });
    assert.deepEqual(seen({ role: 'viewer' }), EVERYTHING);
    assert.deepEqual(seen({ role: 'deployer' }), { all: false, dags: [], tags: [] });
    assert.deepEqual(
      seen({ role: 'deployer' }, { role: 'operator', dag: 'x' }, { role: 'deployer', tag: 't' }),
      { all: false, dags: ['x'], tags: [] },
    );
  });

  it('give each role its rights over its DAGs and no others', () => {
    const may = (grant: Grant) =>
      (['view', 'operate', 'deploy', 'edit', 'admin'] as const).filter((right) =>
        allows({ kind: 'user', name: 'x', userId: 1, grants: [grant] }, right, {
          dagId: 'x',
          tags: ['t'],
        }),
      );
    assert.deepEqual(may({ role: 'viewer' }), ['view']);
    assert.deepEqual(may({ role: 'operator', tag: 't' }), ['view', 'operate']);
    assert.deepEqual(may({ role: 'deployer', tag: 't' }), ['deploy']);
    assert.deepEqual(may({ role: 'deployer', tag: 'u' }), []);
    assert.deepEqual(may({ role: 'editor', dag: 'x' }), ['view', 'operate', 'deploy', 'edit']);
    assert.deepEqual(may({ role: 'admin' }), ['view', 'operate', 'deploy', 'edit', 'admin']);
  });
});
