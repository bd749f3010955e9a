/** F7, F8: pods that are deleted by force, evicted, or make room for others. No retry of the author is spent on it. */
import assert from 'node:assert/strict';
import { openCluster, type TestCluster } from '../harness.ts';
import { Rig, type RigAttempt } from '../rig.ts';
import { dagFile } from './faultDags.ts';
import { Ledger } from './ledger.ts';

const WIDTH = 10;

describe('pods that others take away', function () {
  this.timeout(120_000);
  let cluster: TestCluster;
  let rig: Rig;
  let ledger: Ledger;
  /** Of a node: one pod at a time has it. */
  let seat: string;
  before(async () => {
    cluster = await openCluster();
    ledger = await Ledger.open(cluster.hostAddress);
    rig = await Rig.open({ cluster });
    seat = `podline.test/${rig.namespace}`;
    // The first time it goes on for ever, the second time it is done at once.
    const stubborn = (name: string) =>
      JSON.stringify(`${ledger.enter(name)}; if [ $nth = 2 ]; then exit 0; fi; exec sleep 300`);
    await rig.register(
      dagFile(`
const seat = { limits: { '${seat}': '1' } };
export const wide = dag('wide', { defaults }, (d) => {
${Array.from({ length: WIDTH }, (_, n) =>
  n % 2 === 0
    ? `d.task('t${n}', bash({ script: ${stubborn(`wide ${n}`)} }));`
    : `d.task('t${n}', pod(sh(${stubborn(`wide ${n}`)})));`,
).join('\n')}
});
${['drained', 'deleted']
  .map(
    (id) => `export const ${id} = dag('${id}', { defaults }, (d) => {
  d.task('worker', bash({ script: ${stubborn(`${id} worker`)} }));
  d.task('direct', pod(sh(${stubborn(`${id} direct`)})));
});`,
  )
  .join('\n')}
export const seatWorker = dag('seatWorker', { defaults }, (d) => {
  d.task('work', bash({ script: ${stubborn('seatWorker')} }), { pod: { resources: seat } });
});
export const seatDirect = dag('seatDirect', { defaults }, (d) => {
  d.task('work', pod({ ...sh(${stubborn('seatDirect')}), resources: seat }));
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

  const isRunning = ({ state }: RigAttempt) => state === 'running';
  const firsts = async (run: string) =>
    (await rig.attempts(run)).filter(({ number }) => number === 1);

  /** Every second attempt is good, and no try of the author is spent. */
  async function ranAgain(run: string): Promise<void> {
    assert.equal(await rig.ended(run), 'success', rig.said());
    const attempts = await rig.attempts(run);
    for (const { number, state } of attempts)
      assert.equal(state, number === 2 ? 'success' : 'failed');
    // Each its one try, that of the success.
    assert.equal(await rig.triesUsed(run), attempts.length / 2);
  }

  it(`${WIDTH} at a time, deleted by force while they run`, async () => {
    const run = await rig.trigger('wide');
    await rig.until('all run', async () => {
      const attempts = await firsts(run);
      return attempts.filter(isRunning).length === WIDTH && ledger.entries.length === WIDTH;
    });
    await cluster.kubectl(
      ...['delete', 'pods', '--all', '-n', rig.namespace, '--force', '--grace-period=0'],
    );
    await rig.until(
      'all are known to be gone',
      async () => (await firsts(run)).every(({ state, gone }) => state === 'failed' && gone),
      10_000,
    );
    // Those of a worker that could still report say `interrupted` until the executor has told why.
    await rig.until(
      'all are known to be deleted',
      async () => (await firsts(run)).every(({ cause }) => cause === 'pod_deleted'),
      10_000,
    );
    await ranAgain(run);
  });

  for (const [dag, how, cause] of [
    ['drained', 'by the eviction API, as a drain does', 'evicted'],
    ['deleted', 'by a person, with the grace of the pod', 'pod_deleted'],
  ] as const) {
    it(how, async () => {
      const run = await rig.trigger(dag);
      await rig.until(
        'both are at work',
        async () => ledger.of(`${dag} worker`).length + ledger.of(`${dag} direct`).length === 2,
      );
      for (const attempt of await firsts(run)) {
        const { name } = (await rig.podOf(attempt)).metadata;
        const pod = `/api/v1/namespaces/${rig.namespace}/pods/${name}`;
        if (dag === 'deleted') await cluster.api.call('DELETE', pod);
        else {
          await cluster.api.call('POST', `${pod}/eviction`, {
            apiVersion: 'policy/v1',
            kind: 'Eviction',
            metadata: { name, namespace: rig.namespace },
          });
        }
      }
      await ranAgain(run);
      // The worker reports that it was interrupted; its pod tells why.
      for (const attempt of await firsts(run))
        assert.equal(attempt.cause, cause, attempt.message ?? '');
    });
  }

  describe('for one of a higher priority', () => {
    let node: string;
    const priority = () => `/apis/scheduling.k8s.io/v1/priorityclasses`;
    const tell = (count: string | null) =>
      cluster.api.call('PATCH', `/api/v1/nodes/${node}/status`, {
        status: { capacity: { [seat]: count }, allocatable: { [seat]: count } },
      });
    before(async () => {
      const { items } = await cluster.api.call<{ items: { metadata: { name: string } }[] }>(
        'GET',
        '/api/v1/nodes',
      );
      node = items[0]?.metadata.name ?? '';
      await tell('1');
      await cluster.api.call('POST', priority(), {
        metadata: { name: rig.namespace },
        value: 1000,
      });
    });
    after(async () => {
      await tell(null);
      await cluster.api.ask('DELETE', `${priority()}/${rig.namespace}`);
    });

    for (const dag of ['seatWorker', 'seatDirect']) {
      it(`${dag} is preempted, and runs again when there is room`, async () => {
        const run = await rig.trigger(dag);
        await rig.until('it is at work', async () => ledger.of(dag).length === 1);
        const pods = `/api/v1/namespaces/${rig.namespace}/pods`;
        await cluster.api.call('POST', pods, {
          metadata: { name: 'urgent' },
          spec: {
            priorityClassName: rig.namespace,
            terminationGracePeriodSeconds: 1,
            containers: [
              {
                name: 'main',
                image: cluster.images.busybox,
                command: ['sleep', '300'],
                resources: { limits: { [seat]: '1' } },
              },
            ],
          },
        });
        await rig.attempt(run, 'preempted', ({ cause }) => cause === 'preempted');
        const second = await rig.attempt(
          run,
          'waiting',
          ({ facts }) => facts.waiting !== undefined,
        );
        assert.equal(second.facts.waiting?.reason, 'unschedulable');
        await cluster.api.call('DELETE', `${pods}/urgent`);
        await ranAgain(run);
      });
    }
  });
});
