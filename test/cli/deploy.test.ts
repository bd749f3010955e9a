/** `podline deploy` against a real webserver: with a token alone, the changes shown before anything is done. */
import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { auditRows, Browser, makeUser, openSite, type Site } from '../web/auth/browser.ts';
import { podline } from './podline.ts';

const source = (schedule: string, tag = 'etl') => `import { bash, dag } from 'podline/dag';
const tags = ['${tag}'];
export const one = dag('one', { schedule: ${schedule}, startDate: '2026-01-01', tags }, (d) => {
  d.task('load', bash({ script: 'true' }));
});
`;

describe('podline deploy', function () {
  this.timeout(120_000);
  let site: Site;
  let folder: string;
  let token: string;
  before(async () => {
    site = await openSite();
    await makeUser(site, 'ed', [{ role: 'editor' }]);
    const browser = new Browser(site.base);
    assert.equal((await browser.signIn('ed')).status, 204);
    const body = { name: 'ci', scopes: [{ role: 'editor' }] };
    const made = await browser.api('/tokens', { method: 'POST', body });
    ({ token } = (await made.json()) as { token: string });
    // Inside the project, where the DAG file finds the package.
    const place = path.resolve(import.meta.dirname, '../../.podline');
    await fs.mkdir(place, { recursive: true });
    folder = await fs.mkdtemp(path.join(place, 'deploy-'));
    await fs.writeFile(path.join(folder, 'one.ts'), source('null'));
  });
  after(async () => {
    await site.close();
    await fs.rm(folder, { recursive: true });
  });

  const run = (args: string[], env: Record<string, string> = {}) =>
    podline(['deploy', folder, '--name', 'team', ...args], {
      env: { PODLINE_SERVER: site.base, PODLINE_API_TOKEN: token, ...env },
    });
  const known = async () => {
    const { rows } = await site.test.pool.query<{ owner: string }>(
      `SELECT managed_by AS owner FROM podline.dag WHERE dag_id = 'one'`,
    );
    return rows.map(({ owner }) => owner);
  };

  it('asks nobody where nobody is, and then does nothing', async () => {
    const { code, stdout, stderr } = await run([]);
    assert.equal(code, 2, stderr);
    assert.match(stdout, /^\+ one \(new\)/);
    assert.match(stderr, /--yes/);
    assert.deepEqual(await known(), []);
  });

  it('deploys, and says what is different from then on', async () => {
    const first = await run(['--yes']);
    assert.equal(first.code, 0, first.stderr);
    assert.match(first.stdout, /^one is at version 1\.$\n.*managed by api:team/m);
    assert.deepEqual(await known(), ['api:team']);
    assert.equal((await auditRows(site, 'deploy')).at(-1)?.actor, 'ed (token ci)');
    assert.match((await run(['--yes'])).stdout, /Nothing changes/);
    await fs.writeFile(path.join(folder, 'one.ts'), source("'0 6 * * *'"));
    const second = await run(['--dry-run']);
    assert.match(second.stdout, /~ one \(changed\)\n {4}schedule: none => "0 6 \* \* \*"/);
  });

  it('is all that a token of a deployer can do, and for its tag alone', async () => {
    const [owner] = (
      await site.test.pool.query<{ name: string }>(`SELECT name FROM podline.user LIMIT 1`)
    ).rows;
    const made = await podline(
      ['tokens', 'create', 'etl', '--user', owner!.name, '--role', 'deployer:tag=etl'],
      { url: site.test.url },
    );
    assert.equal(made.code, 0, made.stderr);
    const mine = { PODLINE_API_TOKEN: made.stdout.trim() };
    await fs.writeFile(path.join(folder, 'one.ts'), source("'0 7 * * *'"));
    const done = await run(['--yes'], mine);
    assert.equal(done.code, 0, done.stderr);
    assert.equal((await auditRows(site, 'deploy')).at(-1)?.actor, 'ed (token etl)');
    // Neither out of the tag, nor into it.
    await fs.writeFile(path.join(folder, 'one.ts'), source("'0 7 * * *'", 'finance'));
    const away = await run(['--yes'], mine);
    assert.equal(away.code, 5, away.stderr);
    assert.match(away.stderr, /auth\.forbidden/);
    assert.equal((await run(['--yes'])).code, 0);
    await fs.writeFile(path.join(folder, 'one.ts'), source("'0 8 * * *'"));
    assert.equal((await run(['--yes'], mine)).code, 5);
    for (const [args, code] of [
      [['dags', 'show', 'one'], 3],
      [['dags', 'trigger', 'one'], 3],
      [['dags', 'pause', 'one'], 3],
      [['pools', 'list'], 5],
      [['variables', 'list'], 5],
    ] as const) {
      const env = { PODLINE_SERVER: site.base, ...mine };
      const refused = await podline([...args], { env });
      assert.equal(refused.code, code, `${args.join(' ')}: ${refused.stdout}${refused.stderr}`);
    }
  });

  it('goes through a webserver alone, whatever database the environment names', async () => {
    for (const place of [
      ['--database', 'postgres://127.0.0.1:1/x'],
      ['--home', folder],
    ]) {
      const { code, stderr } = await run(['--dry-run', ...place]);
      assert.equal(code, 2, stderr);
      assert.match(stderr, /leave out --database and --home[\s\S]*`podline deploy --help`/);
    }
    const env = { PODLINE_DATABASE_URL: 'postgres://127.0.0.1:1/x' };
    const bad = await run(['--dry-run'], { ...env, PODLINE_SERVER: 'podline.example' });
    assert.equal(bad.code, 2, bad.stderr);
    assert.match(bad.stderr, /PODLINE_SERVER "podline\.example" is no address/);
    const good = await run(['--dry-run'], { ...env, PODLINE_SERVER: `${site.base}/` });
    assert.equal(good.code, 0, good.stderr);
  });

  it('tells what the webserver refuses, and that none is there', async () => {
    const refused = await run(['--yes'], { PODLINE_API_TOKEN: `podline_${'A'.repeat(43)}` });
    assert.equal(refused.code, 5, refused.stderr);
    assert.match(refused.stderr, /does not take this API token[\s\S]*remote\.no_token/);
    const nobody = await run(['--yes', '--server', 'http://127.0.0.1:1']);
    assert.equal(nobody.code, 4, nobody.stderr);
    assert.match(nobody.stderr, /remote\.unreachable/);
  });
});
