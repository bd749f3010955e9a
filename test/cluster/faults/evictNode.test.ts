/** F10: a node that must be left, in a second cluster: pods vanish from it without a word of their own. */
import assert from 'node:assert/strict';
import { secondCluster, type TestCluster } from '../harness.ts';
import { Rig, type RigAttempt } from '../rig.ts';
import { dagFile } from './faultDags.ts';

const NODES = '/api/v1/nodes';

describe('pods of a lost node', function () {
  this.timeout(120_000);
  let cluster: TestCluster;
  let rig: Rig;
  /** Ours alone: others use the nodes of the cluster, too. */
  let node: string;
  before(async () => {
    cluster = await secondCluster();
    rig = await Rig.open({ cluster });
    node = rig.namespace;
    const room = { cpu: '8', memory: '8Gi', pods: '100' };
    await cluster.api.call('POST', NODES, {
      metadata: { name: node, labels: { 'podline.test/only': node } },
      spec: { taints: [{ key: 'podline.test/only', value: node, effect: 'NoSchedule' }] },
      status: { allocatable: room, capacity: room },
    });
    await rig.register(
      dagFile(`
const place = {
  nodeSelector: { 'podline.test/only': '${node}' },
  tolerations: [{ key: 'podline.test/only', operator: 'Exists', effect: 'NoSchedule' }],
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
  const taint = (taints: object[]) =>
    cluster.api.call('PATCH', `${NODES}/${node}`, { spec: { taints } });

  it('are run again, and no try of the author is spent', async () => {
    const run = await rig.trigger('work');
    const first = await rig.attempt(run, 'running', isRunning);
    const only = { key: 'podline.test/only', value: node, effect: 'NoSchedule' };
    await taint([only, { key: 'podline.test/lost', effect: 'NoExecute' }]);
    const lost = await rig.attempt(run, 'lost', ({ gone }) => gone);
    assert.deepEqual([lost.id, lost.cause], [first.id, 'node_lost'], lost.message ?? '');
    await taint([only]);
    const second = await rig.attempt(run, 'again', (each) => each.number === 2 && isRunning(each));
    const { metadata } = await rig.podOf(second);
    const path = `/api/v1/namespaces/${rig.namespace}/pods/${metadata.name}`;
    await cluster.api.call('PATCH', path, {
      metadata: { annotations: { 'podline.test/ends-after': '0s' } },
    });
    assert.equal(await rig.ended(run), 'success', rig.said());
    assert.equal(await rig.triesUsed(run), 1);
    await rig.noPods();
    await rig.sound();
  });
});
