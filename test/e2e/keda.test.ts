/** The example warm-pool-with-keda, with the real KEDA: a pool that goes from no worker to several and back. */
import assert from 'node:assert/strict';
import { installKeda } from '../cluster/keda.ts';
import { Deployed, until } from './deployed.ts';
import { measured } from './figures.ts';
import { Fixture } from './fixture.ts';
import type { PulumiStack } from './pulumiStack.ts';

describe('the stack with a pool that KEDA scales', () => {
  const fixture = new Fixture();
  let stack: PulumiStack;
  let deployed: Deployed;
  let pool: string;

  before(async () => {
    await fixture.open();
    fixture.atEnd(await installKeda(fixture.cluster));
    stack = await fixture.stack({
      example: 'warm-pool-with-keda',
      config: {
        image: fixture.images.podline,
        databaseImage: fixture.images.postgres,
        databaseVolume: 'false',
        maxWorkers: '3',
        cooldownSeconds: '5',
      },
    });
  });
  after(() => fixture.close());

  const workers = async () => {
    const count = ['-o', 'jsonpath={.status.replicas}'];
    const where = ['-n', deployed.place.tasks];
    return Number(await deployed.kubectl('get', 'deployment', pool, ...where, ...count));
  };

  it('has no worker while there is no work', async () => {
    await stack.up();
    const outputs = await stack.outputs();
    deployed = await Deployed.of(fixture.cluster, outputs);
    pool = String(outputs.poolDeployment);
    await until('no worker is left', 60, async () => (await workers()) === 0);
  });

  it('gets workers for the work, and loses them when it is done', async () => {
    const started = performance.now();
    const runId = await deployed.trigger('burst', { tasks: 60, milliseconds: 2000 });
    let most = 0;
    const watch = setInterval(() => {
      void workers().then(
        (count) => (most = Math.max(most, count)),
        () => {},
      );
    }, 1000);
    await until('a worker', 60, async () => (await workers()) > 0);
    measured(
      'warm pool: work to the first worker, by KEDA',
      (performance.now() - started) / 1000,
      's',
    );
    const run = await deployed.ended('burst', runId, 240);
    clearInterval(watch);
    assert.equal(run.state, 'success', JSON.stringify(run));
    assert.ok(most > 1 && most <= 3, `there were ${most} workers at most`);
    await until('no worker is left', 120, async () => (await workers()) === 0);
  });

  it('is unchanged in a preview, whatever KEDA has done', async () => {
    const { changes } = await stack.preview('--expect-no-changes');
    assert.deepEqual(changes, []);
  });
});
