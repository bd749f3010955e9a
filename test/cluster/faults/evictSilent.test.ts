/**
 * F10: a node that falls silent. Its pod can neither end nor be asked; what it still does is worth nothing. The node
 * is an object without a kubelet, the test speaks for it. Takes the 60 s that an executor has patience.
 */
import assert from 'node:assert/strict';
import { NODE_PATIENCE } from '../../../runtime/executors/kubernetes/reconcile.ts';
import { openCluster, type TestCluster } from '../harness.ts';
import { Rig, type RigAttempt } from '../rig.ts';
import { dagFile } from './faultDags.ts';

const NODES = '/api/v1/nodes';

describe('a silent node', function () {
  this.timeout(180_000);
  let cluster: TestCluster;
  let rig: Rig;
  let node: string;
  before(async () => {
    cluster = await openCluster();
    rig = await Rig.open({ cluster });
    node = rig.namespace;
    const room = { cpu: '8', memory: '8Gi', pods: '100' };
    const ready = { type: 'Ready', status: 'True', reason: 'Test', message: 'said by a test' };
    await cluster.api.call('POST', NODES, { metadata: { name: node } });
    const beat = { lastHeartbeatTime: new Date().toISOString() };
    await cluster.api.call('PATCH', `${NODES}/${node}/status`, {
      status: { allocatable: room, capacity: room, conditions: [{ ...ready, ...beat }] },
    });
    // Nobody else goes there; ours stay when it is found to be silent.
    await cluster.api.call('PATCH', `${NODES}/${node}`, {
      metadata: { labels: { 'podline.test/only': node } },
      spec: { taints: [{ key: 'podline.test/only', effect: 'NoSchedule' }] },
    });
    await rig.register(
      dagFile(`
const place = {
  nodeSelector: { 'podline.test/only': '${node}' },
  tolerations: [{ operator: 'Exists' }],
};
export const work = dag('work', { defaults }, (d) => {
  d.task('direct', pod({ ...own, ...place }));
});`),
    );
    await rig.start();
  });
  after(async () => {
    await rig.close();
    await cluster.api.ask('DELETE', `${NODES}/${node}`);
  });

  const isRunning = ({ state }: RigAttempt) => state === 'running';

  /** What the kubelet of that node would say about a pod. */
  async function say(attempt: RigAttempt, phase: string, state: object): Promise<string> {
    const { metadata } = await rig.podOf(attempt);
    const path = `/api/v1/namespaces/${rig.namespace}/pods/${metadata.name}`;
    const main = { name: 'main', image: 'any', imageID: 'any', ready: true, restartCount: 0 };
    const containerStatuses = [{ ...main, state }];
    await cluster.api.call('PATCH', `${path}/status`, { status: { phase, containerStatuses } });
    return path;
  }
  const bound = (run: string, number: number) =>
    rig.until(`pod ${number} is on the node`, async () => {
      const attempt = (await rig.attempts(run)).find((each) => each.number === number);
      return attempt?.facts.node === node && attempt;
    });

  it('its pod is given up, and one success is recorded', async () => {
    const run = await rig.trigger('work');
    const first = await bound(run, 1);
    const startedAt = new Date().toISOString();
    const path = await say(first, 'Running', { running: { startedAt } });
    await rig.attempt(run, 'running', isRunning);
    // As an eviction from a silent node does: it is asked to go, and nobody hears it.
    await cluster.api.call('DELETE', path);
    const asked = performance.now();
    const limit = (NODE_PATIENCE + 10) * 1000;
    const lost = await rig.until(
      'the node is given up',
      async () => (await rig.attempts(run)).find(({ gone }) => gone),
      limit,
    );
    const seconds = (performance.now() - asked) / 1000;
    assert.ok(seconds > NODE_PATIENCE, `given up after ${seconds} s`);
    assert.deepEqual([lost.id, lost.cause], [first.id, 'node_lost']);
    assert.match(lost.message ?? '', new RegExp(`node ${node} does not answer`));
    await rig.until('it is not in the cluster any more', async () => {
      return (await cluster.api.ask('GET', path)).status === 404;
    });
    const second = await bound(run, 2);
    const finishedAt = new Date().toISOString();
    await say(second, 'Succeeded', {
      terminated: { exitCode: 0, reason: 'Completed', startedAt, finishedAt },
    });
    assert.equal(await rig.ended(run), 'success', rig.said());
    assert.equal(await rig.triesUsed(run), 1);
    await rig.noPods();
    await rig.sound();
  });
});
