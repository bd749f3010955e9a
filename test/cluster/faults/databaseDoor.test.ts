/** F18: the database cannot be reached from a pod when its task ends: for a time, and for ever. */
import assert from 'node:assert/strict';
import { openCluster } from '../harness.ts';
import { EXIT } from '../../../runtime/worker/once.ts';
import { Rig, type RigAttempt } from '../rig.ts';
import { Door } from './door.ts';
import { dagFile } from './faultDags.ts';
import { Ledger } from './ledger.ts';
import { PodHistory } from './podHistory.ts';

const isRunning = ({ state }: RigAttempt) => state === 'running';

describe('a database that a pod cannot reach when its task ends', function () {
  this.timeout(120_000);
  let rig: Rig;
  let ledger: Ledger;
  let door: Door;
  let history: PodHistory;
  before(async () => {
    const cluster = await openCluster();
    ledger = await Ledger.open(cluster.hostAddress);
    const patience = { name: 'PODLINE_REPORT_SECONDS', value: '4' };
    rig = await Rig.open({
      cluster,
      config: { template: { spec: { containers: [{ name: 'main', env: [patience] }] } } },
    });
    door = await Door.open(rig.workerUrl);
    await door.lead(rig);
    history = await PodHistory.open(cluster, rig.namespace);
    await rig.register(
      dagFile(`
const wait = '${ledger.enter('work')}; read -r go <&3; ';
export const gives = dag('gives', { defaults }, (d) => {
  d.task('work', bash({ script: wait + 'echo 42 > "$PODLINE_OUTPUT"; echo bye >&3' }));
});
export const fails = dag('fails', { defaults }, (d) => {
  d.task('work', bash({ script: wait + 'echo bye >&3; exit 3' }));
});`),
    );
    await rig.start();
  });
  afterEach(async () => {
    door.heal();
    await rig.noPods();
    await rig.sound();
    assert.deepEqual(history.twins, []);
  });
  after(async () => {
    await history.close();
    await rig.close();
    door.close();
    ledger.close();
  });

  /** The door is shut, then the task ends. */
  async function endBehindDoor(dagId: string) {
    const count = ledger.entries.length;
    const run = await rig.trigger(dagId);
    await rig.until('the task is at work', async () => ledger.entries[count] !== undefined);
    const attempt = await rig.attempt(run, 'running', isRunning);
    door.shut();
    ledger.release();
    await rig.until('its end', async () => ledger.entries[count]?.said.includes('bye'));
    return { run, attempt };
  }

  const recordedFromPod = () => rig.said().split('recorded from pod').length - 1;

  it('for a time: the worker reports as soon as it can', async () => {
    const before = recordedFromPod();
    const { run, attempt } = await endBehindDoor('gives');
    await rig.until('some tries', async () => door.turnedAway >= 4);
    assert.equal((await rig.attempts(run))[0]?.state, 'running');
    door.heal();
    const healed = performance.now();
    assert.equal(await rig.ended(run), 'success', rig.said());
    console.log(`      recorded ${Math.round(performance.now() - healed)} ms after`);
    assert.equal(await rig.output(run, 'work'), 42);
    await rig.noPods();
    assert.equal(recordedFromPod(), before, 'the worker told it itself');
    assert.equal(history.of(attempt)[0]?.exitCode, EXIT.recorded);
    assert.equal((await rig.attempts(run)).length, 1);
  });

  for (const [dagId, state, cause, exitCode, output] of [
    ['gives', 'success', null, 0, 42],
    ['fails', 'failed', 'exit_code', 3, undefined],
  ] as const) {
    it(`for ever, ${state}: what the pod left behind is recorded`, async () => {
      const before = recordedFromPod();
      const { run, attempt } = await endBehindDoor(dagId);
      assert.equal(await rig.ended(run), state, rig.said());
      const [only, ...more] = await rig.attempts(run);
      assert.deepEqual(more, []);
      assert.deepEqual([only?.state, only?.cause], [state, cause], only?.message ?? '');
      if (exitCode !== 0) assert.equal(only?.exitCode, exitCode);
      assert.equal(await rig.output(run, 'work'), output);
      await rig.noPods();
      assert.equal(recordedFromPod(), before + 1);
      const [past] = history.of(attempt);
      assert.equal(past?.exitCode, EXIT.failed, past?.message ?? '');
    });
  }
});
