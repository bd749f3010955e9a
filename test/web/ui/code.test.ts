/** The tab of code in a real browser: what people wrote, in colours, and what changed between two versions, line by line. */
import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { checkAccess, closeSite, openSite, openTab } from './browser.ts';

const FILLER = Array.from({ length: 30 }, (_, n) => `// Line ${n}.`).join('\n');
/** With a mark that turns the direction of text: it must be seen, not obeyed. */
const DAG_FILE = `import { bash, dag } from 'podline/dag';
// Hidden \u202e here.
${FILLER}
export const written = dag('written', { description: 'One' }, (d) => {
  d.task('greet', bash({ file: 'greet.sh' }));
});
`;

describe('the tab of code', function () {
  this.timeout(60_000);
  let site: Awaited<ReturnType<typeof openSite>>;
  let folder: string;

  before(async function () {
    folder = await fs.mkdtemp(path.join(os.tmpdir(), 'podline-written-'));
    await fs.writeFile(path.join(folder, 'written.ts'), DAG_FILE);
    // Registered first: the row of the version that is looked at is not the first one.
    await fs.writeFile(
      path.join(folder, 'early.ts'),
      DAG_FILE.replace("dag('written'", "dag('early'"),
    );
    await fs.writeFile(path.join(folder, 'greet.sh'), 'echo "<img src=x onerror=alert(1)>"\n');
    site = await openSite(this, folder);
  });
  after(async () => {
    await closeSite();
    await fs.rm(folder, { recursive: true });
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    it(`shows what people wrote in colours that can be read, in ${colorScheme}`, async () => {
      const plain = await openTab(site, '/dags/written?tab=code', { colorScheme });
      const code = plain.page.getByRole('region', { name: 'written.ts' });
      // Its colours are variables of the theme, and the policy of the page lets them in.
      await code.locator('span[style*="--podline-code-token-keyword"]').first().waitFor();
      assert.match(await code.innerText(), /import.*podline\/dag/);
      assert.doesNotMatch(await code.innerText(), /\u202e/);
      await plain.page.getByRole('button', { name: /^greet\.sh/ }).click();
      await plain.page.getByRole('region', { name: 'greet.sh' }).getByText('onerror').waitFor();
      assert.match(plain.page.url(), /file=script%3Agreet\.sh/);
      assert.deepEqual(plain.complaints, []);
      await plain.page.context().close();
      const { page } = await openTab(site, '/dags/written?tab=code', {
        colorScheme,
        bypassCSP: true,
      });
      await page.locator('span[style*="--podline-code-token"]').first().waitFor();
      await checkAccess(page);
      await page.context().close();
    });
  }

  it('counts the versions of the DAG alone, also in its addresses', async () => {
    const { page, complaints } = await openTab(site, '/dags/written?tab=code&version=1');
    await page.getByRole('region', { name: 'written.ts' }).waitFor();
    await page.getByText('1 task · version 1', { exact: true }).waitFor();
    const select = page.getByRole('combobox', { name: 'Version', exact: true });
    assert.match(await select.inputValue(), /^1 \(current\)/);
    assert.deepEqual(complaints, []);
    await page.goto(`${new URL(page.url()).origin}/dags/written?tab=code&version=99`);
    await page.getByText('DAG written has no version 99.').waitFor();
    await page.context().close();
  });

  it('compares two versions line by line, with what stayed folded', async () => {
    const { page, complaints } = await openTab(site, '/dags/written?tab=code');
    const select = page.getByRole('combobox', { name: 'Compared with' });
    await select.waitFor();
    await fs.writeFile(path.join(folder, 'written.ts'), DAG_FILE.replace("'One'", "'Two'"));
    await fs.writeFile(path.join(folder, 'greet.sh'), 'echo hello\n');
    // Pushed: two saves may be one version or two.
    await page.getByPlaceholder('nothing').click();
    await page.getByRole('option').last().click();
    await page.waitForURL(/with=\d+/);
    const code = page.getByRole('region', { name: 'written.ts' });
    await code.locator('[data-kind="removed"]', { hasText: "'One'" }).waitFor();
    await code.locator('[data-kind="added"]', { hasText: "'Two'" }).waitFor();
    assert.equal(await code.getByText('// Line 3.').count(), 0);
    await code.getByRole('button', { name: /^\d+ lines that stayed/ }).click();
    await code.getByText('// Line 3.', { exact: true }).waitFor();
    await code.and(page.locator(':focus')).waitFor();
    const script = page.getByRole('region', { name: 'greet.sh' });
    await script.locator('[data-kind="added"]', { hasText: 'echo hello' }).waitFor();
    await page.getByText('description: "One" => "Two"').waitFor();
    assert.deepEqual(complaints, []);
    await page.context().close();
  });
});
