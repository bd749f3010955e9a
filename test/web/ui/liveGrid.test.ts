/** A grid of 1,000 runs while its runs go on: every change shows, and moves only a small answer. */
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { bash, dag } from 'podline/dag';
import { registerValues } from '../registerValues.ts';
import { wide } from './largeDags.ts';
import { type LargeSite, look, openLargeSite } from './largeSite.ts';

const GRID = '[data-testid="grid-words"]:not(:empty)';
/** The whole grid has 900,000. */
const MOST_BYTES = 3_000;
/** One that the newest run has not begun. */
const TASK = 'source_18.load.part_4';
const NEWEST = `(SELECT max(id) FROM podline.run WHERE dag_id = 'wide')`;

describe('a live grid of 1,000 runs', function () {
  this.timeout(120_000);
  let site: LargeSite;
  let page: Page;
  /** Answers about the grid since the last look at them. */
  let answers: Promise<{ path: string; bytes: number }>[] = [];

  before(async function () {
    site = await openLargeSite(this, true);
    ({ page } = await look(site, '/dags/wide?runs=1000&closed=,', GRID));
    page.setDefaultTimeout(10_000);
    page.on('response', (response) => {
      const path = new URL(response.url()).pathname.replace('/api/v1/dags/wide', '');
      if (!path.startsWith('/grid')) return;
      answers.push(response.body().then(({ length: bytes }) => ({ path, bytes })));
    });
    await page.getByTestId('grid').focus();
    // The stream is there: what happens from now on is pushed.
    await page.locator('[data-connection="live"]').waitFor();
  });
  after(() => site.close());

  const words = (pattern: RegExp) =>
    page.getByTestId('grid-words').filter({ hasText: pattern }).waitFor();
  const moved = async () => {
    const all = await Promise.all(answers);
    answers = [];
    return all;
  };
  /** As a scheduler does it: the number of the run goes up with each of its changes. */
  const move = (state: string) =>
    site.database.query(
      `WITH x AS (UPDATE podline.run SET seq = seq + 1 WHERE id = ${NEWEST} RETURNING id)
       UPDATE podline.task_instance t SET state = $1 FROM x WHERE t.run_id = x.id AND t.task_id = $2`,
      [state, TASK],
    );
  const shows = (state: string, run: string) =>
    words(new RegExp(`^${TASK.replaceAll('.', '\\.')} \\(.*\\): ${state}, in ${run}`));

  it('shows how a task moves, for a column alone', async () => {
    await page.getByLabel('Find tasks').fill(TASK);
    await page.getByTestId('grid').focus();
    await shows('not started', 'scheduled__');
    for (const state of ['scheduled', 'queued']) {
      await move(state);
      await shows(state, 'scheduled__');
    }
    const all = await moved();
    assert.ok(all.length >= 2, 'one for each change');
    for (const { path, bytes } of all) {
      assert.equal(path, '/grid/runs');
      assert.ok(bytes <= MOST_BYTES, `${bytes} bytes`);
    }
    console.log(`        a change moves ${all.map(({ bytes }) => bytes).join(', ')} bytes`);
  });

  it('shows a new run in its newest column', async () => {
    await site.database.query(
      `WITH r AS (INSERT INTO podline.run (dag_id, run_id, version_id, kind, state, logical_date, started_at)
         SELECT dag_id, 'brand_new', version_id, 'manual', 'running', now(), now() FROM podline.dag WHERE dag_id = 'wide'
         RETURNING id, dag_id)
       INSERT INTO podline.task_instance (run_id, dag_id, task_id, map_index, state, pool, executor)
       SELECT r.id, r.dag_id, '${TASK}', -1, 'queued', 'default_pool', 'local' FROM r`,
    );
    await page.locator('[data-newest="brand_new"]').waitFor();
    // What was marked stays marked.
    await shows('queued', 'scheduled__');
    await page.keyboard.press('ArrowRight');
    await shows('queued', 'brand_new');
    const all = await moved();
    assert.deepEqual([...new Set(all.map(({ path }) => path))], ['/grid/runs']);
    assert.ok(all.every(({ bytes }) => bytes <= MOST_BYTES));
  });

  it('shows new tasks of a new version, and asks for the whole once', async () => {
    const more = dag(
      'wide',
      { schedule: '@hourly', startDate: '2026-01-01', catchup: false },
      (d) => {
        d.task('quite_new', bash({ script: 'true' }));
        for (let n = 0; n < 9; n += 1) d.task(`report_${n}`, bash({ script: 'true' }));
      },
    );
    assert.equal(more.id, wide.id);
    await registerValues(site.database, '/large', [more]);
    await page.getByLabel('Find tasks').fill('quite_new');
    await page.getByTestId('grid').focus();
    await words(/^quite_new \(bash\): not part of this run/);
    const all = await moved();
    assert.equal(all.filter(({ path }) => path === '/grid').length, 1);
    // And afterwards small answers again.
    await page.getByLabel('Find tasks').fill(TASK);
    await shows('queued', 'brand_new');
    await move('launching');
    await shows('launching', 'brand_new');
    assert.deepEqual([...new Set((await moved()).map(({ path }) => path))], ['/grid/runs']);
  });

  it('asks for the whole when the stream was away', async () => {
    const open = await site.stopWeb();
    await page.locator('[data-connection="lost"]').waitFor();
    await move('running');
    await open();
    await shows('running', 'brand_new');
    assert.ok((await moved()).some(({ path }) => path === '/grid'));
  });
});
