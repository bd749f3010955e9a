/**
 * The examples pulumi-python and pulumi-go: SDKs made from the schema of the package pass the type checks of their
 * languages, and the programs declare what the same program in TypeScript does.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { run } from '../cluster/command.ts';
import { versionOfCli } from '../tools/pulumi.ts';
import { languages, pulumiLanguages, SDK } from '../tools/pulumiLanguages.ts';
import { needs } from '../tools/tools.ts';
import { componentPackage, pluginLauncher } from './componentPackage.ts';
import { Fixture } from './fixture.ts';
import type { Outcome } from './pulumiStack.ts';
import { findTools, ROOT } from './tools.ts';

const PROGRAM = `
  import { Autoscaler, DatabaseMode, Orchestrator } from 'podline';
  new Orchestrator('podline', {
    image: 'podline:dev',
    database: { mode: DatabaseMode.Embedded },
    scheduler: { replicas: 1 },
    workerPools: [{ pool: 'fast', autoscaling: { kind: Autoscaler.Cpu } }],
  });
`;

describe('the stack in other languages', () => {
  const fixture = new Fixture();
  const tools = pulumiLanguages();
  let plugin: string;
  let schema: string;
  let wanted: string[];

  before(async function () {
    await needs(this, languages);
    await fixture.open();
    const built = await componentPackage(path.join(fixture.folder, 'package'));
    plugin = await pluginLauncher(built, path.join(fixture.folder, 'launcher'));
    const stack = await fixture.stack({ project: await fixture.program(PROGRAM) });
    wanted = made(await stack.preview());
    schema = path.join(fixture.folder, 'schema.json');
    await fs.writeFile(schema, await schemaOf(plugin));
  });
  after(() => fixture.close());

  /** The folder of an example with the plugin named in it, as where a host cannot start the package by itself. */
  async function example(name: string): Promise<string> {
    const project = path.join(fixture.folder, name);
    await fs.cp(path.join(ROOT, 'examples', name), project, { recursive: true });
    const plugins = `plugins:\n  providers:\n    - name: podline\n      path: ${path.dirname(plugin)}\n`;
    await fs.appendFile(path.join(project, 'Pulumi.yaml'), plugins);
    return project;
  }

  async function sdk(language: string): Promise<string> {
    const folder = path.join(fixture.folder, `sdk-${language}`);
    await run(tools.generateSdk, [language, schema, folder]);
    return folder;
  }

  async function previewOf(project: string, env: Record<string, string>): Promise<Outcome> {
    const { PATH: found = '' } = (await findTools()).env;
    const PATH = [tools.path, path.dirname(tools.python), found].join(path.delimiter);
    const stack = await fixture.stack({ project, env: { NODE_OPTIONS: '', PATH, ...env } });
    return stack.preview();
  }

  it('in Python is type-checked, and previewed like the one in TypeScript', async () => {
    const project = await example('pulumi-python');
    const modules = path.join(fixture.folder, 'python');
    const offline = ['--quiet', '--no-deps', '--no-index', '--no-build-isolation'];
    const target = ['--target', modules, await sdk('python')];
    await run(tools.python, ['-m', 'pip', 'install', ...offline, ...target]);
    const env = { PYTHONPATH: modules };
    const checked = ['-m', 'mypy', '--cache-dir', path.join(fixture.folder, 'mypy'), '__main__.py'];
    await run(tools.python, checked, { cwd: project, env });
    assert.deepEqual(made(await previewOf(project, env)), wanted);
  });

  it('in Go is compiled, and previewed like the one in TypeScript', async () => {
    const project = await example('pulumi-go');
    const module = 'example.com/pulumi-podline/sdk/go';
    const go = (...args: string[]) => run('go', args, { cwd: project });
    await go('mod', 'init', 'podline-go');
    const replaced = ['-replace', `${module}=${await sdk('go')}`, '-require', `${module}@v0.0.0`];
    await go('mod', 'edit', ...replaced, '-require', `${SDK}@${versionOfCli()}`);
    await go('mod', 'tidy');
    await go('vet', '.', `${module}/podline`);
    assert.deepEqual(made(await previewOf(project, {})), wanted);
  });

  async function schemaOf(program: string): Promise<string> {
    const stack = await fixture.stack({ project: await fixture.program('') });
    const said = await stack.run('package', 'get-schema', program);
    // The CLI may say before it which programs of the PATH it uses.
    return said.slice(said.indexOf('{'));
  }
});

/** What it creates, without the stack and the providers. */
function made({ changes }: Outcome): string[] {
  return changes
    .filter(({ op, type }) => op === 'create' && !/^pulumi:(pulumi|providers):/.test(type))
    .map(({ type, name }) => `${type} ${name}`)
    .sort();
}
