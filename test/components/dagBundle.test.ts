/** DAGs in a deployment: what a preview says about them, and how a build reaches the database. */
import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { randomBytes } from 'node:crypto';
import * as k8s from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import { DagBundle, type DagBundleArgs } from '../../components/dagBundle.ts';
import { buildDags } from '../../components/spec/buildDags.ts';
import { readBuild } from '../../runtime/build/readBuild.ts';
import { unpackBuild } from '../../runtime/build/unpackBuild.ts';
import { componentLaws } from './laws.ts';
import { type Child, failure, read, record, TWINS, type Twin } from './mocks.ts';

const DAGS = `
import { bash, dag, sql } from 'podline/dag';
export const hourly = dag('hourly', { schedule: 'CRON' }, (d) => {
  const a = d.task('a', sql({ file: 'a.sql', connection: 'warehouse' }));
  d.task('b', bash({ script: 'true' }), { after: a });
});
export const manual = dag('manual', {}, (d) => {
  d.task('one', bash({ script: 'echo one' }));
});
`;

const args = (more: Partial<DagBundleArgs>): DagBundleArgs => ({
  namespace: 'podline',
  image: 'registry.example.com/podline:1.2.3',
  database: { secretName: 'database' },
  ...more,
});

type ConfigMap = k8s.types.output.core.v1.ConfigMap;
type Job = k8s.types.output.batch.v1.Job;

/** Children are registered in no fixed order. */
const byName = (children: Child[]) => children.sort((a, b) => (a.name < b.name ? -1 : 1));

describe('DagBundle', function () {
  // Each makes a process that bundles and evaluates.
  this.timeout(120_000);
  const folders: string[] = [];
  const write = async (files: Record<string, string>) => {
    const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'podline-dags-'));
    folders.push(folder);
    for (const [name, text] of Object.entries(files)) {
      await fs.writeFile(path.join(folder, name), text);
    }
    return folder;
  };
  const dags = (cron = '0 * * * *', sql = 'SELECT 1') =>
    write({ 'dags.ts': DAGS.replace('CRON', cron), 'a.sql': sql });
  /** A build of `dags()`, for tests of what is made of one. */
  let plans = '';
  before(async () => {
    const build = buildDags({ folder: await dags(), timeout: 60 });
    plans = await write({});
    for (const [name, content] of build.files) {
      await fs.mkdir(path.dirname(path.join(plans, name)), { recursive: true });
      await fs.writeFile(path.join(plans, name), content);
    }
  });
  after(() => Promise.all(folders.map((folder) => fs.rm(folder, { recursive: true }))));

  for (const twin of TWINS) {
    describe(twin, () => {
      const make = (twin: Twin, more: Partial<DagBundleArgs>, opts = {}) =>
        record(twin, () => new DagBundle('etl', args(more), opts));

      it('shows each DAG as a child whose inputs are its plan', async () => {
        const { all, value } = await make(twin, { folder: await dags() });
        assert.deepEqual(
          byName(all('Dag')).map(({ name, parent, inputs }) => ({ name, parent, inputs })),
          [
            {
              name: 'etl-hourly',
              parent: 'etl',
              inputs: {
                dagId: 'hourly',
                file: 'dags.ts',
                schedule: '0 * * * *',
                tasks: {
                  a: {
                    operator: 'sql',
                    script: 'SELECT 1',
                    scriptFile: 'a.sql',
                    settings: { connection: 'warehouse' },
                  },
                  b: { operator: 'bash', script: 'true', after: 'a' },
                },
              },
            },
            {
              name: 'etl-manual',
              parent: 'etl',
              inputs: {
                dagId: 'manual',
                file: 'dags.ts',
                schedule: 'none',
                tasks: { one: { operator: 'bash', script: 'echo one' } },
              },
            },
          ],
        );
        assert.deepEqual(await read(value.dagIds), ['hourly', 'manual']);
        assert.equal(await read(value.owner), 'pulumi:project/stack/etl');
      });

      it('carries the build to the Job that registers it', async () => {
        const { one, all, children } = await make(twin, { plans });
        componentLaws(children);
        const maps = all('ConfigMap');
        assert.ok(maps.length === 1 && maps[0]);
        const [map] = maps;
        const address = /^etl-([0-9a-f]{10})-0$/.exec(map.name)?.[1];
        assert.ok(address, map.name);
        const { immutable, metadata, binaryData } = map.inputs as unknown as ConfigMap;
        assert.equal(immutable, true);
        assert.deepEqual(map.ignoreChanges, ['binaryData']);
        assert.equal(metadata.name, undefined, 'the engine names it');

        const place = await write({});
        const piece = Buffer.from(binaryData['bundle.000'] ?? '', 'base64');
        await fs.writeFile(path.join(place, 'bundle.000'), piece);
        const unpacked = await unpackBuild(place);
        const { dags: found } = await readBuild(unpacked.folder);
        await unpacked.dispose();
        assert.deepEqual(
          found.map(({ plan }) => plan.dagId),
          ['hourly', 'manual'],
        );

        const job = one('Job');
        assert.equal(job.name, 'etl-register');
        const { spec } = (job.inputs as unknown as Job).spec.template;
        const container = spec.containers[0]!;
        assert.deepEqual(container.args, [
          'dags',
          'register',
          '/bundle',
          '--managed-by',
          'pulumi:project/stack/etl',
          '--wait',
          '300',
        ]);
        assert.equal(spec.restartPolicy, 'Never');
        assert.equal(spec.automountServiceAccountToken, false);
        const volume = spec.volumes.find(({ name }) => name === 'bundle');
        assert.deepEqual(volume?.projected, {
          sources: [{ configMap: { name: `${map.name}-1a2b3c4d` } }],
        });
        const url = container.env.find(({ name }) => name === 'PODLINE_DATABASE_URL');
        assert.deepEqual(url?.valueFrom, { secretKeyRef: { name: 'database', key: 'url' } });
      });

      it('makes a Job that a later update repeats when it failed, and never loses', async () => {
        const job = (await make(twin, { plans, readyTimeout: 90 })).one('Job');
        const { metadata, spec } = job.inputs as unknown as Job;
        assert.equal(metadata.name, undefined);
        assert.equal(metadata.annotations['pulumi.com/replaceUnready'], 'true');
        assert.equal(spec.ttlSecondsAfterFinished, undefined);
        assert.equal(job.timeout, '90s');
      });

      it('waits for what the bundle is said to depend on', async () => {
        const { one } = await record(twin, () => {
          const first = new k8s.batch.v1.Job('migration', {});
          return new DagBundle('etl', args({ plans }), { dependsOn: [first] });
        });
        const job = one('Job', '-register');
        assert.ok(job.after.includes('migration'), job.after.join());
      });

      it('names the pieces by the DAGs: a comment changes nothing, a script does', async () => {
        const nameOf = async (folder: string) =>
          (await make(twin, { folder })).all('ConfigMap').map(({ name }) => name);
        const before = await nameOf(await dags());
        const commented = await write({
          'dags.ts': `// More words.\n${DAGS.replace('CRON', '0 * * * *')}`,
          'a.sql': 'SELECT 1',
        });
        assert.deepEqual(await nameOf(commented), before);
        assert.notDeepEqual(await nameOf(await dags('0 * * * *', 'SELECT 2')), before);
        assert.notDeepEqual(await nameOf(await dags('5 * * * *')), before);
      });

      it('takes a build that was made elsewhere', async () => {
        const { all } = await make(twin, { plans });
        assert.deepEqual(
          byName(all('Dag')).map(({ name }) => name),
          ['etl-hourly', 'etl-manual'],
        );
      });

      it('refuses a folder with mistakes, and tells all of them with their places', async () => {
        const folder = await write({
          'one.ts': `import { bash, dag } from 'podline/dag';
export const one = dag('one', { schedule: 'never' }, (d) => {
  d.task('bad id', bash({ script: 'true' }));
});`,
          'two.ts': `import { dag } from 'podline/dag';\nexport const two = dag('two', {}, (d) => {`,
          'fine.ts': DAGS.replace('CRON', '@daily').replace("file: 'a.sql'", "sql: 'SELECT 1'"),
        });
        let made = 0;
        const error = await failure(twin, () => {
          new DagBundle('etl', args({ folder }));
          made++;
        });
        assert.ok(error instanceof pulumi.InputPropertiesError, String(error));
        assert.equal(made, 0);
        const { errors } = error as unknown as {
          errors: { propertyPath: string; reason: string }[];
        };
        assert.deepEqual(
          new Set(errors.map(({ propertyPath }) => propertyPath)),
          new Set(['folder']),
        );
        const reasons = errors.map(({ reason }) => reason).sort();
        assert.equal(reasons.length, 3, reasons.join('\n'));
        assert.match(reasons[0]!, /one\.ts:2:\d+ dag\.bad_schedule: .*"never"/);
        assert.match(reasons[1]!, /one\.ts:3:\d+ dag\.bad_id: .*"bad id"/);
        assert.match(reasons[2]!, /two\.ts:2:\d+ build\.failed: /);
        assert.match(error.message, /DagBundle "etl"/);
      });

      it('refuses arguments that say nothing or too much, all at once', async () => {
        const reasons = async (given: Partial<DagBundleArgs>) => {
          const error = await failure(twin, () => new DagBundle('etl', args(given)));
          assert.ok(error instanceof pulumi.InputPropertiesError, String(error));
          return (error as unknown as { errors: { propertyPath: string }[] }).errors.map(
            ({ propertyPath }) => propertyPath,
          );
        };
        assert.deepEqual(await reasons({}), ['folder']);
        assert.deepEqual(await reasons({ folder: 'a', plans: 'b' }), ['folder']);
        assert.deepEqual(await reasons({ folder: '/nowhere' }), ['folder']);
        assert.deepEqual(await reasons({ plans: '/nowhere' }), ['plans']);
        assert.deepEqual(
          await reasons({ folder: '/nowhere', image: 'UPPER CASE', owner: 'a b', buildTimeout: 0 }),
          ['image', 'buildTimeout', 'owner', 'folder'],
        );
      });
    });
  }

  it('gives DAG files nothing of the environment of the deployment', async () => {
    const folder = await write({
      'dags.ts': `import { bash, dag } from 'podline/dag';
const seen = Object.keys(process.env).filter((name) => /CLOUD|PULUMI/.test(name)).join(' ');
export const d = dag('d', { description: 'sees ' + seen }, (d) => {
  d.task('t', bash({ script: 'true' }));
});`,
    });
    process.env.CLOUD_TOKEN = 'secret';
    process.env.PULUMI_CONFIG_PASSPHRASE = 'secret';
    try {
      const { plans, problems } = buildDags({ folder, timeout: 60 });
      assert.deepEqual(problems, []);
      assert.equal(plans[0]?.plan.description, 'sees ');
    } finally {
      delete process.env.CLOUD_TOKEN;
      delete process.env.PULUMI_CONFIG_PASSPHRASE;
    }
  });

  it('ends a build that takes too long', async () => {
    const folder = await write({
      'dags.ts': `import { dag } from 'podline/dag';\nfor (;;) dag;`,
    });
    const { problems } = buildDags({ folder, timeout: 2 });
    assert.match(problems.join(), /took more than 2 seconds \(buildTimeout\)/);
  });

  it('refuses a build that is larger than a cluster should keep', async () => {
    const folder = await write({
      'dags.ts': `import { dag, typescript } from 'podline/dag';
import data from './data.json' with { type: 'json' };
export const d = dag('d', {}, (d) => {
  d.task('t', typescript({ run: () => data.length }));
});`,
      // Random, so that nothing makes it smaller.
      'data.json': JSON.stringify(
        Array.from({ length: 24 }, () => randomBytes(2 ** 20).toString('base64')),
      ),
    });
    const error = await failure('update', () => new DagBundle('etl', args({ folder })));
    assert.match(error.message, /MiB compressed, more than the 20 MiB/);
  });
});
