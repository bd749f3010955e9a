/** The pages with large data: what a first look costs, and what it asks for. Times depend on the machine, the rest does not. */
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { frameTime, type LargeSite, longestTask, look, openLargeSite } from './largeSite.ts';

const FIRST_VIEW_MS = 1000;
/** The machine may be busy with something else: the best of so many cold looks counts. */
const MOST_LOOKS = 8;
const LARGE_VIEW_MS = 4000;
/** A page that answers nobody for longer feels stuck. */
const STUCK_MS = 600;
/** Twenty frames a second, on two busy cores and without a graphics card. */
const FRAME_MS = 50;

interface Case {
  address: string;
  /** What one came for. */
  content: string;
  /** All that it may ask, in any order. */
  asks: string[];
  bytes: number;
}

const GRID = '[data-testid="grid-words"]:not(:empty)';
const CASES: Record<string, Case> = {
  home: {
    address: '/',
    content: 'main table tbody tr:nth-child(10)',
    asks: ['/me', '/overview'],
    bytes: 20_000,
  },
  'list of DAGs': {
    address: '/dags',
    content: 'main [role="row"] a[href="/dags/dag-100"]',
    asks: ['/me', '/dags?limit=50'],
    bytes: 200_000,
  },
  grid: {
    address: '/dags/dag-7',
    content: GRID,
    asks: ['/me', '/dags/dag-7', '/dags/dag-7/grid?runs=50'],
    bytes: 30_000,
  },
  'grid of 200 tasks': {
    address: '/dags/wide',
    content: GRID,
    asks: ['/me', '/dags/wide', '/dags/wide/grid?runs=50'],
    bytes: 100_000,
  },
  runs: {
    address: '/runs',
    content: 'main table tbody tr:nth-child(50)',
    asks: ['/me', '/runs?limit=50'],
    bytes: 25_000,
  },
  'runs of a DAG': {
    address: '/dags/dag-7?tab=runs',
    content: 'main table tbody tr:nth-child(50)',
    asks: ['/me', '/dags/dag-7', '/runs?dagId=dag-7&limit=50'],
    bytes: 25_000,
  },
};

describe('pages with large data', function () {
  this.timeout(120_000);
  let site: LargeSite | undefined;

  before(async function () {
    site = await openLargeSite(this);
  });
  after(() => site?.close());
  const opened = () => site ?? assert.fail('no site');

  for (const [name, { address, content, asks, bytes }] of Object.entries(CASES)) {
    it(`${name}: shows within a second of 1,000,000 task instances, and asks only for that`, async () => {
      const took: number[] = [];
      while (took.length < 2 || (Math.min(...took) > FIRST_VIEW_MS && took.length < MOST_LOOKS)) {
        const view = await look(opened(), address, content);
        took.push(Math.round(view.took));
        const sum = view.answers.reduce((all, answer) => all + answer.bytes, 0);
        assert.deepEqual(view.answers.map(({ path }) => path).sort(), [...asks].sort());
        assert.ok(sum <= bytes, `${sum} bytes`);
        await view.page.context().close();
      }
      console.log(`        ${name}: ${took.join(', ')} ms`);
      assert.ok(Math.min(...took) <= FIRST_VIEW_MS, `${took.join(', ')} ms`);
    });
  }

  /** The best of some tries: what is left is the page, not the machine. */
  async function best(measure: () => Promise<number>, budget: number): Promise<number> {
    let least = Infinity;
    for (let tries = 0; tries < 5 && least > budget; tries += 1) {
      least = Math.min(least, await measure());
    }
    return least;
  }

  async function drag(page: Page): Promise<void> {
    const box = await page.getByTestId('graph').boundingBox();
    const [x, y] = [(box?.x ?? 0) + 300, (box?.y ?? 0) + 200];
    await page.mouse.move(x, y);
    await page.mouse.down();
    for (let step = 0; step < 40; step += 1) await page.mouse.move(x + step * 6, y + step * 3);
    await page.mouse.up();
  }

  /** What one sees of a large DAG, within its budget; the page is left open. */
  async function seeLarge(address: string, content: string): Promise<Page> {
    let page: Page | undefined;
    const took = await best(async () => {
      await page?.context().close();
      const view = await look(opened(), address, content);
      page = view.page;
      return view.took;
    }, LARGE_VIEW_MS);
    assert.ok(page);
    const stuck = await longestTask(page);
    console.log(`        shown after ${Math.round(took)} ms, stuck for ${Math.round(stuck)} ms`);
    assert.ok(took <= LARGE_VIEW_MS, `${took} ms`);
    assert.ok(stuck <= STUCK_MS, `stuck for ${stuck} ms`);
    return page;
  }

  it('a grid of 1,000 runs of 200 tasks scrolls smoothly', async () => {
    const page = await seeLarge('/dags/wide?runs=1000&closed=,', GRID);
    await page.getByTestId('grid').hover();
    const frame = await best(
      () =>
        frameTime(page, async () => {
          for (let step = 0; step < 40; step += 1) {
            await page.mouse.wheel(step % 2 === 0 ? -150 : 0, step < 20 ? 90 : -90);
          }
        }),
      FRAME_MS,
    );
    console.log(`        a frame while it scrolls: ${frame} ms`);
    assert.ok(frame <= FRAME_MS, `${frame} ms`);
    await page.context().close();
  });

  it('the keyboard goes through the grid, opens groups and tells of mapped tasks', async () => {
    const { page } = await look(opened(), '/dags/wide', GRID);
    const words = (pattern: RegExp) =>
      page.getByTestId('grid-words').filter({ hasText: pattern }).waitFor();
    await page.getByTestId('grid').focus();
    await page.keyboard.press('ArrowDown');
    await words(/^group source_00 of 10 tasks: running/);
    await page.keyboard.press('Enter');
    await page.waitForURL(/closed=/);
    await page.keyboard.press('ArrowDown');
    await words(/^group source_00\.clean of 4 tasks/);
    await page.keyboard.press('ArrowDown');
    await words(/^source_00\.each \(bash\): success \(5 success\)/);
    await page.keyboard.press('Home');
    await words(/of 4|each/);
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await page.keyboard.press('ArrowDown');
    await words(/^group source_01 of 10 tasks/);
    await page.context().close();
  });

  it('a graph of 10,000 tasks opens, pans and zooms smoothly, and leads to any task', async () => {
    const page = await seeLarge('/dags/ten_thousand?tab=graph', '[data-testid="graph"] canvas');
    const pan = await best(() => frameTime(page, () => drag(page)), FRAME_MS);
    const zoom = await best(
      () =>
        frameTime(page, async () => {
          for (let step = 0; step < 40; step += 1) {
            await page.mouse.wheel(0, step < 20 ? -120 : 120);
          }
        }),
      FRAME_MS,
    );
    console.log(`        a frame while it pans: ${pan} ms, while it zooms: ${zoom} ms`);
    assert.ok(pan <= FRAME_MS && zoom <= FRAME_MS, `${pan} ms, ${zoom} ms`);
    await page.getByLabel('Find a task').first().fill('layer_73_task_42');
    await page.getByRole('option', { name: 'layer_73_task_42' }).click();
    await page.waitForURL(/task=layer_73_task_42/);
    await page.locator('[data-testid="graph"]:not([data-scale^="0.0"])').waitFor();
    await page.getByTestId('graph').focus();
    await page.keyboard.press('ArrowRight');
    await page
      .getByTestId('graph-words')
      .filter({ hasText: /^layer_74_/ })
      .waitFor();
    await page.getByText('Near it').click();
    await page.getByRole('button', { name: /^layer_73_task_42/ }).waitFor();
    await page.context().close();
  });

  it('a graph of 10,000 tasks in groups opens closed; each group opens, and all of them', async () => {
    const page = await seeLarge(
      '/dags/ten_thousand_in_groups?tab=graph',
      '[data-testid="graph"] [role="button"]',
    );
    await page.getByRole('button', { name: /^Open the group stage_00/ }).click();
    await page.getByRole('button', { name: /^Open the group table_7/ }).click();
    await page.getByRole('button', { name: /^step_13/ }).waitFor();
    const began = performance.now();
    await page.getByRole('button', { name: 'Open all groups' }).click();
    await page.getByRole('application', { name: /^Graph of 10550 nodes/ }).waitFor();
    const took = Math.round(performance.now() - began);
    const pan = await best(() => frameTime(page, () => drag(page)), FRAME_MS);
    console.log(`        all groups open after ${took} ms; a frame while it pans: ${pan} ms`);
    assert.ok(took <= 2 * LARGE_VIEW_MS, `${took} ms`);
    assert.ok(pan <= FRAME_MS, `${pan} ms`);
    await page.getByRole('button', { name: 'Close all' }).click();
    await page.getByRole('button', { name: /^Open the group stage_49/ }).waitFor();
    await page.context().close();
  });
});
