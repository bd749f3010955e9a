/** F3, F14: an API server that pushes back, breaks, or does what it is asked and says nothing. */
import assert from 'node:assert/strict';
import type { FaultProxy } from '../faultProxy.ts';
import { openCluster, type TestCluster } from '../harness.ts';
import { Rig } from '../rig.ts';
import { dagFile } from './faultDags.ts';
import { PodCount } from './podCount.ts';

const WIDTH = 24;

describe('an API server in trouble', function () {
  this.timeout(180_000);
  let cluster: TestCluster;
  let proxy: FaultProxy;
  let rig: Rig;
  let count: PodCount;
  before(async () => {
    cluster = await openCluster();
    proxy = await cluster.proxy({ random: seeded(14) });
    rig = await Rig.open({ cluster, config: { kubeconfig: proxy.kubeconfig } });
    count = await PodCount.open(cluster, rig.namespace);
    await rig.register(
      dagFile(`
export const wide = dag('wide', { defaults }, (d) => {
  for (let n = 0; n < ${WIDTH}; n += 1) {
    d.task('t' + n, n % 6 === 0 ? bash({ script: 'true' }) : pod(sh('true')));
  }
});`),
    );
    await rig.start();
  });
  afterEach(async () => {
    proxy.heal();
    await rig.noPods();
    await rig.sound();
  });
  after(async () => {
    await rig.close();
    await count.close();
  });

  /** All at the first attempt, with one pod each. */
  async function ranOnce(): Promise<void> {
    const made = count.all;
    const run = await rig.trigger('wide');
    assert.equal(await rig.ended(run, 120_000), 'success', rig.said());
    const attempts = await rig.attempts(run);
    assert.deepEqual(
      attempts.map((attempt) => [attempt.number, attempt.state, count.of(attempt)]),
      Array.from({ length: WIDTH }, () => [1, 'success', 1]),
    );
    assert.equal(count.all - made, WIDTH);
    // The one try of each, no retry.
    assert.equal(await rig.triesUsed(run), WIDTH);
  }

  it('429 with Retry-After and 500 on every fourth call', async () => {
    proxy.when({ probability: 0.14, does: { status: 429, retryAfter: 1 } });
    proxy.when({ probability: 0.14, does: { status: 500 } });
    const calls = proxy.calls.length;
    await ranOnce();
    const refused = proxy.calls.slice(calls).filter(({ rule }) => rule).length;
    assert.ok(refused >= WIDTH / 4, `${refused} calls were refused`);
  });

  it('creates whose answer is lost, one of three', async () => {
    proxy.when({ method: 'POST', path: /\/pods$/, probability: 1 / 3, does: 'loseResponse' });
    const calls = proxy.calls.length;
    await ranOnce();
    const lost = proxy.calls.slice(calls).filter(({ rule }) => rule).length;
    assert.ok(lost >= WIDTH / 6, `${lost} answers were lost`);
  });

  it('a server that is down for a while', async () => {
    proxy.refuse();
    setTimeout(() => proxy.heal(), 3_000);
    await ranOnce();
  });
});

/** The same faults every time. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
