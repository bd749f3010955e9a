/**
 * Makes the pictures of the README from a `podline dev` that runs: `node --conditions=podline-source
 * test/web/ui/screenshots.ts http://localhost:8080 DAG`. Few and small, so that the repository stays light.
 */
import path from 'node:path';
import { chromium } from 'playwright-core';

const [url = 'http://localhost:8080', dag = 'flights'] = process.argv.slice(2);
const FOLDER = path.resolve(import.meta.dirname, '../../../docs/images');
const SHOTS = [
  { name: 'home', address: '/', scheme: 'light' },
  { name: 'graph', address: `/dags/${dag}?tab=graph`, scheme: 'dark' },
  { name: 'grid', address: `/dags/${dag}?instances=airport`, scheme: 'light' },
  { name: 'code', address: `/dags/${dag}?tab=code`, scheme: 'light' },
] as const;

const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox'],
});
for (const { name, address, scheme } of SHOTS) {
  const page = await browser.newPage({
    baseURL: url,
    colorScheme: scheme,
    viewport: { width: 1180, height: 720 },
  });
  await page.goto(address);
  await page.getByRole('heading', { level: 1 }).waitFor();
  if (name === 'graph') await page.getByTestId('graph').getByRole('button').first().waitFor();
  if (name === 'code') await page.locator('[style*="code-token"]').first().waitFor();
  await page.locator('[aria-busy]').first().waitFor({ state: 'detached' });
  await page.screenshot({ path: path.join(FOLDER, `${name}.png`), animations: 'disabled' });
}
await browser.close();
