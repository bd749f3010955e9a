/** The example pulumi-yaml: a program in another language deploys by the component package. */
import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { componentPackage, pluginLauncher } from './componentPackage.ts';
import { Deployed } from './deployed.ts';
import { measured } from './figures.ts';
import { Fixture } from './fixture.ts';
import type { PulumiStack } from './pulumiStack.ts';
import { ROOT } from './tools.ts';

/** The plugin runs what is built, as users have it, and not the sources of this checkout. */
const env = { NODE_OPTIONS: '' };

describe('the stack in YAML', () => {
  const fixture = new Fixture();
  let stack: PulumiStack;
  let project: string;

  before(async () => {
    await fixture.open();
    const built = await componentPackage(path.join(fixture.folder, 'package'));
    const plugin = await pluginLauncher(built, path.join(fixture.folder, 'launcher'));
    project = path.join(fixture.folder, 'consumer');
    await fs.mkdir(project);
    const example = await fs.readFile(path.join(ROOT, 'examples/pulumi-yaml/Pulumi.yaml'), 'utf8');
    // Where a host cannot start the package by itself, the engine is told which program does.
    const plugins = `plugins:\n  providers:\n    - name: podline\n      path: ${path.dirname(plugin)}\n`;
    const program = example.replace(/^packages:\n( .*\n)+/m, plugins);
    assert.notEqual(program, example);
    await fs.writeFile(path.join(project, 'Pulumi.yaml'), program);
    // Relative to the program, which the plugin is not part of.
    const dags = path.join(ROOT, 'examples/quickstart/dags');
    await fs.cp(dags, path.join(project, 'dags'), { recursive: true });
    stack = await fixture.stack({
      project,
      env,
      config: {
        image: fixture.images.podline,
        databaseImage: fixture.images.postgres,
        databaseVolume: 'false',
        dags: 'dags',
      },
    });
    await stack.run('package', 'add', plugin);
  });
  after(() => fixture.close());

  it('has the package after `pulumi package add`', async () => {
    const program = await fs.readFile(path.join(project, 'Pulumi.yaml'), 'utf8');
    assert.match(program, /^packages:\n +podline: /m);
  });

  it('is deployed, runs a DAG, and is unchanged afterwards', async () => {
    const { seconds } = await stack.up();
    measured('pulumi-yaml: pulumi up', seconds, 's');
    const deployed = await Deployed.of(fixture.cluster, await stack.outputs());
    const run = await deployed.ended('hello', await deployed.trigger('hello'));
    assert.equal(run.state, 'success', JSON.stringify(run));
    const { changes } = await stack.preview('--expect-no-changes');
    assert.deepEqual(changes, []);
  });

  it('hears of a mistake in its arguments by its path', async () => {
    await stack.configure({ image: 'not an image' });
    await assert.rejects(stack.preview(), /image/);
    await stack.configure({ image: fixture.images.podline });
  });
});
