/** F33: pods whose task ignores SIGTERM are deleted, with 30, 5 and 0 seconds of grace. Each end is recorded, none costs a try. */
import assert from 'node:assert/strict';
import { openCluster, type TestCluster } from '../harness.ts';
import { Rig } from '../rig.ts';
import { dagFile } from './faultDags.ts';
import { Ledger } from './ledger.ts';

/** What `kubectl delete` is told; what the pod has; what is recorded of a worker; most seconds from the deletion to that. */
const CASES = [
  { grace: 30, own: 30, cause: 'interrupted', seconds: 30 },
  { grace: 5, own: 5, cause: 'interrupted', seconds: 5 },
  // The worker plans with the grace of its pod. When it gets less, the deletion itself is what is known.
  { grace: 5, own: 30, cause: 'pod_deleted', seconds: 10 },
  { grace: 0, own: 30, cause: 'pod_deleted', seconds: 5 },
];

describe('pods that are deleted while their task ignores SIGTERM', function () {
  this.timeout(180_000);
  let cluster: TestCluster;
  let rig: Rig;
  let ledger: Ledger;
  before(async () => {
    cluster = await openCluster();
    ledger = await Ledger.open(cluster.hostAddress);
    rig = await Rig.open({ cluster });
    // The second pod ends at once.
    const stubborn = (id: string) =>
      `trap "" TERM; ${ledger.enter(id)}; if [ "$nth" -gt 1 ]; then exit 0; fi; echo before; while true; do sleep 0.2; done`;
    const dags = CASES.flatMap(({ grace, own: seconds }) =>
      ['worker', 'direct'].map((kind) => {
        const id = `${kind}_${grace}_${seconds}`;
        const script = `'${stubborn(id)}'`;
        const task =
          kind === 'worker' ? `bash({ script: ${script} })` : `pod({ ...sh(${script}), ...grace })`;
        return `export const ${id} = dag('${id}', { defaults: { retries } }, (d) => {
          const grace = { terminationGracePeriodSeconds: ${seconds} };
          d.task('work', ${task}, { pod: ${kind === 'worker' ? 'grace' : '{}'} });
        });`;
      }),
    );
    await rig.register(dagFile(dags.join('\n')));
    await rig.start();
  });
  after(async () => {
    await rig.close();
    ledger.close();
  });

  async function outlive(kind: string, { grace, own, cause, seconds }: (typeof CASES)[number]) {
    const id = `${kind}_${grace}_${own}`;
    const run = await rig.trigger(id);
    await rig.until(`${id} is at work`, async () => ledger.of(id).length === 1);
    const attempt = await rig.attempt(run, 'running', ({ state }) => state === 'running');
    const { metadata } = await rig.podOf(attempt);
    const force = grace === 0 ? ['--force'] : [];
    const asked = performance.now();
    await cluster.kubectl(
      ...[
        'delete',
        'pod',
        '-n',
        rig.namespace,
        metadata.name,
        `--grace-period=${grace}`,
        '--wait=false',
        ...force,
      ],
    );
    const first = await rig.attempt(
      run,
      'over',
      (each) => each.number === 1 && each.cause !== null,
    );
    const took = (performance.now() - asked) / 1000;
    console.log(`      ${id}: ${first.cause} after ${took.toFixed(1)} s`);
    // Nobody asks a program of another image what it was at.
    const expected = kind === 'direct' ? 'pod_deleted' : cause;
    assert.equal(first.cause, expected, `${id}: ${first.message}`);
    assert.ok(took < seconds + 5, `${id}: ${took} s`);
    assert.equal(await rig.ended(run), 'success', rig.said());
    assert.deepEqual(
      (await rig.attempts(run)).map(({ number, state }) => [number, state]),
      [
        [1, 'failed'],
        [2, 'success'],
      ],
      id,
    );
    // The one that succeeded.
    assert.equal(await rig.triesUsed(run), 1, id);
    // F42: the second began when the first was no more. A pod that is deleted by force may live on for a moment.
    if (grace > 0) assert.equal(ledger.overlap(id), 0, id);
  }

  it('have their end recorded within the grace, and run again at the cost of the infrastructure', async () => {
    await Promise.all(
      CASES.flatMap((each) => ['worker', 'direct'].map((kind) => outlive(kind, each))),
    );
    await rig.noPods();
    await rig.sound();
  });
});
