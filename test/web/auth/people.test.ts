/** Users: the first one by a link, others by an administrator, and the commands that do the same. */
import assert from 'node:assert/strict';
import { VirtualClock } from '../../../runtime/testing/virtualClock.ts';
import { podline, startPodline } from '../../cli/podline.ts';
import { testDatabase } from '../../../runtime/testing/database.ts';
import { auditRows, Browser, codeOf, makeUser, openSite, PASSWORD, type Site } from './browser.ts';

const secretOf = (link: string) => new URL(link).hash.slice(1);

describe('the first administrator', function () {
  this.timeout(60_000);

  it('is made by the link in the log, once, and no default password works', async () => {
    const test = await testDatabase();
    const env = { PODLINE_DATABASE_URL: test.url, PODLINE_PORT: '0', PODLINE_DRAIN_SECONDS: '0' };
    // Two webservers, as in a cluster: each says a link of its own.
    const servers = [startPodline(['web'], { env }), startPodline(['web'], { env })];
    try {
      const links: string[] = [];
      for (const server of servers) {
        const [, link = ''] = await server.sees(/"link":"([^"]+)"/);
        links.push(link);
      }
      const [first = '', second = ''] = links;
      assert.match(first, /^http:\/\/localhost:\d+\/welcome#[\w-]{43}$/);
      const browser = new Browser(new URL(first).origin);
      for (const password of ['admin', 'podline', 'password', '']) {
        const answer = await browser.signIn('admin', password);
        assert.ok([400, 401].includes(answer.status));
      }
      const post = (path: string, body: unknown) => browser.api(path, { method: 'POST', body });
      const read = await post('/auth/link/read', { secret: secretOf(first) });
      assert.deepEqual(await read.json(), { name: null });
      const weak = { secret: secretOf(first), name: 'root', password: 'password123' };
      assert.equal(await codeOf(await post('/auth/link', weak)), 'auth.bad_password');
      const bad = { secret: secretOf(first), name: 'a b', password: PASSWORD };
      assert.equal(await codeOf(await post('/auth/link', bad)), 'user.bad_name');
      const use = { secret: secretOf(first), name: 'root', password: PASSWORD };
      assert.equal((await post('/auth/link', use)).status, 204);
      const me = (await (await browser.api('/me')).json()) as { name: string; grants: unknown };
      assert.equal(me.name, 'root');
      assert.deepEqual(me.grants, [{ role: 'admin' }]);
      // The same link again, and the other one, are void.
      for (const link of [first, second]) {
        const again = { secret: secretOf(link), name: 'second', password: PASSWORD };
        const answer = await post('/auth/link', again);
        assert.equal(answer.status, 404);
        assert.equal(await codeOf(answer), 'auth.bad_link');
      }
      const third = startPodline(['web'], { env });
      await third.sees(/webserver started/);
      third.child.kill('SIGTERM');
      await third.ended;
      assert.doesNotMatch(third.all(), /"link"/);
    } finally {
      for (const { child } of servers) child.kill('SIGTERM');
      await Promise.all(servers.map(({ ended }) => ended));
      await test.drop();
    }
  });

  it('is one, however many use links at the same time', async () => {
    const site = await openSite();
    try {
      const { offerFirstLink } = await import('../../../runtime/web/auth/firstLink.ts');
      const links: string[] = [];
      const log = {
        info: () => undefined,
        error: () => undefined,
        warn: ({ link }: { link?: string }) => void links.push(link ?? ''),
      };
      const { signal } = new AbortController();
      await offerFirstLink(site.test.pool, site.base, log, signal);
      await offerFirstLink(site.test.pool, site.base, log, signal);
      const answers = await Promise.all(
        [0, 1, 0, 1].map((index, number) =>
          new Browser(site.base).api('/auth/link', {
            method: 'POST',
            body: {
              secret: secretOf(links[index] ?? ''),
              name: `admin-${number}`,
              password: PASSWORD,
            },
          }),
        ),
      );
      assert.deepEqual(answers.map(({ status }) => status).sort(), [204, 404, 404, 404]);
      const { rows } = await site.test.pool.query('SELECT FROM podline.user');
      assert.equal(rows.length, 1);
    } finally {
      await site.close();
    }
  });
});

describe('users', function () {
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

  const add = async (name: string, grants: unknown[] = []) => {
    const answer = await ada.api('/users', { method: 'POST', body: { name, grants } });
    assert.equal(answer.status, 200, await answer.clone().text());
    return (await answer.json()) as { user: { userId: number }; link: string };
  };
  const setPassword = (link: string, password = PASSWORD) =>
    new Browser(site.base).api('/auth/link', {
      method: 'POST',
      body: { secret: secretOf(link), password },
    });

  it('are added with a link that only they use', async () => {
    const { link, user } = await add('grace', [{ role: 'viewer' }, { role: 'editor', tag: 'bi' }]);
    assert.equal((await new Browser(site.base).signIn('grace', '')).status, 400);
    assert.equal((await new Browser(site.base).signIn('grace', PASSWORD)).status, 401);
    assert.equal((await setPassword(link)).status, 204);
    assert.equal((await setPassword(link, 'another good password')).status, 404);
    const grace = new Browser(site.base);
    assert.equal((await grace.signIn('GRACE')).status, 204, 'names are known in any case');
    const { items } = (await (await ada.api('/users')).json()) as { items: { userId: number }[] };
    const shown = items.find(({ userId }) => userId === user.userId);
    assert.ok(shown);
    assert.deepEqual(
      { ...shown, createdAt: '', signedInAt: '' },
      {
        userId: user.userId,
        name: 'grace',
        provider: null,
        hasPassword: true,
        disabled: false,
        grants: [{ role: 'viewer' }, { role: 'editor', tag: 'bi' }],
        groups: [],
        groupGrants: [],
        createdAt: '',
        signedInAt: '',
      },
    );
    assert.ok(!JSON.stringify(items).includes('argon2'));
  });

  it('have names that nobody can mistake for another', async () => {
    for (const name of ['ADA', 'Ada']) {
      const answer = await ada.api('/users', { method: 'POST', body: { name } });
      assert.equal(await codeOf(answer), 'user.exists');
    }
    for (const name of [
      'аda',
      'ada ',
      'ada\u200b',
      '../ada',
      '<b>',
      'a'.repeat(101),
      "a';--",
      '@a',
      '',
    ]) {
      const answer = await ada.api('/users', { method: 'POST', body: { name } });
      assert.equal(answer.status, 400, name);
    }
  });

  it('get a new link when they ask for it, and old ones and old sessions end', async () => {
    const { link, user } = await add('henry', [{ role: 'viewer' }]);
    const again = await ada.api(`/users/${user.userId}/link`, { method: 'POST' });
    const fresh = ((await again.json()) as { link: string }).link;
    assert.equal((await setPassword(link)).status, 404);
    assert.equal((await setPassword(fresh)).status, 204);
    const henry = new Browser(site.base);
    await henry.signIn('henry');
    const third = await ada.api(`/users/${user.userId}/link`, { method: 'POST' });
    assert.equal((await henry.api('/me')).status, 200, 'a link alone changes nothing');
    await setPassword(((await third.json()) as { link: string }).link, 'kestrel over moss');
    assert.equal((await henry.api('/me')).status, 401);
  });

  it('are deleted with their sessions and tokens; the audit log stays', async () => {
    const { link, user } = await add('ivan', [{ role: 'viewer' }]);
    await setPassword(link);
    const ivan = new Browser(site.base);
    await ivan.signIn('ivan');
    assert.equal((await ada.api(`/users/${user.userId}`, { method: 'DELETE' })).status, 204);
    assert.equal((await ivan.api('/me')).status, 401);
    assert.equal((await ada.api(`/users/${user.userId}`, { method: 'DELETE' })).status, 404);
    const subjects = (await auditRows(site, 'user.add')).map(({ subject }) => subject);
    assert.ok(subjects.includes('ivan'));
    await assert.rejects(site.test.pool.query('DELETE FROM podline.audit'), /neither changed nor/);
    await assert.rejects(site.test.pool.query(`UPDATE podline.audit SET actor = 'x'`), /neither/);
  });

  it('cannot take their own rights away', async () => {
    for (const [method, body] of [
      ['PATCH', { disabled: true }],
      ['PATCH', { grants: [] }],
      ['DELETE', undefined],
    ] as const) {
      const answer = await ada.api('/users/1', { method, ...(body && { body }) });
      assert.equal(answer.status, 409);
      assert.equal(await codeOf(answer), 'refused.user');
    }
    assert.equal((await ada.api('/users')).status, 200);
  });
});

describe('links', function () {
  this.timeout(60_000);

  it('end after a day', async () => {
    const site = await openSite();
    try {
      const start = new Date('2026-05-01T08:00:00Z');
      const clock = await VirtualClock.install(site.test.pool, start);
      await makeUser(site, 'ada', [{ role: 'admin' }]);
      const ada = new Browser(site.base);
      await ada.signIn('ada');
      const made = await ada.api('/users', { method: 'POST', body: { name: 'late' } });
      const { link } = (await made.json()) as { link: string };
      const read = () =>
        new Browser(site.base).api('/auth/link/read', {
          method: 'POST',
          body: { secret: secretOf(link) },
        });
      await clock.set(new Date(start.getTime() + 86_399_000));
      assert.deepEqual(await (await read()).json(), { name: 'late' });
      await clock.set(new Date(start.getTime() + 86_401_000));
      assert.equal((await read()).status, 404);
    } finally {
      await site.close();
    }
  });
});

describe('podline users and tokens', function () {
  this.timeout(120_000);

  it('do what the pages do, for who holds the database', async () => {
    const site = await openSite();
    const run = async (...args: string[]) => podline(args, { url: site.test.url });
    try {
      const added = await run('users', 'add', 'grace', '--role', 'viewer');
      assert.equal(added.code, 0, added.stderr);
      const [link = ''] = /http:\S+#[\w-]{43}/.exec(added.stdout) ?? [];
      const browser = new Browser(site.base);
      const body = { secret: secretOf(link), password: PASSWORD };
      assert.equal((await browser.api('/auth/link', { method: 'POST', body })).status, 204);

      assert.equal((await run('users', 'grant', 'grace', 'editor', '--tag', 'bi')).code, 0);
      const token = await run('tokens', 'create', 'ci', '--user', 'grace', '--role', 'viewer');
      assert.match(token.stdout, /^podline_[\w-]{43}\n$/);
      const headers = { authorization: `Bearer ${token.stdout.trim()}` };
      const me = () => fetch(`${site.base}/api/v1/me`, { headers });
      assert.equal((await me()).status, 200);
      const wide = await run('tokens', 'create', 'x', '--user', 'grace', '--role', 'admin');
      assert.equal(wide.code, 5);
      assert.equal(
        (await run('tokens', 'create', 'x', '--user', 'who', '--role', 'viewer')).code,
        3,
      );

      const create = ['tokens', 'create', 'two', '--user', 'grace', '--json'];
      const two = await run(...create, '--role', 'viewer', '--role', 'editor', '--tag', 'bi');
      assert.equal(two.code, 0, two.stderr);
      const places = await run(...create, '--role', 'viewer:dag=x', '--role', 'deployer:tag=bi');
      assert.equal(places.code, 0, places.stderr);
      // The options are the place of those that say none.
      const both = ['--role', 'deployer:tag=bi', '--role', 'viewer', '--dag', 'x'];
      const mixed = await run(...create, ...both);
      assert.equal(mixed.code, 0, mixed.stderr);
      const twice = await run(...create.slice(0, -1), '--role', 'viewer:dag=x', '--dag', 'y');
      assert.match(twice.stderr, /says its place already[\s\S]*`podline tokens create --help`/);
      for (const bad of [
        ['--role', 'viewer', '--role', 'admin:tag=bi'],
        ['--role', 'viewer:dag=x', '--dag', 'y'],
        ['--role', 'viewer:run=x'],
        [],
      ]) {
        const { code } = await run(...create, ...bad);
        assert.equal(code, bad[3] === 'admin:tag=bi' ? 5 : 2, bad.join(' '));
      }
      const made = JSON.parse((await run('tokens', 'list', '--json')).stdout) as {
        tokenId: number;
        name: string;
        scopes: object[];
      }[];
      const ofTwo = made.filter(({ name }) => name === 'two');
      assert.deepEqual(
        ofTwo.map(({ scopes }) => scopes),
        [
          [
            { role: 'viewer', tag: 'bi' },
            { role: 'editor', tag: 'bi' },
          ],
          [
            { role: 'viewer', dag: 'x' },
            { role: 'deployer', tag: 'bi' },
          ],
          [
            { role: 'deployer', tag: 'bi' },
            { role: 'viewer', dag: 'x' },
          ],
        ],
      );
      for (const { tokenId } of ofTwo) await run('tokens', 'revoke', String(tokenId));

      const users = JSON.parse((await run('users', 'list', '--json')).stdout) as object[];
      assert.equal(users.length, 1);
      assert.doesNotMatch(JSON.stringify(users), /argon2/);
      const tokens = JSON.parse((await run('tokens', 'list', '--json')).stdout) as {
        tokenId: number;
      }[];
      assert.equal(tokens.length, 1);
      const id = String(tokens[0]?.tokenId);
      assert.equal((await run('tokens', 'revoke', id)).code, 0);
      assert.equal((await run('tokens', 'revoke', id)).code, 3);
      assert.equal((await me()).status, 401);

      assert.equal(
        (await run('users', 'grant', 'grace', 'editor', '--tag', 'bi', '--remove')).code,
        0,
      );
      assert.equal(
        (await run('users', 'grant', 'grace', 'editor', '--tag', 'bi', '--remove')).code,
        5,
      );
      assert.equal((await run('users', 'disable', 'grace')).code, 0);
      assert.equal((await browser.api('/me')).status, 401);
      assert.equal((await run('users', 'enable', 'grace')).code, 0);
      assert.equal((await browser.signIn('grace')).status, 204);
      assert.equal((await run('users', 'grant', 'grace', 'king')).code, 2);
      assert.equal((await run('users', 'add', 'grace')).code, 5);
    } finally {
      await site.close();
    }
  });
});
