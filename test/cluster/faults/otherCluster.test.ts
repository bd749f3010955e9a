/** F38: one of two clusters is cut off. It holds only its own tasks; after the heal no attempt has had two pods. */
import assert from 'node:assert/strict';
import { openCluster, secondCluster } from '../harness.ts';
import type { FaultProxy } from '../faultProxy.ts';
import { Rig } from '../rig.ts';
import { dagFile } from './faultDags.ts';
import { PodHistory } from './podHistory.ts';

describe('a cluster that is cut off from its scheduler', function () {
  this.timeout(180_000);
  let rig: Rig;
  let near: FaultProxy;
  let far: FaultProxy;
  let history: PodHistory;
  let farPods: () => Promise<number>;
  before(async () => {
    const [cluster, other] = await Promise.all([openCluster(), secondCluster()]);
    const namespace = await other.namespace();
    [near, far] = await Promise.all([cluster.proxy(), other.proxy()]);
    history = await PodHistory.open(other, namespace);
    farPods = async () => {
      const path = `/api/v1/namespaces/${namespace}/pods`;
      return (await other.api.call<{ items: object[] }>('GET', path)).items.length;
    };
    rig = await Rig.open({
      cluster,
      config: { kubeconfig: near.kubeconfig },
      others: {
        far: {
          kubeconfig: far.kubeconfig,
          namespaces: [namespace],
          image: 'any',
          startupTimeout: 60,
          template: { metadata: { annotations: { 'podline.test/ends-after': '3s' } } },
        },
      },
    });
    await rig.register(
      dagFile(`
export const there = dag('there', { defaults: { retries } }, (d) => {
  for (let n = 0; n < 6; n += 1) d.task('t' + n, pod({ ...sh('true'), cluster: 'far' }));
});
export const here = dag('here', { defaults }, (d) => {
  const first = d.task('first', bash({ script: 'true' }));
  d.task('second', bash({ script: 'true' }), { after: first });
});`),
    );
    await rig.start();
  });
  after(async () => {
    await history.close();
    await rig.close();
  });

  const states = async (run: string) =>
    (await rig.attempts(run)).map(({ number, state }) => `${number} ${state}`);
  const six = (state: string) => Array.from({ length: 6 }, () => `1 ${state}`);

  it('holds its own tasks and no others, and goes on without a second pod', async () => {
    const before = await rig.trigger('there');
    await rig.until(
      'all run far away',
      async () => (await states(before)).join() === six('running').join(),
    );
    // Of the next six, some are made and nobody hears of it.
    far.when({ method: 'POST', times: 3, does: 'loseResponse' });
    const during = await rig.trigger('there');
    await rig.until('three are made', async () => history.pods.size >= 9);
    far.silence();

    const begun = performance.now();
    for (let round = 0; round < 3; round += 1) {
      assert.equal(await rig.ended(await rig.trigger('here')), 'success', rig.said());
    }
    console.log(`      three runs here in ${((performance.now() - begun) / 1000).toFixed(1)} s`);
    // The simulated pods have ended by themselves. Nobody could know.
    await rig.until('the far pods have ended', async () =>
      [...history.pods.values()].every(({ exitCode }) => exitCode === 0),
    );
    assert.ok(
      (await rig.attempts(during)).every(({ cause }) => cause === null),
      rig.said(),
    );
    assert.notEqual((await states(during)).join(), six('success').join());

    far.heal();
    const healed = performance.now();
    for (const run of [before, during]) {
      assert.equal(await rig.ended(run, 90_000), 'success', rig.said());
      assert.deepEqual(await states(run), six('success'));
    }
    console.log(
      `      all is known ${((performance.now() - healed) / 1000).toFixed(1)} s after the heal`,
    );
    await rig.until('no pod is left far away', async () => (await farPods()) === 0);
    await rig.noPods();
    assert.equal(history.pods.size, 12);
    assert.deepEqual(history.twins, []);
    await rig.sound();
  });
});
