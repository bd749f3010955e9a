/**
 * A real browser before real pages, for the tests of test/web/ui: `podline dev` over a folder of DAGs with the embedded
 * database, one for a file, and Debian's chromium. Without chromium the tests are skipped, loudly.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Context } from 'mocha';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { type Running, startPodline } from '../../cli/podline.ts';
import { launchBrowser, needBrowser } from '../chromium.ts';

const AXE = createRequire(import.meta.url).resolve('axe-core');

interface Site {
  url: string;
  /** Of `podline dev`: commands beside it use the same database. */
  home: string;
  browser: Browser;
}

interface Open extends Site {
  running: Running;
}

let opened: Promise<Open> | undefined;

/** Call it first in `before`; it skips the suite where there is nothing to look with. */
export async function openSite(test: Context, folder = 'examples'): Promise<Site> {
  test.timeout(120_000);
  await needBrowser(test);
  return (opened ??= open(folder));
}

async function open(folder: string): Promise<Open> {
  const home = await fs.mkdtemp(path.join(os.tmpdir(), 'podline-pages-'));
  const running = startPodline(['dev', folder], { home, env: { PODLINE_PORT: '0' } });
  const [, url = ''] = await running.sees(/pages and API at (http:\S+\d)/);
  const browser = await launchBrowser();
  return { url, home, browser, running };
}

/** For `after` of each file; the next one opens a site of its own. */
export async function closeSite(): Promise<void> {
  if (!opened) return;
  const { browser, running, home } = await opened;
  opened = undefined;
  await browser.close();
  running.child.kill('SIGTERM');
  await running.ended;
  await fs.rm(home, { recursive: true, force: true });
}

export interface Tab {
  page: Page;
  /** What the browser complained about so far. */
  complaints: string[];
}

/** A new tab without cookies. `bypassCSP` only lets axe in; the policy is tried by all other tests. */
export async function openTab(
  { browser, url }: Site,
  address: string,
  options: BrowserContextOptions = {},
): Promise<Tab> {
  const context = await browser.newContext({ baseURL: url, ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(address);
  return { page, complaints };
}

/** Fails with each serious finding of axe. */
export async function checkAccess(page: Page): Promise<void> {
  await page.addScriptTag({ path: AXE });
  const { violations } = await page.evaluate(() =>
    (globalThis as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run(),
  );
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  assert.deepEqual(
    serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`),
    [],
  );
}
