/** What somebody sees who may look, and somebody who may operate one DAG alone: what they may not do is not offered. */
import assert from 'node:assert/strict';
import type { Browser, Page } from 'playwright-core';
import type { Grant } from '../../../src/model/access.ts';
import { triggerRun } from '../../../runtime/commands/trigger.ts';
import { launchBrowser, needBrowser } from '../chromium.ts';
import { makeUser, openSite, PASSWORD, type Site } from './browser.ts';
import { registerSamples } from './sampleDags.ts';

describe('pages for who may not do everything', function () {
  this.timeout(120_000);
  let browser: Browser;
  let site: Site;

  before(async function () {
    await needBrowser(this);
    browser = await launchBrowser();
    site = await openSite();
    await registerSamples(site.test.pool);
    // No scheduler is here: it stays queued.
    await triggerRun(site.test.pool, 'sales', { runId: 'waits' });
  });
  after(async () => {
    await browser.close();
    await site.close();
  });

  async function signedIn(name: string, grants: readonly Grant[]): Promise<Page> {
    await makeUser(site, name, grants);
    const context = await browser.newContext({ baseURL: site.base, reducedMotion: 'reduce' });
    const page = await context.newPage();
    await page.goto('/dags');
    await page.getByLabel('Name').fill(name);
    await page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByRole('link', { name: 'sales' }).waitFor();
    return page;
  }
  const buttons = async (page: Page) => {
    const all = await page.getByRole('main').getByRole('button').allTextContents();
    return all.map((text) => text.trim()).filter(Boolean);
  };
  const ACTIONS =
    /^(Trigger|Backfill|Cancel|More|Clear|Mark|Priority|New pool|New variable|Edit|Delete)$/;

  it('offer no action to a viewer', async () => {
    const page = await signedIn('vera', [{ role: 'viewer' }]);
    assert.equal(await page.getByRole('switch').first().isDisabled(), true);
    assert.equal(await page.getByRole('button', { name: /^Trigger a run/ }).count(), 0);
    for (const [where, text] of [
      ['/dags/sales', 'load'],
      ['/dags/sales/runs/waits', 'queued'],
      ['/pools', 'default_pool'],
      ['/variables', 'There are no variables'],
      ['/backfills', 'Backfills'],
    ] as const) {
      await page.goto(where);
      await page.getByRole('main').getByText(text).first().waitFor();
      assert.deepEqual(
        (await buttons(page)).filter((name) => ACTIONS.test(name)),
        [],
        where,
      );
    }
    for (const hidden of ['Users', 'Audit log']) {
      assert.equal(await page.getByRole('link', { name: hidden }).count(), 0, hidden);
    }
    await page.context().close();
  });

  it('offer to an operator of one DAG its actions, and show no other DAG', async () => {
    const page = await signedIn('otto', [{ role: 'operator', dag: 'sales' }]);
    assert.equal(await page.getByText('hidden').count(), 0);
    assert.equal(await page.getByRole('switch').isDisabled(), false);
    await page.goto('/dags/sales/runs/waits');
    await page.getByRole('button', { name: 'Cancel' }).waitFor();
    await page.goto('/pools');
    await page.getByRole('main').getByText('Pools').first().waitFor();
    assert.equal(await page.getByRole('button', { name: 'New pool' }).count(), 0);
    await page.goto('/dags/hidden');
    await page.getByText('Not found').first().waitFor();
    await page.context().close();
  });
});
