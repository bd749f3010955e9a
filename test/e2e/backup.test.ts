/** Backups of the metadata database on a volume, with the real pg_dump, in a program of its own. */
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import fs from 'node:fs/promises';
import { Fixture } from './fixture.ts';
import type { PulumiStack } from './pulumiStack.ts';
import { needsOwnCluster, provideVolume } from './volumes.ts';

const PROGRAM = `
  import * as pulumi from '@pulumi/pulumi';
  import { Backup, BackupMode, DatabaseMode, Orchestrator } from 'podline';
  const config = new pulumi.Config();
  const [image, server, storageClass] = ['image', 'server', 'storageClass'].map((key) => config.require(key));
  const podline = new Orchestrator('podline', {
    image,
    database: { mode: DatabaseMode.Embedded, embedded: { image: server, persistent: false } },
    scheduler: { replicas: 1 },
  });
  new Backup('nightly', {
    namespace: podline.namespace,
    mode: BackupMode.Dump,
    dump: { database: podline.connection, image: server, storage: { size: '1Gi', storageClass }, keepData: false },
  });
  export const namespace = podline.namespace;
`;

describe('backups of the database', () => {
  const fixture = new Fixture();
  let stack: PulumiStack;
  let volume: string;

  before(async function () {
    needsOwnCluster(this);
    await fixture.open();
    const storageClass = `e2e-${crypto.randomBytes(4).toString('hex')}`;
    volume = await provideVolume(fixture, storageClass);
    const { podline: image, postgres: server } = fixture.images;
    stack = await fixture.stack({
      project: await fixture.program(PROGRAM),
      config: { image, server, storageClass },
    });
  });
  after(() => fixture.close());

  it('are whole, of the schema and its rows', async () => {
    await stack.up();
    const { namespace } = await stack.outputs();
    const there = ['-n', String(namespace)];
    const kubectl = (...args: string[]) => fixture.cluster.kubectl(...args);
    const jobs = (await kubectl('get', 'cronjobs', ...there, '-o', 'name')).trim();
    assert.match(jobs, /^cronjob.batch\/nightly-/);
    await kubectl('create', 'job', 'now', ...there, `--from=${jobs}`);
    await kubectl('wait', 'job/now', ...there, '--for=condition=Complete', '--timeout=120s');
    assert.match(await kubectl('logs', 'job/now', ...there), /wrote podline-\w+\.dump, \d+ bytes/);
    const dumps = await fs.readdir(volume);
    assert.equal(dumps.length, 1);
    assert.match(dumps[0]!, /^podline-\d{8}T\d{6}Z\.dump$/);
    const { changes } = await stack.preview('--expect-no-changes');
    assert.deepEqual(changes, []);
  });
});
