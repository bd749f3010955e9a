/** Schedulers that die around a pod, or share a cluster: another one goes on, and the pods do not notice. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { DAGS } from './executorDags.ts';
import { openCluster, type TestCluster } from './harness.ts';
import { Rig, type RigAttempt, type RigProcess } from './rig.ts';

const isRunning = ({ state }: RigAttempt) => state === 'running';
const POINTS = ['pods.before_create', 'pods.after_create', 'pods.before_record'] as const;

describe('schedulers that die around pods', function () {
  this.timeout(180_000);
  let cluster: TestCluster;
  let rig: Rig;
  before(async () => {
    cluster = await openCluster();
    rig = await Rig.open({ cluster });
    await rig.register(DAGS);
  });
  afterEach(async () => {
    await rig.noPods();
    await rig.sound();
    for (const each of rig.processes) await each.end();
  });
  after(async () => {
    await rig.close();
  });

  const armed = (point: string): Promise<RigProcess> =>
    rig.start({
      PODLINE_CRASH_AT: point,
      PODLINE_CRASH_ONCE: path.join(rig.folder, `${point}-${rig.processes.length}`),
    });

  /** One attempt each, all of them good: no crash made a second pod, and no pod was lost. */
  async function ranOnce(run: string, count: number): Promise<void> {
    assert.equal(await rig.ended(run), 'success', rig.said());
    const attempts = await rig.attempts(run);
    assert.deepEqual(
      attempts.map(({ number, state }) => [number, state]),
      Array.from({ length: count }, () => [1, 'success']),
    );
  }

  for (const point of POINTS) {
    it(`${point}: another scheduler goes on`, async () => {
      const first = await armed(point);
      const run = await rig.trigger('chain');
      await first.exited;
      await rig.start();
      await ranOnce(run, 3);
    });
  }

  it('pods.before_create beside a second scheduler: the pod is there within 5 s', async () => {
    const first = await armed('pods.before_create');
    const run = await rig.trigger('long');
    await first.exited;
    // It is launched, and nobody but the dead process was to make its pod.
    const [launched] = await rig.attempts(run);
    assert.equal(launched?.state, 'launching');
    const before = performance.now();
    const second = await rig.start();
    await rig.podOf(launched);
    assert.ok(performance.now() - before < 5_000);
    await rig.cancel('long', run);
    // It stays: without any scheduler nobody would take the pod away.
    assert.equal(await rig.ended(run), 'failed');
    assert.ok(second.alive);
  });

  it('a running pod is taken over and reports to whoever is there', async () => {
    const first = await rig.start();
    const second = await rig.start();
    const run = await rig.trigger('short');
    const attempt = await rig.attempt(run, 'running', isRunning);
    const owners = await rig.owners();
    const [dies, lives] = owners.get(first.child.pid ?? 0)?.has(attempt.worker)
      ? [first, second]
      : [second, first];
    await dies.end();
    const taken = await rig.attempt(run, 'taken over', ({ worker }) => worker !== attempt.worker);
    assert.ok((await rig.owners()).get(lives.child.pid ?? 0)?.has(taken.worker));
    await ranOnce(run, 1);
  });

  it('a pod that ended while no scheduler was there', async () => {
    const first = await rig.start();
    const run = await rig.trigger('short');
    const attempt = await rig.attempt(run, 'running', isRunning);
    await first.end();
    await rig.attempt(run, 'over', ({ id, state }) => id === attempt.id && state === 'success');
    await rig.start();
    await ranOnce(run, 1);
  });

  it('a pod that is deleted while no scheduler is there', async () => {
    const first = await rig.start();
    const run = await rig.trigger('short');
    const attempt = await rig.attempt(run, 'running', isRunning);
    await first.end();
    const { metadata } = await rig.podOf(attempt);
    await cluster.kubectl(
      ...['delete', 'pod', '-n', rig.namespace, metadata.name, '--force', '--grace-period=0'],
    );
    await rig.start();
    assert.equal(await rig.ended(run), 'success', rig.said());
    const [deleted, again] = await rig.attempts(run);
    assert.equal(again?.state, 'success');
    // The worker may have had the time to say that it was asked to stop.
    assert.ok(['pod_deleted', 'interrupted'].includes(deleted?.cause ?? ''), deleted?.cause ?? '');
    // The try that succeeded, and no other.
    assert.equal(await rig.triesUsed(run), 1);
  });

  it('a scheduler that stops in order lets go of its pods', async () => {
    const first = await rig.start();
    const run = await rig.trigger('short');
    await rig.attempt(run, 'running', isRunning);
    const before = performance.now();
    await first.end('SIGTERM');
    assert.ok(performance.now() - before < 4_000);
    assert.equal((await rig.attempts(run))[0]?.state, 'running');
    await rig.start();
    await ranOnce(run, 1);
  });

  it('two schedulers share one cluster', async () => {
    await Promise.all([rig.start(), rig.start()]);
    const runs = await Promise.all(Array.from({ length: 4 }, () => rig.trigger('wide')));
    for (const run of runs) await ranOnce(run, 6);
  });
});
