/** Pods and Jobs that a worker makes for its task: run through the operators, as a worker runs them. */
import assert from 'node:assert/strict';
import type { Json, JsonObject } from '../../src/plan/plan.ts';
import { LAUNCHER_RULES } from '../../src/pods/access.ts';
import { Stop } from '../../runtime/worker/stop.ts';
import { operate } from '../operators/operate.ts';
import { openCluster, type TestCluster } from './harness.ts';

const OWN = { imagePullPolicy: 'IfNotPresent', securityContext: { runAsUser: 10001 } };

describe('pods and Jobs of a worker', function () {
  this.timeout(180_000);
  let cluster: TestCluster;
  let namespace: string;
  before(async () => {
    cluster = await openCluster();
    namespace = await cluster.namespace();
    const kubeconfig = await cluster.accountKubeconfig('launcher', LAUNCHER_RULES, [namespace]);
    process.env.PODLINE_KUBECONFIG = kubeconfig;
    process.env.PODLINE_NAMESPACE = namespace;
  });
  after(() => {
    delete process.env.PODLINE_KUBECONFIG;
    delete process.env.PODLINE_NAMESPACE;
  });

  let count = 0;
  beforeEach(() => (count += 1));

  function podConfig(script: string, more: JsonObject = {}): JsonObject {
    return {
      launch: 'worker',
      image: cluster.images.busybox,
      command: ['sh', '-c', script],
      output: 'none',
      skipOnExitCode: [99],
      logs: 'all',
      pod: { ...OWN, terminationGracePeriodSeconds: 2 },
      ...more,
    };
  }

  function jobConfig(script: string, more: JsonObject = {}): JsonObject {
    const { launch: _, output: _o, skipOnExitCode: _s, ...rest } = podConfig(script);
    return {
      ...rest,
      parallelism: 1,
      completionMode: 'NonIndexed',
      backoffLimit: 0,
      suspend: false,
      ttlSecondsAfterFinished: 3600,
      wait: true,
      keepJob: 'never',
      ...more,
    };
  }

  function start(operator: 'pod' | 'job', config: JsonObject, stop = new Stop()) {
    const inputs: Record<string, { kind: 'literal'; value: Json }> = {
      day: { kind: 'literal', value: 'monday' },
    };
    const task = { id: `t${count}`, operator, config, inputs, env: { GREETING: 'hello' } };
    return operate({ task, stop });
  }

  async function left(): Promise<string[]> {
    const kinds = ['/api/v1', '/apis/batch/v1'].map((api, index) =>
      cluster.api.call<{ items: { metadata: { name: string; deletionTimestamp?: string } }[] }>(
        'GET',
        `${api}/namespaces/${namespace}/${index === 0 ? 'pods' : 'jobs'}`,
      ),
    );
    const lists = await Promise.all(kinds);
    return lists.flatMap(({ items }) => items.map(({ metadata }) => metadata.name));
  }

  async function until(what: string, look: () => Promise<boolean>): Promise<void> {
    for (let tries = 0; tries < 300; tries += 1) {
      if (await look()) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    assert.fail(`not within 30 s: ${what}; left: ${(await left()).join(', ')}`);
  }

  const nothingLeft = () => until('nothing is left', async () => (await left()).length === 0);
  afterEach(nothingLeft);

  it('pod: runs, with inputs, log and output, and is removed', async () => {
    const script =
      'echo $GREETING $PODLINE_INPUT_DAY; sleep 1; echo "[1,2]" > /dev/termination-log; echo bye';
    const { outcome, log } = await start('pod', podConfig(script, { output: 'message' }));
    assert.equal(outcome.state, 'success', log);
    assert.deepEqual([outcome.xcom, outcome.mapLength, outcome.exitCode], [[1, 2], 2, 0]);
    assert.match(log, /hello monday\nbye\n/);
  });

  it('pod: exit codes fail or skip the task', async () => {
    const { outcome, log } = await start('pod', podConfig('echo no; exit 3'));
    assert.deepEqual([outcome.state, outcome.cause, outcome.exitCode], ['failed', 'exit_code', 3]);
    assert.match(log, /no\n/);
    count += 100;
    assert.equal((await start('pod', podConfig('exit 99'))).outcome.state, 'skipped');
  });

  it('pod: is removed when the task is cancelled', async () => {
    const stop = new Stop();
    const running = start(
      'pod',
      podConfig('trap "exit 1" TERM; while true; do sleep 0.1; done'),
      stop,
    );
    await until('it runs', async () => (await left()).length === 1);
    stop.request('cancelled');
    const { outcome } = await running;
    assert.deepEqual([outcome.state, outcome.cause], ['failed', 'cancelled']);
  });

  it('pod: the next worker goes on with the pod of a lost one', async () => {
    const config = podConfig('sleep 3; echo done', { keepPod: 'never' });
    const [first, second] = await Promise.all([start('pod', config), start('pod', config)]);
    const logs = [first.log, second.log].join('\n');
    assert.match(logs, /is there already, from a worker that was lost/);
    assert.equal(
      [first, second].filter(({ outcome }) => outcome.state === 'success').length >= 1,
      true,
      logs,
    );
  });

  it('pod: says that an image is refused, and what a cluster lacks', async () => {
    const config = podConfig('true', {
      image: 'docker.io/local/none:1',
      pod: { ...OWN, startupTimeout: 2 },
    });
    const { outcome } = await start('pod', config);
    assert.equal(outcome.cause, 'image_pull');
    count += 100;
    const { outcome: unknown } = await start(
      'pod',
      podConfig('true', { pod: { cluster: 'mars' } }),
    );
    assert.match(unknown.message ?? '', /knows no cluster "mars"/);
  });

  it('job: runs its pods, names their lines, and is removed', async () => {
    const config = jobConfig('echo part $JOB_COMPLETION_INDEX of $GREETING', {
      completions: 3,
      parallelism: 2,
      completionMode: 'Indexed',
    });
    const { outcome, log } = await start('job', config);
    assert.equal(outcome.state, 'success', log);
    const { job: _, ...counts } = outcome.xcom as JsonObject;
    assert.deepEqual(counts, { namespace, succeeded: 3, failed: 0 });
    for (const index of [0, 1, 2]) {
      assert.match(log, new RegExp(`\\[${index}-\\w+\\] part ${index} of hello\\n`));
    }
  });

  it('job: fails with the cause of its last pod', async () => {
    const { outcome, log } = await start('job', jobConfig('echo broken; exit 4'));
    assert.deepEqual(
      [outcome.state, outcome.cause, outcome.exitCode],
      ['failed', 'exit_code', 4],
      log,
    );
    assert.match(log, /broken\n/);
    assert.match(outcome.message ?? '', /backoff limit/);
  });

  it('job: is removed with its pods when the task is stopped, also while it is suspended', async () => {
    for (const suspend of [true, false]) {
      count += 100;
      const stop = new Stop();
      const script = 'trap "exit 1" TERM; while true; do sleep 0.1; done';
      const running = start('job', jobConfig(script, { suspend }), stop);
      await until('it is there', async () => (await left()).length === (suspend ? 1 : 2));
      stop.request('timeout');
      const { outcome } = await running;
      assert.deepEqual([outcome.state, outcome.cause], ['failed', 'timeout']);
      await nothingLeft();
    }
  });
});
