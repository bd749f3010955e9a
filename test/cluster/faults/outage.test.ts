/** F37: the API server does not answer for a time; once the scheduler dies meanwhile, too. Nothing is decided from silence. */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { openCluster, type TestCluster } from '../harness.ts';
import type { FaultProxy } from '../faultProxy.ts';
import { Rig, type RigAttempt } from '../rig.ts';
import { dagFile } from './faultDags.ts';
import { Ledger } from './ledger.ts';
import { PodHistory } from './podHistory.ts';

/** Above the silence after which a watch counts as dead (30 s) and the time of a call (30 s). */
const SILENT_MS = 40_000;
/** Refused calls fail at once, and many times in this. */
const REFUSED_MS = 12_000;

describe('an API server that does not answer', function () {
  this.timeout(240_000);
  let cluster: TestCluster;
  let proxy: FaultProxy;
  let rig: Rig;
  let ledger: Ledger;
  let history: PodHistory;
  before(async () => {
    cluster = await openCluster();
    proxy = await cluster.proxy();
    ledger = await Ledger.open(cluster.hostAddress);
    rig = await Rig.open({ cluster, config: { kubeconfig: proxy.kubeconfig } });
    history = await PodHistory.open(cluster, rig.namespace);
    await rig.register(
      dagFile(`
export const held = dag('held', { defaults }, (d) => {
  d.task('work', bash({ script: '${ledger.enter('held')}; read -r go <&3; echo 7 > "$PODLINE_OUTPUT"' }));
});
export const lasting = dag('lasting', { defaults }, (d) => {
  d.task('worker', bash({ script: '${ledger.enter('lasting')}; read -r go <&3' }));
  d.task('direct', pod(sh('${ledger.enter('lasting')}; read -r go <&3')));
});
export const long = dag('long', { defaults }, (d) => {
  d.task('work', bash({ script: 'exec sleep 300' }));
});
export const late = dag('late', { defaults }, (d) => {
  d.task('worker', bash({ script: 'true' }));
  d.task('direct', pod(sh('true')));
});`),
    );
  });
  afterEach(async () => {
    proxy.heal();
    for (const each of rig.processes) await each.end();
  });
  after(async () => {
    await history.close();
    await rig.close();
    ledger.close();
  });

  const running = (run: string) =>
    rig.until(`${run} runs`, async () => {
      const attempts = await rig.attempts(run);
      return attempts.length > 0 && attempts.every(({ state }) => state === 'running');
    });
  const ends = async (run: string) =>
    (await rig.attempts(run)).map(({ number, state, cause }: RigAttempt) => [number, state, cause]);

  async function outlive(how: () => void, ms: number, during: () => Promise<void>) {
    await rig.start();
    const [held, lasting, long] = [
      await rig.trigger('held'),
      await rig.trigger('lasting'),
      await rig.trigger('long'),
    ];
    for (const run of [held, lasting, long]) await running(run);
    // A claim is not yet a program that listens.
    await rig.until('three wait for a word', async () => ledger.living === 3);
    how();
    const since = performance.now();
    const late = await rig.trigger('late');
    // What needs the database alone goes on: a task ends, another is cancelled.
    ledger.release();
    assert.equal(await rig.ended(held), 'success', rig.said());
    assert.equal(await rig.output(held, 'work'), 7);
    await rig.cancel('long', long);
    await during();
    await sleep(Math.max(0, ms - (performance.now() - since)));
    const waiting = await rig.attempts(late);
    assert.ok(waiting.length > 0);
    for (const { state } of waiting) assert.equal(state, 'launching');
    assert.equal((await rig.attempts(lasting)).filter(({ cause }) => cause !== null).length, 0);

    proxy.heal();
    const healed = performance.now();
    for (const run of [late, lasting]) assert.equal(await rig.ended(run), 'success', rig.said());
    const took = performance.now() - healed;
    await rig.noPods();
    const gone = performance.now() - healed;
    console.log(
      `      all ends ${(took / 1000).toFixed(1)} s, no pods ${(gone / 1000).toFixed(1)} s after`,
    );
    for (const run of [late, lasting]) {
      assert.deepEqual(await ends(run), [
        [1, 'success', null],
        [1, 'success', null],
      ]);
    }
    assert.deepEqual(await ends(long), [[1, 'failed', 'cancelled']]);
    assert.deepEqual(history.twins, []);
    await rig.sound();
  }

  it('silence: running tasks go on, nothing fails, launches go on after it', async () => {
    await outlive(
      () => proxy.silence(),
      SILENT_MS,
      () => Promise.resolve(),
    );
  });

  it('refusal, and another scheduler begins in the middle of it', async () => {
    await outlive(
      () => proxy.refuse(),
      REFUSED_MS,
      async () => {
        await rig.processes.at(-1)?.end();
        await rig.start();
      },
    );
  });
});
