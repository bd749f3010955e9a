/** F25: schedulers are killed again and again at random moments. At the end no pod is left, and pods of others are untouched. */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { seeded } from '../../crash/seed.ts';
import { openCluster, type TestCluster } from '../harness.ts';
import { Rig } from '../rig.ts';
import { dagFile } from './faultDags.ts';
import { PodHistory } from './podHistory.ts';

const ROUNDS = Number(process.env.PODLINE_CRASH_ROUNDS ?? 12);
/** Two minutes are allowed. */
const SECONDS = 30;

describe('schedulers that are killed again and again', function () {
  this.timeout(300_000);
  let cluster: TestCluster;
  let rig: Rig;
  let history: PodHistory;
  const random = seeded();
  before(async () => {
    cluster = await openCluster();
    rig = await Rig.open({ cluster });
    history = await PodHistory.open(cluster, rig.namespace);
    await rig.register(
      dagFile(`
export const mixed = dag('mixed', { defaults }, (d) => {
  const first = d.task('first', bash({ script: 'echo 1 > "$PODLINE_OUTPUT"' }));
  d.task('second', bash({ script: 'true' }), { after: first });
  d.task('image', pod(sh('sleep 1')));
});
export const long = dag('long', { defaults }, (d) => {
  d.task('worker', bash({ script: 'exec sleep 300' }));
  d.task('direct', pod(sh('exec sleep 300')));
});`),
    );
  });
  after(async () => {
    await history.close();
    await rig.close();
  });

  /** Of another installation in the same namespace, and of nobody. */
  async function strangers(): Promise<() => Promise<string[]>> {
    const pods = `/api/v1/namespaces/${rig.namespace}/pods`;
    const theirs = {
      'app.kubernetes.io/managed-by': 'podline-of-others',
      'podline.dev/installation': 'another',
      'podline.dev/attempt': '999999',
      'podline.dev/look': '0',
      'podline.dev/kind': 'worker',
    };
    const names = ['theirs', 'nobodys'];
    for (const name of names) {
      const container = { name: 'main', image: cluster.images.busybox, command: ['sleep', '900'] };
      await cluster.api.call('POST', pods, {
        metadata: { name, labels: name === 'theirs' ? theirs : { app: 'other' } },
        spec: { terminationGracePeriodSeconds: 0, containers: [container] },
      });
    }
    return async () => {
      const found = await Promise.all(
        names.map((name) =>
          cluster.api.call<{ metadata: { uid: string; deletionTimestamp?: string } }>(
            'GET',
            `${pods}/${name}`,
          ),
        ),
      );
      return found.map(({ metadata }) => metadata.deletionTimestamp ?? metadata.uid);
    };
  }

  it('leave no pod, no open attempt, and the pods of others as they were', async () => {
    const others = await strangers();
    const uids = await others();
    const runs: string[] = [];
    const long: string[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const scheduler = await rig.start();
      runs.push(await rig.trigger('mixed'));
      if (round % 3 === 0) long.push(await rig.trigger('long'));
      await sleep(2000 * random());
      // With luck its pods are being made just now.
      if (round % 3 === 2) await rig.cancel('long', long.at(-1)!);
      await sleep(300 * random());
      await scheduler.end();
    }
    for (const run of long.splice(Math.floor((ROUNDS - 2) / 3) + 1)) await rig.cancel('long', run);
    await rig.start();
    for (const run of runs) assert.equal(await rig.ended(run, 120_000), 'success', rig.said());
    const idle = performance.now();
    await rig.noPods(SECONDS * 1000);
    const seconds = (performance.now() - idle) / 1000;
    console.log(
      `      ${history.pods.size} pods, ${ROUNDS} kills; none left after ${seconds.toFixed(1)} s`,
    );
    await rig.until('every attempt is gone', async () => {
      const { rows } = await rig.database.pool.query<{ open: number }>(
        'SELECT count(*)::int AS open FROM podline.attempt WHERE gone_at IS NULL',
      );
      return rows[0]?.open === 0;
    });
    const { rows } = await rig.database.pool.query<{ number: number; cause: string | null }>(
      `SELECT a.number, a.cause FROM podline.attempt a JOIN podline.run r ON r.id = a.run_id WHERE r.dag_id = 'mixed' AND a.cause IS NOT NULL`,
    );
    assert.deepEqual(rows, [], 'no kill of a scheduler ended a task');
    assert.deepEqual(history.twins, []);
    assert.deepEqual(await others(), uids);
    await rig.sound();
  });
});
