/** F5, F6: watches that are cut, go silent, or are too old. What happened meanwhile is known soon after, and nothing is guessed. */
import assert from 'node:assert/strict';
import type { FaultProxy } from '../faultProxy.ts';
import { openCluster, type TestCluster } from '../harness.ts';
import { Rig, type RigAttempt } from '../rig.ts';
import { dagFile } from './faultDags.ts';
import { Ledger } from './ledger.ts';

describe('watches that break', function () {
  this.timeout(120_000);
  let cluster: TestCluster;
  let proxy: FaultProxy;
  let rig: Rig;
  let ledger: Ledger;
  before(async () => {
    cluster = await openCluster();
    proxy = await cluster.proxy();
    ledger = await Ledger.open(cluster.hostAddress);
    rig = await Rig.open({ cluster, config: { kubeconfig: proxy.kubeconfig } });
    const waits = (name: string) => JSON.stringify(`${ledger.enter(name)}; read -r go <&3`);
    await rig.register(
      dagFile(`
export const waits = dag('waits', { defaults }, (d) => {
  d.task('worker', bash({ script: ${waits('worker')} }));
  d.task('direct', pod(sh(${waits('direct')})));
});
export const quick = dag('quick', { defaults }, (d) => {
  d.task('direct', pod(sh('true')));
});`),
    );
    await rig.start();
  });
  afterEach(async () => {
    proxy.heal();
    ledger.release();
    await rig.noPods();
    await rig.sound();
  });
  after(async () => {
    await rig.close();
    ledger.close();
  });

  const live = () => ledger.entries.filter(({ to }) => to === null).length;
  const isRunning = ({ state }: RigAttempt) => state === 'running';

  async function atWork(): Promise<string> {
    const run = await rig.trigger('waits');
    await rig.until('both are at work, and known to be', async () => {
      return live() === 2 && (await rig.attempts(run)).filter(isRunning).length === 2;
    });
    return run;
  }

  /** Both programs end; seconds until that is known. */
  async function endOf(run: string, milliseconds: number): Promise<number> {
    ledger.release();
    const began = performance.now();
    assert.equal(await rig.ended(run, milliseconds), 'success', rig.said());
    assert.ok((await rig.attempts(run)).every(({ number }) => number === 1));
    return (performance.now() - began) / 1000;
  }

  const forceDelete = async (attempt: RigAttempt) => {
    const { metadata } = await rig.podOf(attempt);
    const now = ['--force', '--grace-period=0'];
    await cluster.kubectl('delete', 'pod', '-n', rig.namespace, metadata.name, ...now);
  };

  for (const reset of [false, true]) {
    it(`cut ${reset ? 'with' : 'without'} a reset, again and again`, async () => {
      const run = await atWork();
      for (let n = 0; n < 3; n += 1) {
        const calls = proxy.calls.length;
        assert.ok(proxy.cut({ reset }) > 0);
        await rig.until('the next watch', async () =>
          proxy.calls.slice(calls).some(({ watch, status }) => watch && status === 200),
        );
      }
      await endOf(run, 10_000);
    });
  }

  it('a partition: nothing is decided in it, and all is known after it', async () => {
    const run = await atWork();
    const direct = await rig.attempt(run, 'direct', ({ task }) => task === 'direct');
    proxy.silence();
    await forceDelete(direct);
    await rig.until('the programs are dead or done', async () => {
      ledger.release();
      return live() === 0;
    });
    const quick = await rig.trigger('quick');
    await rig.attempt(quick, 'launching', ({ state }) => state === 'launching');
    assert.ok((await rig.attempts(run)).every(({ cause }) => cause === null));
    proxy.heal();
    const gone = await rig.until(
      'what was deleted',
      async () => (await rig.attempts(run)).find(({ cause }) => cause !== null),
      10_000,
    );
    assert.deepEqual([gone.task, gone.cause], ['direct', 'pod_deleted']);
    assert.equal(await rig.ended(quick, 15_000), 'success', rig.said());
    await rig.until('the second attempt is at work', async () => live() === 1);
    ledger.release();
    assert.equal(await rig.ended(run), 'success');
  });

  it('connections that die without a word: known within 35 s', async () => {
    const run = await atWork();
    assert.ok(proxy.forget() > 0);
    const quick = await rig.trigger('quick');
    const seconds = await endOf(run, 36_000);
    assert.ok(seconds > 1, `${seconds} s: the watch was alive`);
    // Its create went out on a dead connection as well.
    assert.equal(await rig.ended(quick, 10_000), 'success', rig.said());
    assert.deepEqual((await rig.attempts(quick)).length, 1);
  });

  it('410 Gone: what was deleted meanwhile is noticed', async () => {
    const run = await atWork();
    const [first] = await rig.attempts(run);
    assert.ok(first);
    const count = ledger.of(first.task).length;
    proxy.refuse();
    await forceDelete(first);
    const calls = proxy.calls.length;
    proxy.heal();
    proxy.when({ watch: true, times: 1, does: { status: 410 } });
    const gone = await rig.until(
      'what was deleted',
      async () => (await rig.attempts(run)).find(({ cause }) => cause !== null),
      10_000,
    );
    assert.deepEqual([gone.id, gone.cause], [first.id, 'pod_deleted']);
    await rig.until('the list after the 410', async () => {
      const since = proxy.calls.slice(calls);
      const refused = since.findIndex(({ watch, status }) => watch && status === 410);
      return refused >= 0 && since.slice(refused + 1).some((call) => call.path.includes('limit='));
    });
    await rig.until(
      'the second attempt is at work',
      async () => ledger.of(first.task).length > count,
    );
    ledger.release();
    assert.equal(await rig.ended(run), 'success');
  });

  it('an ERROR event in the watch: a list, and on it goes', async () => {
    const run = await atWork();
    const calls = proxy.calls.length;
    assert.ok(proxy.expireWatches() > 0);
    await rig.until('a list and a watch', async () => {
      const since = proxy.calls.slice(calls);
      const listed = since.findIndex(({ path }) => path.includes('limit='));
      return listed >= 0 && since.slice(listed + 1).some(({ watch }) => watch);
    });
    await endOf(run, 10_000);
  });
});
