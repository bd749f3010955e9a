/** The trees in docs/components.md are what the components make. */
import assert from 'node:assert/strict';
import type * as pulumi from '@pulumi/pulumi';
import {
  Autoscaler,
  Backup,
  BackupMode,
  Connection,
  DagBundle,
  DatabaseMode,
  MetadataDatabase,
  Monitoring,
  Orchestrator,
  Scheduler,
  SchemaMigration,
  TaskNamespace,
  Webserver,
  WorkerPool,
} from '../../src/index.ts';
import { read } from '../laws/sources.ts';
import { CONTROL, IMAGE } from './common.ts';
import { type Child, record, TWINS } from './mocks.ts';

const URL = 'postgresql://user:password@host:5432/database';

const MADE: Record<string, () => pulumi.ComponentResource> = {
  Orchestrator: () =>
    new Orchestrator('etl', { image: IMAGE, database: { mode: DatabaseMode.Embedded } }),
  MetadataDatabase: () =>
    new MetadataDatabase('db', { namespace: 'control', mode: DatabaseMode.Embedded }),
  SchemaMigration: () => new SchemaMigration('schema', CONTROL),
  Scheduler: () =>
    new Scheduler('brain', { ...CONTROL, clusters: [{ name: 'home', namespaces: ['etl'] }] }),
  Webserver: () => new Webserver('web', CONTROL),
  TaskNamespace: () => new TaskNamespace('tasks', { scheduler: { user: 'podline' } }),
  WorkerPool: () => {
    const database = { secretName: 'database', poolUrl: URL, workerUrl: URL };
    const autoscaling = { kind: Autoscaler.Keda };
    return new WorkerPool('fast', { ...CONTROL, database, autoscaling });
  },
  Connection: () => new Connection('warehouse', { namespaces: ['etl'], uri: URL }),
  DagBundle: () => new DagBundle('etl', { ...CONTROL, folder: 'examples/flights' }),
  Monitoring: () => new Monitoring('etl', { namespace: 'control' }),
  Backup: () =>
    new Backup('nightly', {
      namespace: 'control',
      mode: BackupMode.Dump,
      dump: { database: CONTROL.database },
    }),
};

/** `Parent name > Type name`, for each line that is indented below another. */
function documented(tree: string): string[] {
  const path: string[] = [];
  return tree
    .trimEnd()
    .split('\n')
    .map((line) => {
      const depth = (line.length - line.trimStart().length) / 2;
      path.splice(depth, Infinity, line.trim());
      return `${path[depth - 1]?.split(' ')[1] ?? ''} > ${line.trim()}`;
    })
    .sort();
}

function made(children: Child[]): string[] {
  return (
    children
      .map(({ parent, type, name }) => `${parent} > ${type.split(':').pop()} ${name}`)
      // Names of pieces follow from what is in them.
      .map((line) => line.replace(/-[0-9a-f]{10}-/, '-HASH-'))
      .sort()
  );
}

describe('docs/components.md', () => {
  const trees = new Map(
    [...read('docs/components.md').matchAll(/```text\n((\w+) [\s\S]*?)```/g)].map(
      ([, tree = '', component = '']) => [component, tree],
    ),
  );

  for (const [component, build] of Object.entries(MADE)) {
    for (const twin of TWINS) {
      it(`says what ${component} makes (${twin})`, async () => {
        const { children } = await record(twin, build);
        const tree = trees.get(component) ?? assert.fail(`no tree of ${component}`);
        assert.deepEqual(documented(tree), made(children));
      });
    }
  }
});
