/** Scheduler: equal processes, the file of their clusters, and one service account. */
import assert from 'node:assert/strict';
import * as k8s from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import { clustersSchema } from '../../runtime/pods/clusterSchema.ts';
import { Scheduler, type SchedulerArgs } from '../../src/index.ts';
import { ENVIRONMENT_NAMES, LEAN_MEMORY } from '../../src/model/environment.ts';
import { CONTROL, envOf, mainOf, podOf, problemsOf, secretTexts, workload } from './common.ts';
import { componentLaws } from './laws.ts';
import { at, isSecret, read, record, TWINS } from './mocks.ts';

const ARGS: SchedulerArgs = { ...CONTROL, clusters: [{ name: 'home', namespaces: ['tasks'] }] };

for (const twin of TWINS) {
  describe(`Scheduler (${twin})`, () => {
    const make = (more: Partial<SchedulerArgs> = {}) =>
      record(twin, () => new Scheduler('brain', { ...ARGS, ...more }));
    const clustersOf = async (more: Partial<SchedulerArgs>) => {
      const { one } = await make(more);
      const data = one('ConfigMap').inputs.data as Record<string, string>;
      assert.deepEqual(Object.keys(data), ['clusters.json']);
      return data['clusters.json']!;
    };

    it('runs two schedulers that execute nothing themselves', async () => {
      const { one, children, value } = await make();
      componentLaws(children);
      const deployment = one('Deployment');
      assert.equal(workload(deployment).spec.replicas, 2);
      assert.deepEqual(mainOf(deployment).args, ['scheduler', '--no-local']);
      assert.equal(await read(value.deploymentName), 'brain-1a2b3c4d');
      assert.equal(await read(value.serviceName), 'brain-metrics-1a2b3c4d');
      assert.equal(await read(value.serviceAccountName), 'brain-1a2b3c4d');
      assert.equal(await read(value.namespace), 'control');
    });

    it('writes settings that the runtime knows, and no others', async () => {
      const { one } = await make({ defaultExecutor: 'pool:fast', logLevel: 'debug' });
      const env = envOf(one('Deployment'));
      assert.deepEqual(env, {
        HOME: '/tmp',
        PODLINE_HOME: '/tmp/podline',
        PODLINE_CLUSTERS: '/etc/podline/clusters.json',
        PODLINE_DATABASE_URL: 'database/url',
        PODLINE_DEFAULT_EXECUTOR: 'pool:fast',
        PODLINE_HEALTH_PORT: '8080',
        PODLINE_LOG_LEVEL: 'debug',
        // Not of ours: what Node and the C library make of memory.
        ...LEAN_MEMORY,
      });
      const settings = Object.fromEntries(
        Object.entries(env).filter(([name]) => name !== 'HOME' && !(name in LEAN_MEMORY)),
      );
      const known: readonly string[] = ENVIRONMENT_NAMES;
      assert.deepEqual(
        Object.keys(settings).filter((name) => !known.includes(name)),
        [],
      );
    });

    it('sends traces where it is told to', async () => {
      const { one } = await make({
        tracing: {
          endpoint: pulumi.output('http://collector:4318'),
          headersSecret: { name: 'traces', key: 'tempo' },
          serviceName: 'etl',
        },
        env: { OTEL_SERVICE_NAME: 'other' },
      });
      const env = envOf(one('Deployment'));
      assert.equal(env.OTEL_EXPORTER_OTLP_ENDPOINT, 'http://collector:4318');
      assert.equal(env.OTEL_EXPORTER_OTLP_HEADERS, 'traces/tempo');
      assert.equal(env.OTEL_SERVICE_NAME, 'etl');
      const plain = await make({ env: { OTEL_SERVICE_NAME: 'other' } });
      assert.equal(envOf(plain.one('Deployment')).OTEL_SERVICE_NAME, 'other');
    });

    it('is probed over HTTP, where liveness never asks the database', async () => {
      const { one } = await make();
      const { livenessProbe, readinessProbe, startupProbe, ports } = mainOf(one('Deployment'));
      assert.equal(livenessProbe.httpGet.path, '/healthz');
      assert.equal(startupProbe.httpGet.path, '/healthz');
      assert.equal(readinessProbe.httpGet.path, '/readyz');
      assert.deepEqual(ports, [{ name: 'http', containerPort: 8080, protocol: 'TCP' }]);
    });

    it('keeps one scheduler while nodes are drained, if there are several', async () => {
      const { one } = await make();
      assert.equal(at(one('PodDisruptionBudget').inputs, 'spec.maxUnavailable'), 1);
      const { all } = await make({ replicas: 1 });
      assert.deepEqual(all('PodDisruptionBudget'), []);
    });

    it('reads the clusters as the runtime takes them', async () => {
      const text = await clustersOf({
        clusters: [
          {
            name: 'home',
            namespaces: [pulumi.output('etl'), 'ml'],
            serviceAccounts: ['podline-launcher'],
            keepPods: 'failed',
            maxPods: 50,
            template: { spec: { nodeSelector: { pool: 'tasks' } } },
          },
          { name: 'gpu', namespaces: ['ml'], kubeconfig: 'text', context: 'prod', image: 'gpu:1' },
        ],
        defaultCluster: 'gpu',
      });
      const { clusters, default: first } = clustersSchema.parse(JSON.parse(text));
      assert.equal(first, 'gpu');
      assert.deepEqual(
        { ...clusters.home, startupTimeout: 0, imagePullGrace: 0 },
        {
          inCluster: true,
          namespaces: ['etl', 'ml'],
          image: CONTROL.image,
          workerDatabaseSecret: 'podline-worker-database',
          serviceAccounts: ['podline-launcher'],
          template: { spec: { nodeSelector: { pool: 'tasks' } } },
          keepPods: 'failed',
          maxPods: 50,
          startupTimeout: 0,
          imagePullGrace: 0,
        },
      );
      assert.equal(clusters.gpu!.kubeconfig, '/etc/podline-kubeconfigs/gpu');
      assert.equal(clusters.gpu!.context, 'prod');
    });

    it('writes the same file for the same clusters, whatever the order of their fields', async () => {
      const one = await clustersOf({
        clusters: [{ name: 'home', namespaces: ['a'], maxPods: 5, keepPods: 'never' }],
      });
      const other = await clustersOf({
        clusters: [{ keepPods: 'never', maxPods: 5, namespaces: ['a'], name: 'home' }],
      });
      assert.equal(one, other);
    });

    it('mounts each kubeconfig as a file of its cluster: its own Secret, or one that is there', async () => {
      const { one, children, value } = await make({
        clusters: [
          { name: 'gpu', namespaces: ['ml'], kubeconfig: 'canary-kubeconfig' },
          { name: 'edge', namespaces: ['ml'], kubeconfigSecret: 'edge-kubeconfig' },
        ],
      });
      componentLaws(children, { canaries: ['canary-kubeconfig'] });
      const volume = podOf(one('Deployment')).volumes.find(({ name }) => name === 'kubeconfigs');
      assert.deepEqual(volume!.projected.sources, [
        {
          secret: {
            name: 'brain-kubeconfig-gpu-1a2b3c4d',
            items: [{ key: 'kubeconfig', path: 'gpu' }],
          },
        },
        { secret: { name: 'edge-kubeconfig', items: [{ key: 'kubeconfig', path: 'edge' }] } },
      ]);
      assert.deepEqual(secretTexts(one('Secret')), { kubeconfig: 'canary-kubeconfig' });
      assert.ok(value);
    });

    it('has a token of Kubernetes only where it launches in the cluster around', async () => {
      const home = await make();
      assert.equal(podOf(home.one('Deployment')).automountServiceAccountToken, true);
      const away = await make({
        clusters: [{ name: 'gpu', namespaces: ['ml'], kubeconfigSecret: 'gpu' }],
      });
      assert.equal(podOf(away.one('Deployment')).automountServiceAccountToken, false);
    });

    it('takes a service account that is there, or annotates its own', async () => {
      const there = await make({ serviceAccount: { create: false, name: 'robot' } });
      assert.deepEqual(there.all('ServiceAccount'), []);
      assert.equal(podOf(there.one('Deployment')).serviceAccountName, 'robot');
      const own = await make({ serviceAccount: { annotations: { role: 'arn' } } });
      assert.deepEqual(at(own.one('ServiceAccount').inputs, 'metadata.annotations'), {
        role: 'arn',
      });
    });

    it('passes on what users say of its pods', async () => {
      const { one } = await make({
        resources: { requests: { memory: '1Gi' } },
        nodeSelector: { pool: 'system' },
        tolerations: [{ key: 'system', operator: 'Exists' }],
        affinity: { nodeAffinity: {} },
        priorityClassName: 'high',
        imagePullSecrets: ['registry'],
        imagePullPolicy: 'Always',
        env: { TZ: 'UTC', HTTPS_PROXY: 'http://proxy' },
        envFromSecrets: ['more'],
        podLabels: { identity: 'yes' },
        podAnnotations: { scrape: 'no' },
        labels: { team: 'data', 'app.kubernetes.io/name': 'mine' },
        annotations: { owner: 'us' },
        runAsUser: 2000,
      });
      const deployment = one('Deployment');
      const pod = podOf(deployment);
      // Who asks for more memory than the limit by default means more.
      assert.deepEqual(mainOf(deployment).resources, {
        requests: { cpu: '100m', memory: '1Gi' },
        limits: { memory: '1Gi' },
      });
      assert.deepEqual(pod.nodeSelector, { pool: 'system' });
      assert.deepEqual(pod.tolerations, [{ key: 'system', operator: 'Exists' }]);
      assert.deepEqual(pod.affinity, { nodeAffinity: {} });
      assert.equal(pod.priorityClassName, 'high');
      assert.deepEqual(pod.imagePullSecrets, [{ name: 'registry' }]);
      assert.equal(mainOf(deployment).imagePullPolicy, 'Always');
      assert.equal(envOf(deployment).TZ, 'UTC');
      assert.deepEqual(mainOf(deployment).envFrom, [{ secretRef: { name: 'more' } }]);
      assert.equal(pod.securityContext.runAsUser, 2000);
      const { metadata } = workload(deployment).spec.template;
      assert.equal(metadata.labels.team, 'data');
      assert.equal(metadata.labels.identity, 'yes');
      assert.equal(metadata.labels['app.kubernetes.io/name'], 'podline', 'selectors need it');
      assert.deepEqual(metadata.annotations, { owner: 'us', scrape: 'no' });
      assert.deepEqual(workload(deployment).metadata.annotations, { owner: 'us' });
    });

    it('changes only its pods with another image: no other object has the version', async () => {
      const { children } = await make();
      const versioned = children.filter((child) => JSON.stringify(child.inputs).includes('1.2.3'));
      assert.deepEqual(
        versioned.map(({ type }) => type.split(':').pop()).sort(),
        // The file of the clusters names the image of tasks.
        ['ConfigMap', 'Deployment', 'Scheduler'],
      );
      const own = await make({ clusters: [{ name: 'home', namespaces: ['a'], image: 'task:9' }] });
      assert.ok(!JSON.stringify(own.one('ConfigMap').inputs).includes('1.2.3'));
    });

    it('takes a connection as an output, and still says which Secret it is', async () => {
      const { one, children } = await record(twin, () => {
        const stash = new pulumi.Stash('url', { input: pulumi.secret('canary-url') });
        const database = pulumi.output({ secretName: 'from-output', url: stash.output });
        return new Scheduler('brain', { ...ARGS, database: pulumi.secret(database) });
      });
      componentLaws(children, { canaries: ['canary-url'] });
      assert.equal(envOf(one('Deployment')).PODLINE_DATABASE_URL, 'from-output/url');
      assert.deepEqual(one('Deployment').secrets, []);
    });

    it('comes after what it depends on', async () => {
      const { one } = await record(twin, () => {
        const first = new k8s.core.v1.Namespace('first');
        return new Scheduler('brain', ARGS, { dependsOn: [first] });
      });
      assert.ok(one('Deployment').after.includes('first'));
    });

    it('says nothing secret in its outputs', async () => {
      const { value } = await make();
      assert.equal(await isSecret(value.serviceAccountName), false);
    });
  });
}

describe('Scheduler refuses', () => {
  it('clusters that cannot work', () => {
    const problems = problemsOf(
      () =>
        new Scheduler('brain', {
          ...CONTROL,
          replicas: 0,
          defaultCluster: 'moon',
          defaultExecutor: 'local',
          serviceAccount: { create: false, annotations: { a: 'b' } },
          clusters: [
            { name: 'Home', namespaces: [] },
            { name: 'gpu', namespaces: ['Ml'], kubeconfig: 'a', kubeconfigSecret: 'b' },
            { name: 'gpu', namespaces: ['ml'], inCluster: true, kubeconfig: 'a', maxPods: 0 },
            { name: 'edge', namespaces: ['ml'], inCluster: false },
            { name: 'here', namespaces: ['ml'], context: 'prod', image: 'a b' },
          ],
        }),
    );
    assert.deepEqual(problems, [
      'clusters[0].name: "Home" is no name: use at most 63 lower-case letters, digits and "-"',
      'clusters[0].namespaces: it is empty; name one',
      'clusters[1].namespaces[0]: "Ml" is no name: use at most 63 lower-case letters, digits and "-"',
      'clusters[1].kubeconfig: there is kubeconfigSecret, too; give only one of them',
      'clusters[2].name: "gpu" is there twice',
      'clusters[2].inCluster: there is a kubeconfig, too; take one of them',
      'clusters[2].maxPods: 0 is not usable; give a whole number from 1 to 100000',
      'clusters[3].kubeconfig: it is missing; or kubeconfigSecret',
      'clusters[4].context: it belongs to a kubeconfig, which is not given',
      'clusters[4].image: "a b" is no image: write for example registry.example/team/image:1.2',
      'defaultCluster: "moon" is none of Home, gpu, gpu, edge, here',
      'defaultExecutor: "local" is no executor of a cluster; give kubernetes or pool:NAME',
      'replicas: 0 is not usable; give a whole number from 1 to 100',
      'serviceAccount.name: it is missing',
      'serviceAccount.annotations: they belong to an account that is made here, and create is false',
    ]);
  });

  it('to run without a cluster', () => {
    assert.deepEqual(
      problemsOf(() => new Scheduler('brain', { ...CONTROL, clusters: [] })),
      ['clusters: it is empty; name one'],
    );
    assert.deepEqual(
      problemsOf(() => new Scheduler('brain', CONTROL as SchedulerArgs)),
      ['clusters: it is missing'],
    );
  });
});
