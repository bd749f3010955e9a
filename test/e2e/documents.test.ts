/** What documents show of previews is what the engine says: the trees of examples, and a changed DAG. */
import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { installDefinitions } from '../cluster/definitions.ts';
import { read } from '../laws/sources.ts';
import { Fixture } from './fixture.ts';
import type { Change } from './pulumiStack.ts';
import { needsPlugin, type Plugin, ROOT } from './tools.ts';

const URL = 'postgresql://podline:secret@db.example.com:5432/podline';
const CLUSTER = JSON.stringify({
  apiVersion: 'v1',
  kind: 'Config',
  clusters: [{ name: 'a', cluster: { server: 'https://cluster.example.com:6443' } }],
  users: [{ name: 'a', user: { token: 'secret' } }],
  contexts: [{ name: 'a', context: { cluster: 'a', user: 'a' } }],
  'current-context': 'a',
});

interface Example {
  config?: Record<string, string>;
  secrets?: Record<string, string>;
  plugin?: Plugin;
}

/** What each program cannot do without. */
const EXAMPLES: Record<string, Example> = {
  quickstart: {},
  'compose-into-platform': {
    config: { namespace: 'podline', taskNamespace: 'etl' },
    secrets: { databaseUrl: URL },
  },
  'external-postgres': {
    config: { host: 'db.example.com' },
    secrets: { adminPassword: 'secret' },
    plugin: 'postgresql',
  },
  'two-clusters': {
    config: { otherServer: 'https://cluster.example.com:6443' },
    secrets: { databaseUrl: URL, otherKubeconfig: CLUSTER },
  },
  'warm-pool-with-keda': {},
};

describe('READMEs of the examples', () => {
  const fixture = new Fixture();
  before(async () => {
    await fixture.open();
    fixture.atEnd(await installDefinitions(fixture.cluster, 'keda'));
  });
  after(() => fixture.close());

  for (const [name, { config, secrets, plugin }] of Object.entries(EXAMPLES)) {
    it(`${name} makes the tree that it says`, async function () {
      if (plugin) await needsPlugin(this, plugin);
      const readme = await fs.readFile(path.join(ROOT, 'examples', name, 'README.md'), 'utf8');
      const [, documented] = /```text\n([\s\S]*?)```/.exec(readme) ?? [];
      const example = name === 'quickstart' ? {} : { example: name };
      const stack = await fixture.stack({ ...example, config, secrets });
      const { changes } = await stack.preview();
      assert.equal(documented, treeOf(changes));
    });
  }
});

describe('README of the repository', () => {
  const fixture = new Fixture();
  before(() => fixture.open());
  after(() => fixture.close());

  it('shows a changed DAG as the engine does', async () => {
    const [, documented = ''] = /```text\n( +~ podline[\s\S]*?)```/.exec(read('README.md')) ?? [];
    const dags = path.join(fixture.folder, 'dags');
    await fs.cp(path.join(ROOT, 'examples/quickstart/dags'), dags, { recursive: true });
    // Into files: nothing has to run for a state to compare with.
    const rendered = path.join(fixture.folder, 'rendered');
    const stack = await fixture.stack({
      config: { dags, 'kubernetes:renderYamlToDirectory': rendered },
    });
    await stack.up();
    const file = path.join(dags, 'hello.ts');
    const text = await fs.readFile(file, 'utf8');
    await fs.writeFile(file, changed(text));
    const { said } = await stack.preview('--diff');
    const lines = said.split('\n');
    const from = lines.findIndex((line) => line.includes('podline:index:Dag:'));
    const to = lines.findIndex((line, at) => at > from && !line.startsWith('      '));
    const shown = `${lines.slice(from, to).join('\n')}\n`;
    const settled = (block: string) =>
      block.replaceAll(stack.options.stack, 'dev').replace(/"[0-9a-f]{12}"/g, '"HASH"');
    assert.equal(settled(documented), settled(shown));
  });
});

/** Another schedule, and a task behind the last. */
function changed(text: string): string {
  const last = text.lastIndexOf('  },\n);');
  const report = text.indexOf("d.task(\n      'report'");
  assert.ok(last > report && report > 0);
  const task = `    d.task('notify', bash({ script: 'echo done' }), { after: report });\n`;
  return `${text.slice(0, report)}const report = ${text.slice(report, last)}${task}${text.slice(last)}`.replace(
    '0 6 * * *',
    '0 7 * * *',
  );
}

/** A line `Type name` for each resource, below its parent, components last; without the providers and the stack. */
function treeOf(changes: Change[]): string {
  const made = changes.filter(
    ({ op, type }) => op === 'create' && !type.startsWith('pulumi:providers:'),
  );
  const stack = made.find(({ type }) => type === 'pulumi:pulumi:Stack')?.urn ?? '';
  const below = (parent: string, depth: number): string[] =>
    made
      .filter((each) => each.parent === parent)
      .sort((a, b) => rankOf(a) - rankOf(b) || (lineOf(a) < lineOf(b) ? -1 : 1))
      .flatMap((each) => [`${'  '.repeat(depth)}${lineOf(each)}\n`, ...below(each.urn, depth + 1)]);
  return below(stack, 0).join('');
}

const rankOf = ({ type }: Change) => (type.startsWith('podline:') ? 1 : 0);

/** Names of pieces follow from what is in them. */
function lineOf({ type, name }: Change): string {
  return `${type.slice(type.lastIndexOf(':') + 1)} ${name.replace(/-[0-9a-f]{10}-/, '-HASH-')}`;
}
