/** The pages of signing in, in a real browser: the first administrator, a second user, tokens, the provider, and the end of a session. */
import assert from 'node:assert/strict';
import path from 'node:path';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { openLog } from '../../../runtime/observe/log.ts';
import { offerFirstLink } from '../../../runtime/web/auth/firstLink.ts';
import { launchBrowser, needBrowser } from '../chromium.ts';
import { openSite, PASSWORD, type Site } from './browser.ts';
import { TestProvider } from './provider.ts';

const SHOTS = process.env.PODLINE_TEST_SHOTS;

describe('the pages of signing in', function () {
  this.timeout(120_000);
  let browser: Browser;
  let site: Site;
  let provider: TestProvider;
  let page: Page;
  const troubles: string[] = [];
  const closing: (() => Promise<unknown>)[] = [];

  before(async function () {
    await needBrowser(this);
    browser = await launchBrowser();
    closing.push(() => browser.close());
    const redirect = 'http://localhost:18482/api/v1/auth/oidc/callback';
    provider = await TestProvider.start([redirect]);
    closing.push(() => provider.stop());
    const groupRoles = new Map([['data', [{ role: 'viewer' as const }]]]);
    site = await openSite({ oidc: provider.settings({ groupRoles }) }, 18_482);
    closing.push(() => site.close());
    page = await newPage();
  });
  after(async () => {
    for (const close of closing.reverse()) await close();
  });

  async function newPage(): Promise<Page> {
    const context = await browser.newContext({ baseURL: site.base, reducedMotion: 'reduce' });
    const fresh = await context.newPage();
    fresh.on('pageerror', (error) => troubles.push(error.message));
    fresh.on('console', (message) => {
      if (/Content.Security.Policy/i.test(message.text())) troubles.push(message.text());
    });
    return fresh;
  }

  /** Nothing that WCAG AA objects to; with PODLINE_TEST_SHOTS a picture for people. */
  async function look(at: Page, name: string): Promise<void> {
    if (SHOTS !== undefined) await at.screenshot({ path: path.join(SHOTS, `${name}.png`) });
    // The policy of the pages lets no script in that is not ours: the one of the test comes by the debugger.
    await at.evaluate(axe.source);
    const problems = await at.evaluate<string[]>(`
      axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] }).then(({ violations }) =>
        violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join(' ')))`);
    assert.deepEqual(problems, [], name);
  }

  it('make the first administrator by the link', async () => {
    let link = '';
    const log = {
      ...openLog('silent'),
      warn: (fields: { link?: string }) => (link = fields.link ?? ''),
    };
    await offerFirstLink(site.test.pool, site.base, log, new AbortController().signal);
    await page.goto(link);
    await page.getByText('You become the first administrator').waitFor();
    await page.getByLabel('Name').fill('ada');
    const save = page.getByRole('button', { name: 'Set the password' });
    await page.getByLabel('New password', { exact: true }).fill('password123');
    await page.getByLabel('The same again').fill('password123');
    await page.getByText('everybody tries first').waitFor();
    assert.ok(await save.isDisabled());
    await page.getByLabel('New password', { exact: true }).fill(PASSWORD);
    await page.getByLabel('The same again').fill(PASSWORD);
    await look(page, 'welcome');
    await save.click();
    await page.getByRole('button', { name: 'Account of ada' }).waitFor();
    // Once more: it is used.
    const other = await newPage();
    await other.goto(link);
    await other.getByText('was used already').waitFor();
    await other.context().close();
  });

  it('add a user, whose link works in another browser', async () => {
    await page.getByRole('button', { name: 'Account of ada' }).click();
    await page.getByRole('menuitem', { name: 'Users' }).click();
    await page.getByRole('button', { name: 'Add a user' }).click();
    await page.getByLabel('Name').fill('grace');
    await page.getByLabel('Role', { exact: true }).selectOption('operator');
    await page.getByLabel('Where it counts').selectOption('tag');
    await page.getByLabel('Tag', { exact: true }).fill('finance');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    const link = (await page.locator('pre').textContent()) ?? '';
    await look(page, 'users-link');
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByText('operator of tag finance').waitFor();
    await look(page, 'users');
    const grace = await newPage();
    await grace.goto(link);
    await grace.getByLabel('New password', { exact: true }).fill(PASSWORD);
    await grace.getByLabel('The same again').fill(PASSWORD);
    await grace.getByRole('button', { name: 'Set the password' }).click();
    await grace.getByRole('button', { name: 'Account of grace' }).click();
    assert.equal(await grace.getByRole('menuitem', { name: 'Users' }).count(), 0);
    await grace.context().close();
  });

  it('make a token that works, show it once, and revoke it', async () => {
    await page.getByRole('button', { name: 'Account of ada' }).click();
    await page.getByRole('menuitem', { name: 'API tokens' }).click();
    await page.getByText('No tokens').waitFor();
    // A menu that is on its way out is empty already, and no menu any more.
    await page.getByRole('menu').waitFor({ state: 'detached' });
    await look(page, 'tokens-empty');
    await page.getByRole('button', { name: 'New token' }).click();
    await page.getByLabel('What it is for').fill('nightly export');
    await look(page, 'tokens-new');
    await page.getByRole('button', { name: 'Make the token' }).click();
    const token = (await page.locator('pre', { hasText: /podline_\S{43}/ }).textContent()) ?? '';
    const ask = () =>
      fetch(`${site.base}/api/v1/me`, { headers: { authorization: `Bearer ${token}` } });
    assert.equal((await ask()).status, 200);
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByText('nightly export').waitFor();
    assert.ok(!(await page.content()).includes(token));
    await look(page, 'tokens');
    await page.getByRole('button', { name: 'Revoke' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    await page.getByText('No tokens').waitFor();
    assert.equal((await ask()).status, 401);
  });

  it('make a token that deploys the DAGs of a tag and does nothing else', async () => {
    await page.getByRole('button', { name: 'New token' }).click();
    await page.getByLabel('What it is for').fill('ci');
    await page.getByLabel('Role', { exact: true }).selectOption('deployer');
    await page.getByLabel('Where it counts').selectOption('tag');
    const make = page.getByRole('button', { name: 'Make the token' });
    assert.ok(await make.isDisabled());
    await page.getByLabel('Tag', { exact: true }).fill('etl');
    await look(page, 'tokens-deployer');
    await make.click();
    const token = (await page.locator('pre', { hasText: /podline_\S{43}/ }).textContent()) ?? '';
    const ask = (path: string) =>
      fetch(`${site.base}/api/v1${path}`, { headers: { authorization: `Bearer ${token}` } });
    const { grants } = (await (await ask('/me')).json()) as { grants: object[] };
    assert.deepEqual(grants, [{ role: 'deployer', tag: 'etl' }]);
    assert.equal((await ask('/overview')).status, 403);
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByText('deployer of tag etl').waitFor();
  });

  it('lead to the sign-in page when a session is over, and back to where one was', async () => {
    await site.test.pool.query('DELETE FROM podline.session');
    await page.goto('/users?from=here');
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await page.getByRole('link', { name: 'Continue with Example' }).waitFor();
    await look(page, 'sign-in');
    await page.getByLabel('Name').fill('ada');
    await page.getByLabel('Password', { exact: true }).fill('wrong wrong wrong');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByText('The name or the password is wrong.').waitFor();
    await look(page, 'sign-in-wrong');
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Users' }).waitFor();
    assert.equal(new URL(page.url()).search, '?from=here');
  });

  it('sign in by the provider, and out', async () => {
    provider.person = { sub: 's-lin', email: 'lin@example.org', groups: ['data'] };
    const lin = await newPage();
    await lin.goto('/sign-in?error=auth.no_role');
    await lin.getByText('You are known, but have no role here').waitFor();
    await lin.getByRole('link', { name: 'Continue with Example' }).click();
    await lin.locator('input[name=login]').fill('s-lin');
    await lin.locator('input[name=password]').fill('any');
    await lin.locator('button[type=submit]').click();
    await lin.locator('button[type=submit]').click();
    await lin.getByRole('button', { name: 'Account of lin@example.org' }).click();
    await lin.getByRole('menuitem', { name: 'Sign out', exact: true }).click();
    await lin.getByRole('heading', { name: 'Sign in' }).waitFor();
    assert.equal(await lin.evaluate(async () => (await fetch('/api/v1/me')).status), 401);
    await lin.context().close();
  });

  it('lead nowhere else than to pages of ours', async () => {
    const other = await newPage();
    await other.goto('/sign-in?to=//evil.example/');
    await other.getByLabel('Name').fill('ada');
    await other.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await other.getByRole('button', { name: 'Sign in', exact: true }).click();
    await other.getByRole('button', { name: 'Account of ada' }).waitFor();
    assert.equal(new URL(other.url()).host, `localhost:${site.web.port}`);
    await other.context().close();
  });

  it('fit on a phone and in the dark', async () => {
    const context = await browser.newContext({
      baseURL: site.base,
      colorScheme: 'dark',
      viewport: { width: 375, height: 720 },
      reducedMotion: 'reduce',
    });
    const phone = await context.newPage();
    await phone.goto('/sign-in');
    await phone.getByRole('link', { name: 'Continue with Example' }).waitFor();
    await look(phone, 'sign-in-phone');
    const overflow = await phone.evaluate<number>(
      'document.documentElement.scrollWidth - window.innerWidth',
    );
    assert.ok(overflow <= 0);
    await context.close();
  });

  it('met no error and no refusal by their own policy', () => {
    assert.deepEqual(troubles, []);
  });
});
