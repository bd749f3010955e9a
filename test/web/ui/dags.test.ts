/** The pages about DAGs in a real browser, before a real scheduler and database. */
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { podline } from '../../cli/podline.ts';
import { checkAccess, closeSite, openSite, openTab } from './browser.ts';

type Site = Awaited<ReturnType<typeof openSite>>;

const PAGES = {
  home: '/',
  DAGs: '/dags',
  runs: '/runs',
  grid: '/dags/hello',
  graph: '/dags/hello?tab=graph',
  calendar: '/dags/hello?tab=calendar',
  durations: '/dags/hello?tab=durations',
  code: '/dags/hello?tab=code',
};

/** All that loads is there. */
function settled(page: Page): Promise<void> {
  return page.locator('[aria-busy]').first().waitFor({ state: 'detached' });
}

describe('the pages about DAGs', function () {
  this.timeout(60_000);
  let site: Site;

  before(async function () {
    site = await openSite(this);
    const { home } = site;
    const ended = await podline(['dags', 'trigger', 'hello', '--watch'], { home });
    assert.equal(ended.code, 0, ended.stderr);
  });
  after(closeSite);

  for (const [name, address] of Object.entries(PAGES)) {
    for (const colorScheme of ['light', 'dark'] as const) {
      it(`${name} in ${colorScheme}: no complaint of the browser, no serious finding of axe`, async () => {
        const plain = await openTab(site, address, { colorScheme });
        await plain.page.getByRole('heading', { level: 1 }).waitFor();
        await settled(plain.page);
        assert.deepEqual(plain.complaints, []);
        await plain.page.context().close();
        const { page } = await openTab(site, address, { colorScheme, bypassCSP: true });
        await page.getByRole('heading', { level: 1 }).waitFor();
        await settled(page);
        await checkAccess(page);
        await page.context().close();
      });
    }
  }

  it('parts of the pages that an upgrade took away come with a new load', async () => {
    const { page } = await openTab(site, '/dags/hello');
    await page.getByTestId('grid').waitFor();
    await page.route(/\/assets\/CalendarTab-/, (route) => route.fulfill({ status: 404 }), {
      times: 1,
    });
    const loaded = page.waitForEvent('load');
    await page.getByRole('tab', { name: 'Calendar' }).click();
    await loaded;
    await page
      .getByRole('link', { name: /: \d+ success/ })
      .last()
      .waitFor();
    await page.context().close();
  });

  it('a search of the list stands in the address, and a reload shows the same', async () => {
    const { page } = await openTab(site, '/dags');
    await page.getByRole('textbox', { name: 'Search ids' }).fill('hell');
    await page.waitForURL(/q=hell/);
    await page.getByRole('link', { name: 'flights', exact: true }).waitFor({ state: 'detached' });
    await page.reload();
    await page.getByRole('link', { name: 'hello', exact: true }).waitFor();
    assert.equal(await page.getByRole('switch').count(), 1);
    await page.context().close();
  });

  it('g r and what Ctrl-K finds lead to other pages', async () => {
    const { page } = await openTab(site, '/');
    await page.getByRole('heading', { level: 1, name: 'Home' }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('r');
    await page.waitForURL(/\/runs/);
    await page.keyboard.press('Control+k');
    await page.getByPlaceholder('DAG or page').fill('fligh');
    await page.getByRole('button', { name: /^flights/ }).click();
    await page.waitForURL(/\/dags\/flights/);
    await page.context().close();
  });

  it('a run that somebody starts shows by itself', async () => {
    const { page } = await openTab(site, '/runs?dagId=hello');
    const runs = page.getByRole('row');
    await page.getByRole('img', { name: /^Live/ }).waitFor();
    await runs.nth(1).waitFor();
    const before = await runs.count();
    await podline(['dags', 'trigger', 'hello'], { home: site.home });
    await runs.nth(before).waitFor();
    await page.context().close();
  });

  it('the grid says in words what the arrow keys mark', async () => {
    const { page } = await openTab(site, '/dags/hello');
    const grid = page.getByTestId('grid');
    await grid.focus();
    const words = page.getByTestId('grid-words');
    const first = await words.textContent();
    assert.match(first ?? '', /^count .*: success, in /);
    await page.keyboard.press('ArrowDown');
    await words.filter({ hasText: /^report .* in / }).waitFor();
    await page.context().close();
  });

  it('the graph is laid out in a worker and shows the states of the last run', async () => {
    const { page, complaints } = await openTab(site, '/dags/hello?tab=graph');
    await page.getByRole('button', { name: 'count: success' }).waitFor();
    await page.getByRole('button', { name: 'report: success' }).click();
    await page.waitForURL(/task=report/);
    assert.deepEqual(complaints, []);
    await page.context().close();
  });

  it('a day of the calendar leads to its runs, and back to all of them', async () => {
    const { page } = await openTab(site, '/dags/hello?tab=calendar');
    await page
      .getByRole('link', { name: /: \d+ success/ })
      .last()
      .click();
    await page.waitForURL(/tab=runs&day=\d{4}-\d\d-\d\d/);
    await page.getByRole('row').nth(1).waitFor();
    await page.goto(page.url().replace(/day=.*/, 'day=2020-02-29'));
    await page.getByText('No runs here').waitFor();
    await page.getByRole('button', { name: /^Runs of all days/ }).click();
    await page.getByRole('row').nth(1).waitFor();
    await page.context().close();
  });
});
