/** F9: programs that use more memory than their container may, in pods of workers and of any image. */
import assert from 'node:assert/strict';
import { openCluster, type TestCluster } from '../harness.ts';
import { Rig } from '../rig.ts';
import { dagFile } from './faultDags.ts';
import { Ledger } from './ledger.ts';

const KINDS = ['worker', 'direct'] as const;

describe('out of memory', function () {
  this.timeout(120_000);
  let cluster: TestCluster;
  let rig: Rig;
  let ledger: Ledger;
  before(async () => {
    cluster = await openCluster();
    ledger = await Ledger.open(cluster.hostAddress);
    rig = await Rig.open({ cluster });
    const hungry = (name: string) =>
      JSON.stringify(`${ledger.enter(name)}; all=x; while :; do all=$all$all; done`);
    const both = (id: string, policy: string) => `
export const ${id} = dag('${id}', { defaults: { retries: ${policy}, pod: { terminationGracePeriodSeconds: 2 } } }, (d) => {
  d.task('worker', bash({ script: ${hungry(`${id} worker`)} }), { pod: { resources: { limits: { memory: '192Mi' } } } });
  d.task('direct', pod({ ...sh(${hungry(`${id} direct`)}), resources: { limits: { memory: '96Mi' } } }));
});`;
    await rig.register(
      dagFile(
        both('once', `{ max: 5, delay: 0, rules: [{ causes: ['oom'], action: 'fail' }] }`) +
          both('twice', `{ max: 1, delay: 0 }`),
      ),
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

  it('is told within 5 s, and a rule of the author decides what follows', async () => {
    const run = await rig.trigger('once');
    await Promise.all(
      KINDS.map(async (kind) => {
        const attempt = await rig.attempt(
          run,
          `${kind}, out of memory`,
          ({ task, state }) => task === kind && state === 'failed',
        );
        const told = performance.now();
        assert.equal(attempt.cause, 'oom', attempt.message ?? '');
        assert.match(attempt.message ?? '', /more memory than/);
        const killed = ledger.of(`once ${kind}`)[0]?.to ?? 0;
        assert.ok(killed > 0, 'it was killed before');
        assert.ok(told - killed < 5_000, `${kind} after ${told - killed} ms`);
      }),
    );
    assert.equal(await rig.ended(run), 'failed');
    // Five retries are left.
    assert.deepEqual(
      (await rig.attempts(run)).map(({ task, number }) => [task, number]),
      KINDS.map((kind) => [kind, 1]),
    );
  });

  it('spends a try of the author where no rule says otherwise', async () => {
    const run = await rig.trigger('twice');
    assert.equal(await rig.ended(run), 'failed');
    assert.deepEqual(
      (await rig.attempts(run)).map(({ task, number, cause }) => [task, number, cause]),
      KINDS.flatMap((kind) => [
        [kind, 1, 'oom'],
        [kind, 2, 'oom'],
      ]),
    );
    assert.equal(await rig.triesUsed(run), 4);
  });
});
