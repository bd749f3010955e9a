/** F4: a second pod for an attempt that has one, made by hand from the first. One of them works, whatever its labels say. */
import assert from 'node:assert/strict';
import { openCluster, type TestCluster } from '../harness.ts';
import { Rig, type PodView, type RigAttempt } from '../rig.ts';
import { dagFile } from './faultDags.ts';
import { Ledger } from './ledger.ts';

const isRunning = ({ state }: RigAttempt) => state === 'running';

interface Status {
  status?: {
    containerStatuses?: { state: { terminated?: { exitCode: number } } }[];
  };
}

describe('a twin of a pod', function () {
  this.timeout(120_000);
  let cluster: TestCluster;
  let rig: Rig;
  let ledger: Ledger;
  let pods: string;
  before(async () => {
    cluster = await openCluster();
    ledger = await Ledger.open(cluster.hostAddress);
    rig = await Rig.open({ cluster });
    pods = `/api/v1/namespaces/${rig.namespace}/pods`;
    await rig.register(
      dagFile(`
export const once = dag('once', { defaults }, (d) => {
  d.task('work', bash({ script: '${ledger.enter('work')}; read -r go <&3' }));
});
export const nowhere = dag('nowhere', { defaults }, (d) => {
  d.task('work', bash({ script: '${ledger.enter('work')}' }), { pod: { nodeSelector: { disk: 'nowhere' } } });
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

  /** What kubectl would make of the YAML of a pod after a change of its name. */
  async function makeTwin(name: string, labels: (own: Record<string, string>) => object) {
    const source = await cluster.api.call<PodView & { spec: object }>('GET', `${pods}/${name}`);
    const { nodeName: _, nodeSelector: __, ...spec } = source.spec as Record<string, unknown>;
    const metadata = { name: 'twin', labels: labels(source.metadata.labels) };
    await cluster.api.call('POST', pods, { metadata, spec });
  }

  for (const [how, labels] of [
    ['without its labels', () => ({})],
    ['with all its labels', (own: Record<string, string>) => own],
  ] as const) {
    it(`${how} leaves without running the task`, async () => {
      const count = ledger.entries.length;
      const run = await rig.trigger('once');
      const attempt = await rig.attempt(run, 'running', isRunning);
      const { metadata } = await rig.podOf(attempt);
      await rig.until('the task is at work', async () => ledger.entries[count] !== undefined);
      await makeTwin(metadata.name, labels);
      const made = performance.now();
      await rig.until('the twin has left', async () => {
        const { status, body } = await cluster.api.ask<Status>('GET', `${pods}/twin`);
        const end = body.status?.containerStatuses?.[0]?.state.terminated;
        if (end) assert.equal(end.exitCode, 5);
        return status === 404 || end !== undefined;
      });
      const seconds = (performance.now() - made) / 1000;
      assert.ok(seconds < 10, `${seconds} s`);
      // The first works on, and hears of nothing.
      assert.equal((await rig.attempts(run))[0]?.state, 'running', rig.said());
      ledger.release();
      assert.equal(await rig.ended(run), 'success', rig.said());
      assert.deepEqual(
        (await rig.attempts(run)).map(({ number, state }) => [number, state]),
        [[1, 'success']],
      );
      assert.equal(ledger.entries.length - count, 1);
      await cluster.api.ask('DELETE', `${pods}/twin?gracePeriodSeconds=0`);
    });
  }

  it('that is there first does the work, and the pod that waits is taken away', async () => {
    const count = ledger.entries.length;
    const run = await rig.trigger('nowhere');
    const attempt = await rig.attempt(run, 'waiting', ({ facts }) => facts.waiting !== undefined);
    const { metadata } = await rig.podOf(attempt);
    await makeTwin(metadata.name, () => ({}));
    assert.equal(await rig.ended(run), 'success', rig.said());
    assert.equal(ledger.entries.length - count, 1);
    await rig.noPods();
    await cluster.api.ask('DELETE', `${pods}/twin?gracePeriodSeconds=0`);
  });
});
