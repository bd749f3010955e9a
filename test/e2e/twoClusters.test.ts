/** The example two-clusters: the other cluster is one with an API server of its own, whose nodes are simulated. */
import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import { secondCluster, type TestCluster } from '../cluster/harness.ts';
import { SIMULATED_API } from '../cluster/own/simulated.ts';
import { Deployed } from './deployed.ts';
import { Fixture } from './fixture.ts';
import { OutsideServer } from './outsideServer.ts';
import type { PulumiStack } from './pulumiStack.ts';

const DAGS = `
  import { bash, dag, pod } from 'podline/dag';
  export const batch = dag('batch', {}, (d) => {
    const prepare = d.task('prepare', bash({ script: 'echo ready' }));
    const crunch = pod({ cluster: 'batch', image: 'docker.io/local/any:1', command: ['true'] });
    // A simulated pod ends when it is told to.
    d.task('crunch', crunch, { after: [prepare], pod: { annotations: { 'podline.test/ends-after': '1s' } } });
  });`;

describe('the stack with a second cluster', () => {
  const fixture = new Fixture();
  let other: TestCluster;
  let server: OutsideServer;
  let stack: PulumiStack;
  let deployed: Deployed;

  before(async () => {
    await fixture.open();
    other = await secondCluster();
    server = await OutsideServer.start(fixture.cluster.hostAddress, 'not-used');
    fixture.atEnd(() => server.stop());
    stack = await fixture.stack({
      example: 'two-clusters',
      config: {
        image: fixture.images.podline,
        dags: await fixture.dags({ 'batch.ts': DAGS }),
        otherServer: `https://${fixture.cluster.hostAddress}:${SIMULATED_API}`,
        otherServerName: 'localhost',
      },
      secrets: {
        databaseUrl: await server.database('etl', 'not-used'),
        otherKubeconfig: await fs.readFile(other.kubeconfig, 'utf8'),
      },
    });
  });
  after(() => fixture.close());

  it('runs one task here and one there', async () => {
    await stack.up();
    const outputs = await stack.outputs();
    deployed = await Deployed.of(fixture.cluster, outputs);
    const watch = ['get', 'pods', '-n', String(outputs.batchNamespace), '-o', 'json'];
    const run = await deployed.ended('batch', await deployed.trigger('batch'));
    assert.equal(run.state, 'success', JSON.stringify(run));
    const { items } = JSON.parse(await other.kubectl(...watch)) as { items: unknown[] };
    assert.deepEqual(items, [], 'its pod is gone again');
    const shown = await deployed.podline<{ attempts: { pod?: { cluster?: string } }[] }>(
      ...['tasks', 'show', 'batch', run.runId, 'crunch'],
    );
    assert.match(JSON.stringify(shown), /"batch"/);
  });

  it('is unchanged in a preview of the same program', async () => {
    const { changes } = await stack.preview('--expect-no-changes');
    assert.deepEqual(changes, []);
  });

  it('leaves nothing in either cluster', async () => {
    await stack.destroy();
    const left = await other.kubectl('get', 'namespace', 'podline-batch', '--ignore-not-found');
    assert.equal(left, '');
  });
});
