/** The executor of pods on a real cluster: what becomes of attempts, and that no pod is left over. */
import assert from 'node:assert/strict';
import type { PodEvent } from '../../runtime/pods/podEvents.ts';
import type { PodManifest } from '../../src/pods/manifest.ts';
import { DAGS } from './executorDags.ts';
import { openCluster, type TestCluster } from './harness.ts';
import { Rig, type RigAttempt } from './rig.ts';

interface TwinPod {
  status: { containerStatuses?: { state: { terminated?: { exitCode: number } } }[] };
}

const isRunning = ({ state }: RigAttempt) => state === 'running';

describe('executor of pods', function () {
  this.timeout(180_000);
  let cluster: TestCluster;
  let rig: Rig;
  before(async () => {
    cluster = await openCluster();
    rig = await Rig.open({ cluster });
    await rig.register(DAGS);
    await rig.start();
  });
  afterEach(async () => {
    await rig.noPods();
    await rig.sound();
  });
  after(async () => {
    await rig.close();
  });

  it('runs a chain, one pod for each attempt, and hands on outputs', async () => {
    const run = await rig.trigger('chain');
    assert.equal(await rig.ended(run), 'success', rig.said());
    assert.equal(await rig.output(run, 'second'), 42);
    const attempts = await rig.attempts(run);
    assert.deepEqual(
      attempts.map(({ task, number, state }) => [task, number, state]),
      [
        ['first', 1, 'success'],
        ['second', 1, 'success'],
        ['third', 1, 'success'],
      ],
    );
    // Each runs for a few milliseconds, and where it did is noted a moment later.
    const pods = await rig.until('the pods of all attempts', async () => {
      const names = (await rig.attempts(run)).map(({ facts }) => facts.pod);
      return names.every((name) => typeof name === 'string') && names;
    });
    assert.equal(new Set(pods).size, 3);
  });

  it('takes a pod away when its run is cancelled', async () => {
    const run = await rig.trigger('long');
    const attempt = await rig.attempt(run, 'running', isRunning);
    await rig.podOf(attempt);
    await rig.cancel('long', run);
    // The run is over at once, its pod a little later.
    const gone = await rig.until('the end of its pod', async () =>
      (await rig.attempts(run)).find((each) => each.gone),
    );
    assert.equal(gone.cause, 'cancelled');
  });

  it('runs a pod again that somebody deleted by force, and spends no try', async () => {
    const run = await rig.trigger('long');
    const attempt = await rig.attempt(run, 'running', isRunning);
    const { metadata } = await rig.podOf(attempt);
    await cluster.kubectl(
      ...['delete', 'pod', '-n', rig.namespace, metadata.name, '--force', '--grace-period=0'],
    );
    const deleted = await rig.attempt(run, 'deleted', ({ cause }) => cause !== null);
    assert.equal(deleted.number, 1);
    // The worker may have had the time to say that it was asked to stop.
    assert.ok(['pod_deleted', 'interrupted'].includes(deleted.cause ?? ''), deleted.cause ?? '');
    await rig.attempt(
      run,
      'the second',
      ({ number, state }) => number === 2 && state === 'running',
    );
    assert.equal(await rig.triesUsed(run), 0);
    await rig.cancel('long', run);
    assert.equal(await rig.ended(run), 'failed');
  });

  it('runs any image as a task, without a worker in it', async () => {
    const run = await rig.trigger('direct');
    assert.equal(await rig.ended(run), 'failed', rig.said());
    const attempts = await rig.attempts(run);
    assert.deepEqual(
      attempts.map(({ task, state, cause }) => [task, state, cause]),
      [
        ['good', 'success', null],
        ['bad', 'failed', 'exit_code'],
        ['late', 'failed', 'timeout'],
      ],
      JSON.stringify(attempts, null, 1),
    );
    assert.equal(attempts[1]?.exitCode, 3);
    assert.deepEqual(await rig.output(run, 'good'), { day: run });
  });

  it('a second pod of the same attempt gets nothing', async () => {
    const run = await rig.trigger('long');
    const attempt = await rig.attempt(run, 'running', isRunning);
    const { metadata, spec } = await rig.podOf(attempt);
    const pods = `/api/v1/namespaces/${rig.namespace}/pods`;
    const { nodeName: _, ...same } = spec;
    const labels = { ...metadata.labels, 'podline.dev/installation': 'twin' };
    await cluster.api.call('POST', pods, { metadata: { name: 'twin', labels }, spec: same });
    const exitCode = await rig.until('the end of the twin', async () => {
      const twin = await cluster.api.call<TwinPod>('GET', `${pods}/twin`);
      return twin.status.containerStatuses?.[0]?.state.terminated?.exitCode;
    });
    assert.equal(exitCode, 5);
    await cluster.kubectl('delete', 'pod', 'twin', '-n', rig.namespace, '--now');
    assert.equal((await rig.attempts(run))[0]?.state, 'running');
    await rig.cancel('long', run);
  });

  it('says that no node has room, and gives up at the startup timeout', async () => {
    const run = await rig.trigger('nowhere');
    const waiting = await rig.attempt(run, 'waiting', ({ facts }) => facts.waiting !== undefined);
    assert.equal(waiting.facts.waiting?.reason, 'unschedulable');
    assert.equal(await rig.ended(run), 'failed');
    const [attempt] = await rig.attempts(run);
    assert.equal(attempt?.cause, 'unschedulable');
    assert.match(attempt.message ?? '', /within 3 s: .*node/);
  });

  it('gives up on an image that cannot be pulled after its grace', async () => {
    const run = await rig.trigger('noImage');
    assert.equal(await rig.ended(run), 'failed');
    const [attempt] = await rig.attempts(run);
    assert.equal(attempt?.cause, 'image_pull');
    // What people look at when it is gone: read and written beside the work, so a moment later.
    const detail = await rig.until('events of the pod', async () => {
      const { rows } = await rig.database.pool.query<{ pod: PodManifest; events: PodEvent[] }>(
        'SELECT pod, events FROM podline.attempt_detail WHERE attempt_id = $1 AND events IS NOT NULL',
        [attempt.id],
      );
      return rows[0];
    });
    const failed = detail.events.find(({ reason }) => reason === 'Failed');
    assert.equal(failed?.type, 'Warning');
    assert.match(failed.message, /pull/i);
    assert.equal(detail.pod.metadata.name, attempt.facts.pod);
    const { env = [] } = detail.pod.spec.containers[0] ?? {};
    assert.equal(env.find(({ name }) => name === 'PODLINE_TOKEN')?.value, '***');
  });

  it('waits for quota, and says so', async () => {
    await cluster.kubectl('create', 'quota', 'few', '-n', rig.namespace, '--hard=pods=2');
    try {
      const run = await rig.trigger('wide');
      const waiting = await rig.attempt(
        run,
        'waiting',
        ({ facts }) => facts.waiting?.reason === 'quota',
      );
      assert.match(waiting.facts.waiting?.message ?? '', /exceeded quota: few/);
      assert.equal(await rig.ended(run), 'success', rig.said());
      assert.ok((await rig.attempts(run)).every(({ number }) => number === 1));
    } finally {
      await cluster.kubectl('delete', 'quota', 'few', '-n', rig.namespace);
    }
  });

  it('takes away pods of its own that no attempt knows, and none of others', async () => {
    const { rows } = await rig.database.pool.query<{ id: string }>(
      'SELECT id FROM podline.installation',
    );
    const stray = (name: string, installation: string) => ({
      metadata: {
        name,
        labels: {
          'podline.dev/installation': installation,
          'podline.dev/attempt': '999999',
          'podline.dev/look': '1',
          'podline.dev/kind': 'direct',
        },
      },
      spec: {
        terminationGracePeriodSeconds: 1,
        containers: [{ name: 'task', image: cluster.images.busybox, command: ['sleep', '600'] }],
      },
    });
    const pods = `/api/v1/namespaces/${rig.namespace}/pods`;
    await cluster.api.call('POST', pods, stray('ours', rows[0]?.id ?? ''));
    await cluster.api.call('POST', pods, stray('theirs', 'another'));
    const status = async (name: string) => (await cluster.api.ask('GET', `${pods}/${name}`)).status;
    await rig.until('the stray pod is gone', async () => (await status('ours')) === 404);
    assert.equal(await status('theirs'), 200);
    await cluster.kubectl('delete', 'pod', 'theirs', '-n', rig.namespace, '--now');
  });
});
