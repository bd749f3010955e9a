/** Operators of npm packages, found from the project folder, and the registry of the built-in ones. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { builtInOperators, loadOperator } from '../../runtime/operators/registry.ts';
import { operate } from './operate.ts';

describe('operators of npm packages', () => {
  let projectFolder: string;
  before(async () => {
    projectFolder = await mkdtemp(path.join(os.tmpdir(), 'podline-project-'));
    const add = async (name: string, code: string, exports: unknown = './index.js') => {
      const folder = path.join(projectFolder, 'node_modules', name);
      await mkdir(folder, { recursive: true });
      const manifest = { name, type: 'module', exports };
      await writeFile(path.join(folder, 'package.json'), JSON.stringify(manifest));
      await writeFile(path.join(folder, 'index.js'), code);
    };
    await add(
      '@acme/podline-shout',
      'export async function run(context) { context.log("shouting"); return { output: context.config.text.toUpperCase() }; }',
    );
    const code = 'export const run = async () => ({ output: "imported" });';
    await add('import-only', code, { '.': { types: './x.d.ts', import: { node: './index.js' } } });
    await add('no-run', 'export const nothing = 1;');
    await add(
      'skips',
      'class SkipTask extends Error { name = "SkipTask" } export const run = async () => { throw new SkipTask("not today"); }',
    );
    await add(
      'fails',
      'class FailTask extends Error { name = "FailTask" } export const run = async () => { throw new FailTask("never again"); }',
    );
  });
  after(() => rm(projectFolder, { recursive: true }));

  const use = (operatorModule: string) =>
    operate({
      task: {
        operator: `acme.${operatorModule}`,
        operatorModule,
        config: { text: 'day {{ ds }}' },
      },
      projectFolder,
    });

  it('are resolved from the project and get rendered config', async () => {
    const { outcome, log } = await use('@acme/podline-shout');
    assert.equal(outcome.xcom, 'DAY 2026-03-01');
    assert.match(log, /shouting/);
  });

  it('may export for import alone', async () => {
    assert.equal((await use('import-only')).outcome.xcom, 'imported');
  });

  it('end as skipped or failed for good by the name of what they throw', async () => {
    assert.deepEqual((await use('skips')).outcome, { state: 'skipped', message: 'not today' });
    assert.equal((await use('fails')).outcome.cause, 'fail_now');
  });

  it('that are missing, or export no run, are named', async () => {
    assert.match(
      (await use('not-there')).outcome.message ?? '',
      /task\.unknown_operator.*not-there/,
    );
    assert.match((await use('no-run')).outcome.message ?? '', /exports no function "run"/);
    const unknown = await operate({ task: { operator: 'toString' } });
    assert.match(unknown.outcome.message ?? '', /The operator "toString" is not known/);
  });
});

describe('registry', () => {
  for (const name of builtInOperators()) {
    it(`has a run function for ${name}`, async () => {
      assert.equal(typeof (await loadOperator(name, undefined, '.')), 'function');
    });
  }
});
