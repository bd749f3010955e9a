/** F42: the next attempt while the pod of the last one takes its time to end. They never run side by side. */
import assert from 'node:assert/strict';
import { openCluster, type TestCluster } from '../harness.ts';
import { Rig } from '../rig.ts';
import { commandRun } from '../../../runtime/commands/commandRun.ts';
import { dagFile } from './faultDags.ts';
import { Ledger } from './ledger.ts';

/** Seconds that a program takes to end when it is asked to, and that its pod has for that. */
const [SLOW, GRACE] = [4, 8];

describe('retries of slow pods', function () {
  this.timeout(120_000);
  let cluster: TestCluster;
  let rig: Rig;
  let ledger: Ledger;
  before(async () => {
    cluster = await openCluster();
    ledger = await Ledger.open(cluster.hostAddress);
    rig = await Rig.open({ cluster });
    // The first time it goes on for ever and ends slowly, the second time it is done at once.
    const slow = (name: string) => `
      trap 'echo asked >&3; sleep ${SLOW}; exit 1' TERM
      ${ledger.enter(name)}
      if [ $nth = 2 ]; then exit 0; fi
      while :; do sleep 0.1; done`;
    await rig.register(
      dagFile(`
const policy = { max: 1, delay: 0, infrastructure: 3 };
const grace = { terminationGracePeriodSeconds: ${GRACE} };

export const late = dag('late', { defaults: { retries: policy, pod: grace, executionTimeout: 3 } }, (d) => {
  d.task('worker', bash({ script: ${JSON.stringify(slow('late worker'))} }));
  d.task('direct', pod({ ...sh(${JSON.stringify(slow('late direct'))}), ...grace }));
});
export const cleared = dag('cleared', { defaults: { retries: policy, pod: grace } }, (d) => {
  d.task('worker', bash({ script: ${JSON.stringify(slow('cleared worker'))} }));
  d.task('direct', pod({ ...sh(${JSON.stringify(slow('cleared direct'))}), ...grace }));
});`),
    );
    await rig.start();
  });
  afterEach(async () => {
    await rig.noPods();
    await rig.sound();
  });
  after(async () => {
    await rig.close();
    ledger.close();
  });

  function ranApart(dag: string): void {
    for (const kind of ['worker', 'direct']) {
      const name = `${dag} ${kind}`;
      const [first, second] = ledger.of(name);
      assert.ok(first && second, `${name} ran ${ledger.of(name).length} times`);
      assert.deepEqual(first.said, ['asked'], `${name} was asked to end`);
      assert.equal(ledger.overlap(name), 0, name);
    }
  }

  it('a retry after a timeout waits until the pod is gone', async () => {
    const run = await rig.trigger('late');
    assert.equal(await rig.ended(run), 'success', rig.said());
    ranApart('late');
    assert.deepEqual(
      (await rig.attempts(run)).map(({ task, number, cause }) => [task, number, cause]),
      [
        ['worker', 1, 'timeout'],
        ['worker', 2, null],
        ['direct', 1, 'timeout'],
        ['direct', 2, null],
      ],
    );
  });

  it('a clear after a cancel waits until the pod is gone', async () => {
    const run = await rig.trigger('cleared');
    await rig.until('both are at work', async () => ledger.entries.length === 6);
    const began = performance.now();
    await rig.cancel('cleared', run);
    assert.equal(await rig.ended(run), 'failed', rig.said());
    assert.ok(
      (await rig.attempts(run)).every(({ gone }) => !gone),
      'no pod has ended yet',
    );
    await commandRun(
      rig.database.pool,
      { dagId: 'cleared', runId: run },
      {
        kind: 'clear',
        ...{ tasks: [], upstream: false, downstream: false, onlyFailed: false },
        latestVersion: false,
      },
    );
    await rig.until(
      'the second attempts',
      async () => (await rig.attempts(run)).filter(({ state }) => state === 'success').length === 2,
    );
    ranApart('cleared');
    const [first] = ledger.of('cleared worker');
    assert.ok((first?.to ?? 0) - began >= SLOW * 1000 - 500, 'it had its time to end');
  });
});
