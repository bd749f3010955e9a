/** The tree in the README of each example is what a preview of its program says. */
import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { installDefinitions } from '../cluster/definitions.ts';
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
