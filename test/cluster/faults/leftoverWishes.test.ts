/** Cancel, clear, mark and timeouts: the pod goes, also when no scheduler was there at that moment. */
import assert from 'node:assert/strict';
import { commandRun } from '../../../runtime/commands/commandRun.ts';
import type { Command } from '../../../runtime/scheduler/decision.ts';
import { openCluster } from '../harness.ts';
import { Rig, type RigAttempt } from '../rig.ts';
import { dagFile } from './faultDags.ts';
import { PodHistory } from './podHistory.ts';

const CLEAR: Command = {
  kind: 'clear',
  tasks: [],
  upstream: false,
  downstream: false,
  onlyFailed: false,
  latestVersion: false,
};
const TASKS = ['worker', 'direct'];
const WISHES: { dagId: string; wish: Command | null; cause: string; run: string }[] = [
  { dagId: 'cancelled', wish: { kind: 'cancel' }, cause: 'cancelled', run: 'failed' },
  {
    dagId: 'marked',
    wish: { kind: 'mark', state: 'success', tasks: TASKS },
    cause: 'marked',
    run: 'success',
  },
  { dagId: 'cleared', wish: CLEAR, cause: 'cancelled', run: 'failed' },
  { dagId: 'slow', wish: null, cause: 'timeout', run: 'failed' },
  { dagId: 'slowRun', wish: null, cause: 'run_timeout', run: 'failed' },
];

describe('pods that are not wanted any more', function () {
  this.timeout(180_000);
  let rig: Rig;
  let history: PodHistory;
  before(async () => {
    const cluster = await openCluster();
    rig = await Rig.open({ cluster });
    history = await PodHistory.open(cluster, rig.namespace);
    const tasks = (more = '') => `(d) => {
  d.task('worker', bash({ script: 'exec sleep 300' }), { ${more} });
  d.task('direct', pod(sh('trap "exit 1" TERM; while true; do sleep 0.2; done')), { ${more} });
}`;
    await rig.register(
      dagFile(`
export const cancelled = dag('cancelled', { defaults }, ${tasks()});
export const marked = dag('marked', { defaults }, ${tasks()});
export const cleared = dag('cleared', { defaults }, ${tasks()});
export const slow = dag('slow', { defaults }, ${tasks('executionTimeout: 6')});
export const slowRun = dag('slowRun', { defaults, runTimeout: 6 }, ${tasks()});`),
    );
  });
  afterEach(async () => {
    for (const each of rig.processes) await each.end();
  });
  after(async () => {
    await history.close();
    await rig.close();
  });

  async function start({ dagId }: { dagId: string }): Promise<string> {
    const run = await rig.trigger(dagId);
    await rig.until(`${dagId} runs`, async () => {
      const attempts = await rig.attempts(run);
      const begun = ({ state, cause }: RigAttempt) => state === 'running' || cause !== null;
      return attempts.length === 2 && attempts.every(begun);
    });
    return run;
  }

  async function wish(dagId: string, runId: string, command: Command | null): Promise<void> {
    if (command) await commandRun(rig.database.pool, { dagId, runId }, command);
  }

  /** After a clear the tasks begin again: the second pods are cancelled, so that all are over. */
  async function over(runs: string[]): Promise<void> {
    for (const [index, { dagId, cause, run: state }] of WISHES.entries()) {
      const run = runs[index] ?? '';
      if (dagId === 'cleared') {
        const second = ({ number, state: now }: RigAttempt) => number === 2 && now === 'running';
        await rig.until(
          'both begin again',
          async () => (await rig.attempts(run)).filter(second).length === 2,
        );
        await rig.cancel(dagId, run);
        assert.equal(await rig.ended(run), 'failed');
      } else assert.equal(await rig.ended(run), state, `${dagId}\n${rig.said()}`);
      const first = (await rig.attempts(run)).filter(({ number }) => number === 1);
      assert.deepEqual(
        first.map((each) => [each.task, each.cause]),
        TASKS.map((task) => [task, cause]),
        dagId,
      );
    }
    await rig.noPods();
    await rig.until('every attempt is gone', async () => {
      const attempts = (await Promise.all(runs.map((run) => rig.attempts(run)))).flat();
      return attempts.every(({ gone }) => gone);
    });
    assert.deepEqual(history.twins, []);
    await rig.sound();
  }

  it('go with a scheduler there', async () => {
    await rig.start();
    const runs = await Promise.all(WISHES.map(start));
    await Promise.all(
      WISHES.map(({ dagId, wish: what }, index) => wish(dagId, runs[index] ?? '', what)),
    );
    await over(runs);
  });

  it('go when no scheduler was there at that moment', async () => {
    const scheduler = await rig.start();
    const runs = await Promise.all(WISHES.map(start));
    await scheduler.end();
    await Promise.all(
      WISHES.map(({ dagId, wish: what }, index) => wish(dagId, runs[index] ?? '', what)),
    );
    await rig.start();
    const began = performance.now();
    await over(runs);
    console.log(
      `      all gone ${((performance.now() - began) / 1000).toFixed(1)} s after the next start`,
    );
  });
});
