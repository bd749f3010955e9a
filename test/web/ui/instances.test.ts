/** The row of a mapped task opens: 3,000 instances by mouse, keyboard and phone, while they run. */
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { checkAccess } from './browser.ts';
import { type LargeSite, look, openLargeSite } from './largeSite.ts';

const GRID = '[data-testid="grid-words"]:not(:empty)';
const OPEN = '/dags/fan?instances=files.load';
const ROW = '[aria-label="Instances"] [role="row"] a';

describe('instances of a mapped task', function () {
  this.timeout(60_000);
  let site: LargeSite;

  before(async function () {
    site = await openLargeSite(this, true);
  });
  after(() => site.close());

  /** The link of an instance, in view. */
  const row = (page: Page, index: number) =>
    page.getByRole('link', { name: `files.load[${index}]`, exact: true });
  const words = (page: Page, pattern: RegExp) =>
    page.getByTestId('grid-words').filter({ hasText: pattern }).waitFor();
  const panel = (page: Page) => page.getByRole('region', { name: 'Instances of files.load' });
  const hasFocus = (page: Page, selector: string) =>
    page.waitForFunction(
      (wanted) =>
        (
          globalThis as unknown as { document: { activeElement: { matches(s: string): boolean } } }
        ).document.activeElement.matches(wanted),
      selector,
    );

  /** One instance of the newest run becomes another, as by a scheduler. */
  const become = (index: number, state: string) =>
    site.database.query(
      `WITH r AS (UPDATE podline.run SET seq = seq + 1 WHERE run_id = 'fan_30' RETURNING id)
       UPDATE podline.task_instance t SET state = $2 FROM r
        WHERE t.run_id = r.id AND t.task_id = 'files.load' AND t.map_index = $1`,
      [index, state],
    );

  it('open with Enter on the row, follow the keyboard from run to run, and close again', async () => {
    const { page } = await look(site, '/dags/fan', GRID);
    await page.getByTestId('grid').focus();
    for (let n = 0; n < 2; n += 1) await page.keyboard.press('ArrowDown');
    await words(page, /^files\.load \(bash\): failed/);
    await page.keyboard.press('Enter');
    await page.waitForURL(/instances=files\.load/);
    await row(page, 0).waitFor();
    await panel(page).getByRole('link', { name: 'fan_30' }).waitFor();
    await panel(page).getByRole('button', { name: '8 failed' }).waitFor();
    await page.keyboard.press('ArrowLeft');
    await panel(page).getByRole('link', { name: 'fan_29' }).waitFor();
    await panel(page).getByRole('button', { name: '15 failed' }).waitFor();
    await page.keyboard.press('Enter');
    await panel(page).waitFor({ state: 'detached' });
    // On its name it opens, too, and Escape leads back.
    await page.keyboard.press('Home');
    await words(page, /^files\.load \(bash\), mapped/);
    await page.keyboard.press('Enter');
    await row(page, 0).focus();
    await page.keyboard.press('Escape');
    await panel(page).waitFor({ state: 'detached' });
    await hasFocus(page, '[data-testid="grid"]');
    await page.context().close();
  });

  it('are any of 3,000 with one question and few rows; the keyboard goes through them to their page', async () => {
    const { page, answers } = await look(site, OPEN, ROW);
    const list = answers.filter(({ path }) => path.includes('/tasks'));
    assert.deepEqual(
      list.map(({ path }) => path),
      ['/dags/fan/runs/fan_30/tasks?taskId=files.load&fromMapIndex=-1&limit=50'],
    );
    const asked: string[] = [];
    page.on('request', (request) => {
      const { pathname, searchParams } = new URL(request.url());
      if (pathname.endsWith('/tasks')) asked.push(searchParams.get('fromMapIndex') ?? '');
    });
    await page.getByLabel('Go to the instance with this number').fill('2777');
    await page.keyboard.press('Enter');
    await hasFocus(page, '[data-index="2777"] a');
    assert.ok(asked.length <= 2, asked.join());
    assert.ok((await page.locator(ROW).count()) < 60);
    await page.keyboard.press('End');
    await hasFocus(page, '[data-index="2999"] a');
    await page.keyboard.press('ArrowUp');
    await hasFocus(page, '[data-index="2998"] a');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/dags/fan/runs/fan_30/tasks/files.load/2998');
    await page.getByRole('heading', { level: 1 }).waitFor();
    // Back shows the same place.
    await page.goBack();
    await row(page, 2998).waitFor();
    await page.context().close();
  });

  it('are gone to once: another run or state begins at its first, and takes the focus from nobody', async () => {
    const { page } = await look(site, OPEN, ROW);
    const goTo = async (index: number) => {
      await page.getByLabel('Go to the instance with this number').fill(String(index));
      await page.keyboard.press('Enter');
      await hasFocus(page, `[data-index="${index}"] a`);
    };
    const begins = (run: string) =>
      page.locator(`[data-index="0"] a[href*="/runs/${run}/"]`).waitFor();
    const stays = (selector: string) => page.locator(`${selector}:focus`).waitFor();
    const chip = (name: string) => panel(page).getByRole('button', { name });
    await goTo(500);
    await page.getByTestId('grid').focus();
    for (let n = 0; n < 2; n += 1) await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowLeft');
    await begins('fan_29');
    await stays('[data-testid="grid"]');
    await page.keyboard.press('ArrowRight');
    await begins('fan_30');
    await stays('[data-testid="grid"]');
    await goTo(501);
    await page.getByRole('button', { name: 'Older run' }).click();
    await begins('fan_29');
    await stays('[aria-label="Older run"]');
    await goTo(502);
    await chip('15 failed').click();
    await page.locator('[data-index="0"] a[href$="/17"]').waitFor();
    await stays('[aria-pressed="true"]');
    await chip('All 3000').click();
    await begins('fan_29');
    await stays('[aria-pressed="true"]');
    await page.context().close();
  });

  it('are those in one state alone, which the address says; a click leads to one', async () => {
    const { page } = await look(site, OPEN, ROW);
    await panel(page).getByRole('button', { name: '8 failed' }).click();
    await page.waitForURL(/among=failed/);
    await row(page, 1417).waitFor();
    assert.equal(await page.locator(ROW).count(), 8);
    await page.reload();
    await row(page, 217).waitFor();
    assert.equal(await page.locator(ROW).count(), 8);
    await panel(page).getByRole('button', { name: '1492 success' }).click();
    await row(page, 0).waitFor();
    await page.locator('[aria-label="Instances"]').hover();
    await page.mouse.wheel(0, 200_000);
    // Page after page, as one comes near their end.
    await page.waitForFunction(() => {
      const { document } = globalThis as unknown as {
        document: { querySelector(s: string): { scrollTop: number; scrollHeight: number } };
      };
      const list = document.querySelector('[aria-label="Instances"]');
      list.scrollTop = list.scrollHeight;
      return (document.querySelector('[aria-label="files.load[1499]"]') as unknown) !== null;
    });
    await row(page, 1499).click();
    await page.waitForURL('**/tasks/files.load/1499');
    await page.context().close();
  });

  it('move by themselves while they run, and only what is in view is asked for', async () => {
    const { page } = await look(site, OPEN, ROW);
    await page.locator('[data-connection="live"]').waitFor();
    await page.getByLabel('Go to the instance with this number').fill('1700');
    await page.keyboard.press('Enter');
    const state = (word: string) =>
      page.locator(`[data-index="1700"] [data-state="${word}"]`).waitFor();
    await state('queued');
    const asked: string[] = [];
    page.on('request', (request) => {
      const { pathname, searchParams } = new URL(request.url());
      if (pathname.endsWith('/tasks')) asked.push(searchParams.get('fromMapIndex') ?? '');
    });
    await become(1700, 'launching');
    await state('launching');
    await panel(page).getByRole('button', { name: '1 launching' }).waitFor();
    assert.ok(asked.length >= 1 && asked.every((from) => Number(from) >= 1650), asked.join());
    await page.context().close();
  });

  it('in a chosen state stay chosen while no instance is in it', async () => {
    const { page } = await look(site, `${OPEN}&among=up_for_retry`, '[aria-pressed="true"]');
    await page.locator('[data-connection="live"]').waitFor();
    const chosen = (count: number) =>
      panel(page)
        .getByRole('button', { name: `${count} up for retry`, exact: true, pressed: true })
        .waitFor();
    await chosen(0);
    assert.equal(await page.locator(ROW).count(), 0);
    const list = await page.locator('[aria-label="Instances"]').elementHandle();
    await become(1520, 'up_for_retry');
    await row(page, 1520).waitFor();
    await chosen(1);
    await become(1520, 'scheduled');
    await row(page, 1520).waitFor({ state: 'detached' });
    await chosen(0);
    assert.ok(await list.evaluate((element) => (element as { isConnected: boolean }).isConnected));
    await page.context().close();
  });

  it('stay on the screen when they could not be read anew; what never came can be tried again', async () => {
    const { page } = await look(site, OPEN, ROW);
    await page.locator('[data-connection="live"]').waitFor();
    const list = await page.locator('[aria-label="Instances"]').elementHandle();
    const tasks = /\/tasks\?/;
    const refuse = () =>
      page.route(tasks, (route) => route.fulfill({ status: 418, json: { title: 'Refused.' } }));
    await refuse();
    const refused = page.waitForResponse((response) => response.status() === 418);
    await become(1721, 'launching');
    await (await refused).finished();
    await page.unroute(tasks);
    await become(3, 'failed');
    await page.locator('[data-index="3"] [data-state="failed"]').waitFor();
    assert.ok(await list.evaluate((element) => (element as { isConnected: boolean }).isConnected));
    await become(3, 'success');
    // Told and read: else that would ask anew by itself, and the button would go.
    await page.locator('[data-index="3"] [data-state="success"]').waitFor();
    await refuse();
    await page.getByLabel('Go to the instance with this number').fill('2500');
    await page.keyboard.press('Enter');
    await panel(page).getByText('Refused.').waitFor();
    await page.unroute(tasks);
    await panel(page).getByRole('button', { name: 'Try again' }).click();
    await row(page, 2500).waitFor();
    await page.context().close();
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    it(`have no serious findings of axe, beside the grid and on a phone (${colorScheme})`, async () => {
      const wide = await look(site, OPEN, ROW, { colorScheme, bypassCSP: true });
      await checkAccess(wide.page);
      await wide.page.context().close();
      const viewport = { width: 390, height: 844 };
      const phone = { viewport, colorScheme, hasTouch: true, isMobile: true, bypassCSP: true };
      const { page } = await look(site, '/dags/fan', GRID, phone);
      const box = await page.getByTestId('grid').boundingBox();
      // The third row, at its name.
      await page.touchscreen.tap((box?.x ?? 0) + 60, (box?.y ?? 0) + 74 + 2.5 * 22);
      const sheet = page.getByRole('dialog', { name: 'files.load' });
      await row(page, 0).waitFor();
      await checkAccess(page);
      assert.ok((await sheet.boundingBox())?.width === 390, 'as wide as the phone');
      await page.getByRole('button', { name: 'Older run' }).click();
      await sheet.getByRole('link', { name: 'fan_29' }).waitFor();
      await page.getByRole('button', { name: 'Close the instances' }).click();
      await sheet.waitFor({ state: 'detached' });
      await page.context().close();
    });
  }
});
