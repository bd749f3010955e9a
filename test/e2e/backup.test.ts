/** Backups of the metadata database on a volume, with the real pg_dump, and the way back as docs/monitoring.md says it. */
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { run } from '../cluster/command.ts';
import { kubectlProgram } from '../cluster/harness.ts';
import { Deployed } from './deployed.ts';
import { Fixture } from './fixture.ts';
import type { PulumiStack } from './pulumiStack.ts';
import { needsOwnCluster, provideVolume } from './volumes.ts';

const PROGRAM = `
  import * as pulumi from '@pulumi/pulumi';
  import { DatabaseMode, Orchestrator } from 'podline';
  const config = new pulumi.Config();
  const [image, server, storageClass, dags] = ['image', 'server', 'storageClass', 'dags'].map((key) => config.require(key));
  const podline = new Orchestrator('podline', {
    image,
    database: { mode: DatabaseMode.Embedded, embedded: { image: server, persistent: false } },
    backup: { dump: { storage: { size: '1Gi', storageClass }, keepData: false } },
    scheduler: { replicas: 1 },
    dagFolders: [dags],
  });
  export const namespace = podline.namespace;
  export const taskNamespace = podline.taskNamespace;
`;

const HELLO = `
  import { bash, dag } from 'podline/dag';
  export const hello = dag('hello', {}, (d) => { d.task('say', bash({ script: 'echo hello' })); });`;

describe('backups of the database', () => {
  const fixture = new Fixture();
  let stack: PulumiStack;
  let volume: string;
  let deployed: Deployed;
  let dump: string;
  let runId: string;

  before(async function () {
    needsOwnCluster(this);
    await fixture.open();
    const storageClass = `e2e-${crypto.randomBytes(4).toString('hex')}`;
    volume = await provideVolume(fixture, storageClass);
    const { podline: image, postgres: server } = fixture.images;
    const dags = await fixture.dags({ 'hello.ts': HELLO });
    stack = await fixture.stack({
      project: await fixture.program(PROGRAM),
      config: { image, server, storageClass, dags },
    });
  });
  after(() => fixture.close());

  const kubectl = (...args: string[]) =>
    fixture.cluster.kubectl('-n', deployed.place.namespace, ...args);
  const end = (job: string) =>
    kubectl('wait', `job/${job}`, '--for=condition=Complete', '--timeout=120s');

  it('are whole, of the schema and its rows', async () => {
    await stack.up();
    deployed = await Deployed.of(fixture.cluster, await stack.outputs());
    runId = await deployed.trigger('hello');
    assert.equal((await deployed.ended('hello', runId)).state, 'success');
    const job = (await kubectl('get', 'cronjobs', '-o', 'name')).trim();
    assert.match(job, /^cronjob.batch\/podline-backup-/);
    await kubectl('create', 'job', 'now', `--from=${job}`);
    await end('now');
    assert.match(await kubectl('logs', 'job/now'), /wrote podline-\w+\.dump, \d+ bytes/);
    const dumps = await fs.readdir(volume);
    assert.equal(dumps.length, 1);
    dump = dumps[0]!;
    assert.match(dump, /^podline-\d{8}T\d{6}Z\.dump$/);
    const { changes } = await stack.preview('--expect-no-changes');
    assert.deepEqual(changes, []);
  });

  it('are laid over a new database, and the installation goes on with all of it', async () => {
    await kubectl('scale', 'deployment', '--replicas=0', '-l', 'app.kubernetes.io/part-of=podline');
    // It has no volume: a new pod is an empty database.
    await kubectl('delete', 'pod', 'podline-database-0');
    await kubectl('rollout', 'status', 'statefulset/podline-database', '--timeout=120s');
    await stack.up('--replace', '**$kubernetes:batch/v1:Job::podline-migration');

    const job = (await kubectl('get', 'cronjobs', '-o', 'name')).trim();
    await run('sh', ['-c', RESTORE, dump, job], {
      env: {
        PATH: `${path.dirname(await kubectlProgram())}:${process.env.PATH ?? ''}`,
        KUBECONFIG: fixture.cluster.kubeconfig,
        NAMESPACE: deployed.place.namespace,
      },
    });
    await end('restore');
    assert.match(await kubectl('logs', 'job/restore'), /^restored podline-/m);

    await stack.up('--refresh');
    const report = await deployed.run('hello', runId);
    assert.equal(report.state, 'success', 'what was there is there again');
    await deployed.podline('db', 'check');
    const again = await deployed.ended('hello', await deployed.trigger('hello'));
    assert.equal(again.state, 'success', 'roles and their rights are there, too');
    const { changes } = await stack.preview('--expect-no-changes');
    assert.deepEqual(changes, []);
  });
});

/** As it is in the documents, with the dump and the CronJob as arguments. */
const RESTORE = `set -e
kubectl -n "$NAMESPACE" create job restore --from="$1" --dry-run=client -o yaml |
  kubectl set env --local -f - RESTORE="$0" -o yaml | kubectl -n "$NAMESPACE" apply -f -`;
