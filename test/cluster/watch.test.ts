/** Pods of a real cluster as the client and the watch see them: their ends, and connections that fail. */
import assert from 'node:assert/strict';
import { readClusters } from '../../runtime/pods/clusterConfig.ts';
import { openPodClient, type PodClient } from '../../runtime/pods/podClient.ts';
import type { PodFacts } from '../../runtime/pods/podFacts.ts';
import { PodWatch } from '../../runtime/pods/podWatch.ts';
import type { FaultProxy } from './faultProxy.ts';
import { openCluster, type TestCluster } from './harness.ts';

const log = { info() {}, warn() {}, error() {} };
const IDLE_MS = 4000;

interface Told {
  what: 'change' | 'gone' | 'synced';
  pod?: PodFacts;
}

describe('pods and their watch', function () {
  this.timeout(120_000);
  let cluster: TestCluster;
  let namespace: string;
  let proxy: FaultProxy;
  /** Past the proxy. */
  let direct: PodClient;
  let watched: PodClient;
  let watch: PodWatch;
  const told: Told[] = [];
  let wake = () => {};

  before(async () => {
    cluster = await openCluster();
    namespace = await cluster.namespace();
    const limited = await cluster.schedulerKubeconfig(namespace);
    proxy = await cluster.proxy({ kubeconfig: limited });
    direct = await open(cluster.kubeconfig);
    watched = await open(proxy.kubeconfig);
  });

  beforeEach(async () => {
    told.length = 0;
    const tell = (entry: Told) => {
      told.push(entry);
      wake();
    };
    watch = new PodWatch({
      client: watched,
      namespace,
      selector: 'podline.dev/installation=watch-test',
      log,
      onChange: (pod) => tell({ what: 'change', pod }),
      onGone: (pod) => tell({ what: 'gone', pod }),
      onSynced: () => tell({ what: 'synced' }),
      idleMs: IDLE_MS,
    });
    watch.start();
    await until(({ what }) => what === 'synced');
  });

  afterEach(async () => {
    proxy.heal();
    await watch.stop();
    await cluster.kubectl(
      ...['delete', 'pods', '-n', namespace, '--all', '--force', '--grace-period=0'],
    );
  });

  after(async () => {
    direct.close();
    watched.close();
    await proxy.close();
  });

  async function open(kubeconfig: string): Promise<PodClient> {
    const PODLINE_KUBECONFIG = kubeconfig;
    const read = await readClusters({ PODLINE_KUBECONFIG, PODLINE_NAMESPACE: namespace });
    assert.ok(read?.clusters.default);
    return openPodClient(read.clusters.default);
  }

  /** The first that was told and fits. */
  async function until(fits: (told: Told) => boolean): Promise<Told> {
    for (;;) {
      const found = told.find(fits);
      if (found) return found;
      await new Promise<void>((resolve) => (wake = resolve));
    }
  }

  async function pod(name: string, fits: (pod: PodFacts) => boolean): Promise<PodFacts> {
    const { pod } = await until(
      (entry) => entry.what === 'change' && entry.pod?.name === name && fits(entry.pod),
    );
    assert.ok(pod);
    return pod;
  }

  const gone = (name: string) =>
    until((entry) => entry.what === 'gone' && entry.pod?.name === name);
  const isRunning = (facts: PodFacts) => facts.main.state === 'running';

  function manifest(name: string, script: string, more: object = {}, spec: object = {}): object {
    const labels = { 'podline.dev/installation': 'watch-test', 'podline.dev/attempt': '7' };
    const image = cluster.images.busybox;
    const main = { name: 'main', image, command: ['sh', '-c', script], ...more };
    return {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, labels },
      spec: {
        restartPolicy: 'Never',
        terminationGracePeriodSeconds: 1,
        automountServiceAccountToken: false,
        containers: [{ imagePullPolicy: 'IfNotPresent', ...main }],
        ...spec,
      },
    };
  }

  const FOREVER = 'trap "exit 143" TERM; sleep 1000 & wait';

  it('tells each step of a pod, its log and its end', async () => {
    await watched.create(namespace, manifest('steps', 'echo hello; exit 3'));
    const end = await pod('steps', (facts) => facts.terminal);
    assert.deepEqual(end.failure, {
      cause: 'exit_code',
      message: 'it ended with exit code 3',
      exitCode: 3,
    });
    assert.equal(end.attemptId, 7);
    const stream = await watched.log(namespace, 'steps', 'main');
    assert.equal(Buffer.concat(await stream.toArray()).toString(), 'hello\n');
    const events = await watched.events(namespace, 'steps');
    assert.ok(events.some(({ reason }) => reason === 'Scheduled'));
    assert.equal(await watched.remove(namespace, 'steps', { uid: 'another' }), false);
    assert.equal(await watched.remove(namespace, 'steps', { uid: end.uid }), true);
    await gone('steps');
    assert.equal(await watched.get(namespace, 'steps'), null);
  });

  it('tells deletion and deletion by force', async () => {
    for (const name of ['deleted', 'forced']) {
      await watched.create(namespace, manifest(name, FOREVER));
      await pod(name, isRunning);
    }
    await direct.remove(namespace, 'deleted');
    assert.equal((await gone('deleted')).pod?.failure?.cause, 'pod_deleted');
    await direct.remove(namespace, 'forced', { graceSeconds: 0 });
    await gone('forced');
  });

  it('tells eviction from deletion', async () => {
    await watched.create(namespace, manifest('evicted', FOREVER));
    await pod('evicted', isRunning);
    const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'evicted' } };
    const path = `/api/v1/namespaces/${namespace}/pods/evicted/eviction`;
    await cluster.api.call('POST', path, eviction);
    assert.equal((await gone('evicted')).pod?.failure?.cause, 'evicted');
  });

  it('tells what a real kubelet and scheduler say about pods that cannot run', async () => {
    const noImage = { image: 'docker.io/local/not-there:1', imagePullPolicy: 'Never' };
    const noSecret = { envFrom: [{ secretRef: { name: 'not-there' } }] };
    const failing = {
      name: 'fetch',
      image: cluster.images.busybox,
      command: ['sh', '-c', 'exit 4'],
    };
    const cases: [string, object, object, (facts: PodFacts) => boolean][] = [
      ['image', noImage, {}, ({ waiting }) => waiting?.reason === 'image_pull'],
      ['name', { image: 'NOT/A:name:1' }, {}, ({ waiting }) => waiting?.reason === 'image_invalid'],
      ['secret', noSecret, {}, ({ waiting }) => waiting?.reason === 'container_config'],
      [
        'node',
        {},
        { nodeSelector: { no: 'such' } },
        ({ waiting }) => waiting?.reason === 'unschedulable',
      ],
      [
        'program',
        { command: ['not-there'] },
        {},
        ({ failure }) => failure?.cause === 'missing_program',
      ],
      [
        'memory',
        {
          command: ['sh', '-c', 'x=a; while :; do x=$x$x; done'],
          resources: { limits: { memory: '16Mi' } },
        },
        {},
        ({ failure }) => failure?.cause === 'oom',
      ],
      [
        'killed',
        { command: ['sh', '-c', 'exit 137'] },
        {},
        ({ failure }) => failure?.cause === 'signal',
      ],
      ['late', {}, { activeDeadlineSeconds: 1 }, ({ failure }) => failure?.cause === 'timeout'],
      ['init', {}, { initContainers: [failing] }, ({ failure }) => failure?.exitCode === 4],
    ];
    for (const [name, more, spec] of cases) {
      await watched.create(namespace, manifest(name, FOREVER, more, spec));
    }
    for (const [name, , , fits] of cases) await pod(name, fits);
  });

  it('goes on without a gap when its connection is cut, and lists again after 410', async () => {
    proxy.cut({ reset: true });
    await watched
      .create(namespace, manifest('cut', FOREVER))
      .catch(() => watched.create(namespace, manifest('cut', FOREVER)));
    await pod('cut', isRunning);
    told.length = 0;
    proxy.expireWatches();
    await until(({ what }) => what === 'synced');
    assert.deepEqual(told, [{ what: 'synced' }]);
  });

  it('finds what it missed in a partition that ends no connection', async () => {
    await watched.create(namespace, manifest('missed', FOREVER));
    await pod('missed', isRunning);
    proxy.silence();
    await direct.remove(namespace, 'missed', { graceSeconds: 0 });
    await direct.create(namespace, manifest('new', FOREVER));
    // The server is asked by another way until all is over; nothing of it can have come through.
    while ((await direct.get(namespace, 'missed')) !== null) await direct.list(namespace, '');
    assert.equal(
      told.some(({ what, pod }) => what === 'gone' && pod?.name === 'missed'),
      false,
    );
    await new Promise((resolve) => setTimeout(resolve, IDLE_MS + 1000));
    proxy.heal();
    const begun = performance.now();
    await gone('missed');
    await pod('new', () => true);
    assert.ok(performance.now() - begun < IDLE_MS + 10_000);
  });

  it('decides nothing while the API server is down', async () => {
    await watched.create(namespace, manifest('outage', FOREVER));
    await pod('outage', isRunning);
    told.length = 0;
    proxy.refuse();
    await assert.rejects(watched.get(namespace, 'outage'), { kind: 'network' });
    await new Promise((resolve) => setTimeout(resolve, 3000));
    assert.deepEqual(told, []);
    assert.equal(watch.pods.size, 1);
    proxy.heal();
    await direct.remove(namespace, 'outage');
    await gone('outage');
  });
});
