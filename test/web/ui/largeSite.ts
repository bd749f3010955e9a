/** A webserver over a large database and a browser before it, for large.test.ts. Nothing runs: pages only look. */
import type { Context } from 'mocha';
import type { Browser, BrowserContextOptions, Page, Request } from 'playwright-core';
import { type Database, openPool } from '../../../runtime/database/pool.ts';
import { openLog } from '../../../runtime/observe/log.ts';
import { testDatabase } from '../../../runtime/testing/database.ts';
import { WebServer } from '../../../runtime/web/webServer.ts';
import { LOCAL } from '../../../src/model/access.ts';
import { launchBrowser, needBrowser } from '../chromium.ts';
import { fill, open } from '../fill.ts';
import { registerValues } from '../registerValues.ts';
import { addFans, addRuns } from './fillLarge.ts';
import { fan, flat, grouped, wide } from './largeDags.ts';

/** 1,000 DAGs with 1,000,000 task instances; a grid of 1,000 runs of 200 tasks and graphs of 10,000 tasks beside them. */
const SIZE = { dags: 1000, runs: 100, tasks: 10 };

export interface LargeSite {
  browser: Browser;
  url: string;
  /** For tests in which something changes. */
  database: Database;
  /** Returns what opens it again at the same address. */
  stopWeb(): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

/** `isAlone`: the wide grid and one of thousands of instances, and no thousand DAGs beside them. */
export async function openLargeSite(test: Context, isAlone = false): Promise<LargeSite> {
  await needBrowser(test);
  const { url: database, drop } = await testDatabase();
  const pool = openPool(database, { looking: true, applicationName: 'podline-fill' });
  if (!isAlone) {
    await fill(pool, SIZE);
    await open(pool, 200);
  }
  await registerValues(pool, '/large', isAlone ? [wide, fan] : [wide, flat, grouped]);
  await addRuns(pool, { dagId: wide.id, count: 1000, every: '1 hour' });
  if (isAlone) await addFans(pool, { count: 30, instances: 3000 });
  for (const { id } of isAlone ? [] : [flat, grouped])
    await addRuns(pool, { dagId: id, count: 1, every: '1 hour' });
  await pool.query('ANALYZE');
  const openWeb = (port: number) =>
    WebServer.open({
      ...{ url: database, port, host: '127.0.0.1', log: openLog('silent') },
      identify: () => Promise.resolve(LOCAL),
    });
  let web = await openWeb(0);
  const { port } = web;
  const browser = await launchBrowser();
  return {
    browser,
    url: `http://127.0.0.1:${port}`,
    database: pool,
    async stopWeb() {
      await web.close();
      return async () => void (web = await openWeb(port));
    },
    async close() {
      await browser.close();
      await web.close();
      await pool.end();
      await drop();
    },
  };
}

const API = '/api/v1';

export interface View {
  page: Page;
  /** From the navigation to the first frame with the content, in milliseconds; the clock is that of the page. */
  took: number;
  /** Answers of the API, without the stream of changes. */
  answers: { path: string; bytes: number }[];
}

/** A page in a new browser context: nothing is cached. `content`: what one came for, as a selector. */
export async function look(
  { browser, url }: LargeSite,
  address: string,
  content: string,
  options: BrowserContextOptions = {},
): Promise<View> {
  const context = await browser.newContext({ baseURL: url, ...options });
  const page = await context.newPage();
  await page.addInitScript(noteLongTasks);
  const asked: Request[] = [];
  page.on('request', (request) => {
    const path = pathOf(request);
    if (path.startsWith(API) && path !== `${API}/events`) asked.push(request);
  });
  await page.goto(address, { waitUntil: 'commit' });
  const shown = await page.waitForFunction(
    (selector) => {
      const { document } = globalThis as unknown as Noted;
      return document.querySelector(selector) !== null && performance.now();
    },
    content,
    { polling: 'raf' },
  );
  const took = Number(await shown.jsonValue());
  const answers = await Promise.all(
    asked.map(async (request) => {
      const body = await (await request.response())?.body();
      return { path: pathOf(request).slice(API.length), bytes: body?.length ?? 0 };
    }),
  );
  return { page, took, answers };
}

interface Noted {
  longTasks: number[];
  frames: number[];
  isWatching: boolean;
  document: { querySelector(selector: string): unknown };
  requestAnimationFrame(step: (time: number) => void): void;
}

/** Runs in the page: how long it could not answer at a time, in milliseconds. */
function noteLongTasks(): void {
  const here = globalThis as unknown as Noted;
  here.longTasks = [];
  const watch = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) here.longTasks.push(duration);
  });
  // Node's types do not know what only browsers note.
  watch.observe({ type: 'longtask' as 'mark', buffered: true });
}

/** The longest time in which the page could not answer, so far. */
export function longestTask(page: Page): Promise<number> {
  return page.evaluate(() => Math.max(0, ...(globalThis as unknown as Noted).longTasks));
}

/** Milliseconds from frame to frame while something is done: nine of ten are not longer. */
export async function frameTime(page: Page, work: () => Promise<void>): Promise<number> {
  await page.evaluate(() => {
    const here = globalThis as unknown as Noted;
    here.frames = [];
    here.isWatching = true;
    let last = performance.now();
    const step = (time: number) => {
      here.frames.push(time - last);
      last = time;
      if (here.isWatching) here.requestAnimationFrame(step);
    };
    here.requestAnimationFrame(step);
  });
  await work();
  const frames = await page.evaluate(() => {
    const here = globalThis as unknown as Noted;
    here.isWatching = false;
    return here.frames;
  });
  frames.sort((a, b) => a - b);
  return Math.round(frames[Math.floor(frames.length * 0.9)] ?? Infinity);
}

function pathOf(request: Request): string {
  const { pathname, search } = new URL(request.url());
  return pathname + search;
}
