/** The volume of the database in the cluster: it outlives its stack when that is asked, and the next stack finds it. */
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { Deployed, until } from './deployed.ts';
import { Fixture } from './fixture.ts';
import type { PulumiStack } from './pulumiStack.ts';
import { needsOwnCluster, provideVolume } from './volumes.ts';

const CLAIM = 'data-podline-database-0';

describe('the volume of the database', () => {
  const fixture = new Fixture();
  const storageClass = `e2e-${crypto.randomBytes(4).toString('hex')}`;
  let stack: PulumiStack;
  let namespace: string;
  let runId: string;

  before(async function () {
    needsOwnCluster(this);
    await fixture.open();
    await provideVolume(fixture, storageClass);
    stack = await fixture.stack({
      config: {
        image: fixture.images.podline,
        databaseImage: fixture.images.postgres,
        databaseSize: '1Gi',
        storageClass,
        keepData: 'true',
        schedulers: '1',
      },
    });
  });
  after(() => fixture.close());

  const claims = () =>
    fixture.cluster.kubectl('get', 'pvc', '-n', namespace, '-o', 'name', '--ignore-not-found');

  it('stays, with its namespace, when the stack goes', async () => {
    await stack.up();
    const deployed = await Deployed.of(fixture.cluster, await stack.outputs());
    ({ namespace } = deployed.place);
    fixture.atEnd(() => fixture.cluster.api.ask('DELETE', `/api/v1/namespaces/${namespace}`));
    runId = await deployed.trigger('hello');
    const run = await deployed.ended('hello', runId);
    assert.equal(run.state, 'success', JSON.stringify(run));
    await stack.destroy();
    assert.equal((await claims()).trim(), `persistentvolumeclaim/${CLAIM}`);
    const pods = () => fixture.cluster.kubectl('get', 'pods', '-n', namespace, '-o', 'name');
    await until('nothing runs there', 60, async () => (await pods()) === '');
  });

  it('is found by a stack of the same namespace, which has another password', async () => {
    await stack.configure({ namespace });
    await stack.up();
    const deployed = await Deployed.of(fixture.cluster, await stack.outputs());
    const runs = await deployed.podline<{ runId: string }[]>('runs', 'list', 'hello');
    assert.ok(runs.some((run) => run.runId === runId));
  });

  it('goes with the stack when that is asked', async () => {
    await stack.configure({ keepData: 'false' });
    await stack.up();
    await stack.destroy();
    await until('the claim is gone', 60, async () => (await claims()) === '');
  });
});
