/** Pages of runs and task instances, their dialogs, and administration: a real browser, scheduler and database. */
import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import type { Page } from 'playwright-core';
import { checkAccess, closeSite, openSite, openTab } from './browser.ts';

type Site = Awaited<ReturnType<typeof openSite>>;

/** Chunks of 16 KB, as a worker writes them: a million lines, of which one is looked for. */
async function writeLong(home: string, runId: string): Promise<void> {
  const facts = JSON.parse(
    await fs.readFile(path.join(home, 'database/postgres.json'), 'utf8'),
  ) as { port: number; password: string };
  const { port, password } = facts;
  const client = new pg.Client({
    host: '127.0.0.1',
    port,
    user: 'podline',
    password,
    database: 'podline',
  });
  await client.connect();
  try {
    await client.query(
      `INSERT INTO podline.log_chunk (attempt_id, seq, content)
       SELECT a.id, 1000 + chunk, convert_to(string_agg(
                CASE n WHEN 700000 THEN 'needle' ELSE 'line' END
                  || CASE n WHEN 700000 THEN ' number ' ELSE ' ' END
                  || n || ' ' || repeat('x', 88) || E'\n', '' ORDER BY n), 'UTF8')
         FROM podline.attempt a JOIN podline.run r ON r.id = a.run_id,
              generate_series(0, 6249) chunk, generate_series(chunk * 160, chunk * 160 + 159) n
        WHERE r.run_id = $1 GROUP BY a.id, chunk`,
      [runId],
    );
    await client.query(
      `INSERT INTO podline.log_chunk (attempt_id, seq, content)
       SELECT a.id, 10000, 'last of all' FROM podline.attempt a JOIN podline.run r ON r.id = a.run_id
        WHERE r.run_id = $1`,
      [runId],
    );
  } finally {
    await client.end();
  }
}

const FOLDER = path.join(import.meta.dirname, 'dags');

describe('pages of runs', function () {
  this.timeout(120_000);
  let site: Site;
  let page: Page;
  let complaints: string[];

  before(async function () {
    site = await openSite(this, FOLDER);
    ({ page, complaints } = await openTab(site, '/pools'));
  });
  after(closeSite);
  afterEach(() => assert.deepEqual(complaints, []));

  /** Starts a run over the API, as the dialog does, and waits until it has begun. */
  const trigger = (dagId: string, runId: string, params = {}) =>
    page.evaluate(
      async ([dag, run, body]) => {
        const answer = await fetch(`/api/v1/dags/${dag}/runs`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'x-podline-request': 'test' },
          body,
        });
        if (!answer.ok) throw new Error(await answer.text());
        // A page of one of its tasks is there as soon as a scheduler has begun it.
        for (let begun = 0; begun === 0;) {
          const tasks = await fetch(`/api/v1/dags/${dag}/runs/${run}/tasks`);
          begun = ((await tasks.json()) as { items: unknown[] }).items.length;
        }
      },
      [dagId, runId, JSON.stringify({ runId, params })] as const,
    );
  const goto = (where: string) => page.goto(`${site.url}${where}`);
  const sees = (text: string | RegExp) => page.getByText(text).first().waitFor();

  it('start a run with a form of its params, which says what is wrong at the field', async () => {
    await goto('/dags/typed_params/trigger');
    const count = page.getByLabel('count');
    await count.fill('12');
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await sees('It may be at most 9.');
    await count.fill('4');
    await page.getByLabel('Run id').fill('by_hand');
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await page.waitForURL('**/dags/typed_params/runs/by_hand');
    await page.locator('h1 + [data-state="success"]').waitFor();
    await page.getByRole('tab', { name: 'Params' }).click();
    await sees('count:');
  });

  it('say why a run failed, show each attempt in time, and clear what failed after a preview', async () => {
    await trigger('failing', 'bad.Z');
    await goto('/dags/failing/runs/bad.Z');
    await page.locator('h1 + [data-state="failed"]').waitFor();
    await sees(/Because of broken/);
    await page.getByRole('tab', { name: 'Timeline' }).click();
    await page.locator('[data-part="run"]').nth(2).waitFor();
    await page.getByRole('tab', { name: 'Graph' }).click();
    await page.getByTestId('graph').waitFor();
    await page.getByRole('tab', { name: 'Tasks' }).click();
    await page.getByRole('link', { name: 'broken' }).click();
    await sees('[ERROR] there is no such table: orders');
    await page.getByRole('button', { name: 'Clear', exact: true }).click();
    const preview = page.getByTestId('clear-preview');
    await preview.getByText('after').waitFor();
    assert.equal(await preview.getByText('first').count(), 0);
    await page.getByRole('button', { name: 'Clear 2 tasks' }).click();
    await sees(/2 tasks cleared/);
    await page.getByRole('tab', { name: 'Attempts 4' }).waitFor();
  });

  it('mark a task, and what waited for it goes on, without a reload', async () => {
    await goto('/dags/failing/runs/bad.Z/tasks/broken/-1');
    await page.locator('h1 + [data-state="failed"]').waitFor();
    await page.getByRole('button', { name: 'Mark' }).click();
    await page.getByRole('button', { name: 'Mark as success' }).click();
    await page.locator('h1 + [data-state="success"]').waitFor();
  });

  it('follow a log while it is written, and cancel the run', async () => {
    const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'podline-talk-'));
    const file = path.join(folder, 'go');
    await fs.writeFile(file, '');
    try {
      await trigger('talking', 'long', { file });
      await goto('/dags/talking/runs/long/tasks/talk/-1');
      await sees(/^line 3$/);
      await sees(/^line 12$/);
      await goto('/dags/talking/runs/long');
      await page.getByRole('button', { name: 'Cancel' }).click();
      await page.getByRole('button', { name: 'Cancel the run' }).click();
      await page.locator('h1 + [data-state="failed"]').waitFor();
    } finally {
      await fs.rm(folder, { recursive: true });
    }
  });

  it('stay quick with a log of 100 MB: any place, search, a link to a line, few rows', async () => {
    await trigger('hostile', 'long_log');
    await goto('/dags/hostile/runs/long_log');
    await page.locator('h1 + [data-state="success"]').waitFor();
    await writeLong(site.home, 'long_log');
    const begun = performance.now();
    await goto('/dags/hostile/runs/long_log/tasks/speak/-1');
    await sees('last of all');
    assert.ok(performance.now() - begun < 5_000, 'the end shows soon');
    await page.getByLabel('Search the log').fill('needle number 700000 ');
    await page.keyboard.press('Enter');
    const found = page.getByText('needle number 700000 ');
    await found.waitFor();
    assert.match(page.url(), /[?&]at=\d+/);
    assert.ok((await page.getByTestId('log').locator('[data-index]').count()) < 200);
    // The address alone leads to the same line.
    await page.goto(page.url());
    await found.waitFor();
    await page.getByTestId('log').hover();
    await page.mouse.wheel(0, 20_000);
    await page.getByText('line 701000 ').waitFor();
  });

  it('show hostile logs and outputs as text', async () => {
    await trigger('hostile', 'evil');
    await goto('/dags/hostile/runs/evil/tasks/speak/-1');
    await sees(/<script>window\.hacked/);
    await sees(/user<U\+202E>gnp\.exe zero<U\+200B>width/);
    assert.equal(await page.locator('.fg-red').textContent(), 'red');
    await page.getByRole('tab', { name: /Output/ }).click();
    await sees('<b>key</b>:');
    assert.equal(await page.locator('a[href^="javascript"]').count(), 0);
    const [saved] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Download return_value' }).click(),
    ]);
    assert.equal(saved.suggestedFilename(), 'hostile-evil-speak--1-return_value.json');
    assert.equal(await page.evaluate(() => 'hacked' in globalThis), false);
  });

  it('show what templates have become, and ask for it only then', async () => {
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await trigger('typed_params', 'rendered', { region: 'us', count: 7, note: 'x\u202ey' });
    await goto('/dags/typed_params/runs/rendered/tasks/say/-1');
    await page.locator('[data-state="success"]').first().waitFor();
    const isAttempt = (path: string) => path.endsWith('/attempts/1');
    assert.equal(asked.some(isAttempt), false);
    await page.getByRole('tab', { name: 'Rendered' }).click();
    await page.getByTestId('rendered').getByRole('region').getByText('echo "us 7"').waitFor();
    assert.equal(asked.some(isAttempt), true);
    assert.equal(await page.getByRole('tab', { name: 'Pod' }).count(), 0);
  });

  it('move a task that is queued: before others, or to the queue of another pool', async () => {
    await trigger('waiting', 'queued');
    await page.evaluate(async () => {
      await fetch('/api/v1/pools/evening', {
        method: 'PUT',
        headers: { 'content-type': 'application/json', 'x-podline-request': 'test' },
        body: '{"slots":1}',
      });
    });
    await goto('/dags/waiting/runs/queued/tasks/load/-1');
    await page.locator('[data-state="queued"]').first().waitFor();
    await page.getByRole('button', { name: 'Priority' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Priority' }).fill('9');
    await dialog.getByRole('combobox', { name: 'Pool' }).click();
    await page.getByRole('option', { name: 'evening' }).click();
    await dialog.getByText('It gives its slots of default_pool back').waitFor();
    await dialog.getByRole('button', { name: 'Change' }).click();
    await dialog.waitFor({ state: 'detached' });
    const task = await page.evaluate(async () => {
      const answer = await fetch('/api/v1/dags/waiting/runs/queued/tasks/load/-1');
      const { priority, pool } = (await answer.json()) as { priority: number; pool: string };
      return { priority, pool };
    });
    assert.deepEqual(task, { priority: 9, pool: 'evening' });
    await page.locator('[data-state="queued"]').first().waitFor();
  });

  it('keep pools and variables, and the audit log has it', async () => {
    await goto('/pools');
    await page.getByRole('button', { name: 'New pool' }).click();
    await page.getByLabel('Name').fill('narrow');
    await page.getByLabel('Slots').fill('2');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('cell', { name: 'narrow', exact: true }).waitFor();
    await goto('/variables');
    await page.getByRole('button', { name: 'New variable' }).click();
    await page.getByRole('textbox', { name: 'Key' }).fill('greeting');
    await page.getByRole('textbox', { name: 'Value' }).fill('{"de":"Hallo"}');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('cell', { name: 'greeting', exact: true }).waitFor();
    await goto('/audit?subject=narrow');
    await page.getByRole('cell', { name: 'narrow', exact: true }).first().waitFor();
  });

  it('start a backfill after a dry run', async () => {
    await goto('/dags/daily/backfill');
    await page.getByLabel('First logical date').fill('2026-01-02');
    await page.getByLabel('Last logical date').fill('2026-01-03');
    await page.getByTestId('backfill-preview').getByText('new run').nth(1).waitFor();
    await page.getByRole('button', { name: 'Start 2 runs' }).click();
    await sees('2 success');
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    it(`have no serious findings of axe (${colorScheme})`, async () => {
      const tab = await openTab(site, '/workers', { colorScheme, bypassCSP: true });
      const run = '/dags/failing/runs/bad.Z';
      for (const [where, text] of [
        ['/workers', 'alive'],
        ['/pools', 'default_pool'],
        ['/variables', 'greeting'],
        ['/connections', 'Connections'],
        ['/audit', 'trigger'],
        ['/backfills', 'daily'],
        ['/build-errors', 'Every DAG file builds.'],
        [run, 'upstream_failed|broken'],
        [`${run}?tab=timeline`, 'waiting in line'],
        [`${run}/tasks/broken/-1`, 'orders'],
        [`${run}/tasks/broken/-1?tab=attempts`, 'Attempt 1'],
        ['/dags/typed_params/runs/rendered/tasks/say/-1?tab=rendered', 'us 7'],
        ['/dags/typed_params/trigger', 'Where to look'],
      ] as const) {
        await tab.page.goto(`${site.url}${where}`);
        await tab.page.getByText(new RegExp(text)).first().waitFor();
        await checkAccess(tab.page);
      }
      await tab.page.context().close();
      assert.deepEqual(tab.complaints, []);
    });
  }
});
