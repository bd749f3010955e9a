/** Orchestrator: the whole of Podline from an image and a choice of database. */
import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as k8s from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import { clustersSchema } from '../../runtime/pods/clusterSchema.ts';
import {
  DatabaseMode,
  Exposure,
  MetadataDatabase,
  Orchestrator,
  type OrchestratorArgs,
} from '../../src/index.ts';
import { envOf, IMAGE, mainOf, podOf, problemsOf, workload } from './common.ts';
import { componentLaws } from './laws.ts';
import { at, isSecret, read, record, TWINS } from './mocks.ts';

const ARGS: OrchestratorArgs = { image: IMAGE, database: { mode: DatabaseMode.Embedded } };
const EXTERNAL: OrchestratorArgs['database'] = {
  mode: DatabaseMode.External,
  external: { url: 'postgresql://podline:canary-password@db.example.com:5432/podline' },
};

let dags: string;

before(async () => {
  dags = await fs.mkdtemp(path.join(os.tmpdir(), 'podline-stack-'));
  await fs.writeFile(
    path.join(dags, 'hello.ts'),
    [
      `import { bash, dag } from 'podline/dag';`,
      `export const hello = dag('hello', {}, (d) => { d.task('a', bash({ script: 'true' })); });`,
      '',
    ].join('\n'),
  );
});

after(() => fs.rm(dags, { recursive: true }));

for (const twin of TWINS) {
  describe(`Orchestrator (${twin})`, () => {
    const make = (more: Partial<OrchestratorArgs> = {}, opts?: pulumi.ComponentResourceOptions) =>
      record(twin, () => new Orchestrator('etl', { ...ARGS, ...more }, opts));

    it('needs an image and a database, and all of it keeps the laws', async () => {
      const { children } = await make();
      componentLaws(children);
    });

    it('says where to look, and all of it in the preview', async () => {
      const { value } = await make();
      assert.equal(await read(value.namespace), 'etl-1a2b3c4d');
      assert.equal(await read(value.taskNamespace), 'etl-tasks-1a2b3c4d');
      assert.deepEqual(await read(value.taskNamespaces), ['etl-tasks-1a2b3c4d']);
      assert.equal(await read(value.url), 'http://etl-webserver-1a2b3c4d.etl-1a2b3c4d.svc');
      assert.equal(await read(value.databaseSecretName), 'etl-database-connection-1a2b3c4d');
      assert.equal(await read(value.schedulerServiceAccount), 'etl-scheduler-1a2b3c4d');
      assert.deepEqual(await read(value.dagIds), []);
      assert.deepEqual(await read(value.commands), {
        dags: 'kubectl --namespace etl-1a2b3c4d exec deployment/etl-scheduler-1a2b3c4d -- podline dags list',
        log: 'kubectl --namespace etl-1a2b3c4d logs --follow deployment/etl-scheduler-1a2b3c4d',
        pods: 'kubectl --namespace etl-tasks-1a2b3c4d get pods',
        web: 'kubectl --namespace etl-1a2b3c4d port-forward service/etl-webserver-1a2b3c4d 8080:80',
      });
      for (const output of [value.namespace, value.url, value.commands, value.taskNamespaces]) {
        assert.equal(await isSecret(output), false);
      }
    });

    it('runs nothing before the schema and the rights are there', async () => {
      const { one } = await make({ dagFolders: [dags] });
      assert.ok(one('Job', '-migration').after.includes('etl-database'), 'the server first');
      const waiting = [one('Deployment', '-scheduler'), one('Deployment', '-webserver')];
      for (const { name, after } of [...waiting, one('Job', '-register')]) {
        assert.ok(after.includes('etl-migration'), `${name} waits for the schema`);
        assert.ok(after.includes('etl-tasks-scheduler'), `${name} waits for the rights`);
        assert.ok(after.includes('etl-tasks-worker-database'), `${name} waits for the login`);
      }
    });

    it('lets schedulers launch in its namespaces of tasks, as the runtime reads it', async () => {
      const { one, value } = await make({
        tasks: { image: 'tasks:7', maxPods: 40, keepPods: 'failed', template: { spec: {} } },
        taskNamespaces: [{ name: 'etl-fast', launcher: true }, { name: 'etl-slow' }],
        clusters: [{ name: 'gpu', namespaces: ['ml'], kubeconfigSecret: 'gpu' }],
      });
      const text = at(one('ConfigMap').inputs.data, '') as Record<string, string>;
      const { clusters, default: first } = clustersSchema.parse(JSON.parse(text['clusters.json']!));
      assert.equal(first, 'home');
      assert.deepEqual(clusters.home!.namespaces, ['etl-fast', 'etl-slow']);
      assert.deepEqual(clusters.home!.serviceAccounts, ['podline-launcher']);
      assert.equal(clusters.home!.image, 'tasks:7');
      assert.equal(clusters.home!.keepPods, 'failed');
      assert.equal(clusters.gpu!.image, IMAGE);
      assert.equal(await read(value.taskNamespace), 'etl-fast');
      const quota = at(one('ResourceQuota', 'etl-slow').inputs, 'spec.hard');
      assert.deepEqual(quota, { pods: '80' }, 'the limit of the scheduler comes first');
      assert.deepEqual(at(one('RoleBinding', 'etl-slow-scheduler').inputs, 'subjects'), [
        { kind: 'ServiceAccount', name: 'etl-scheduler-1a2b3c4d', namespace: 'etl-1a2b3c4d' },
      ]);
    });

    it('fits into a namespace, database and identity that are there', async () => {
      const { all, one, children } = await make({
        namespace: pulumi.output('platform'),
        database: {
          mode: DatabaseMode.External,
          external: { existingSecret: { name: 'podline-db' } },
        },
        taskNamespaces: [{ name: 'etl', create: false }],
        scheduler: { serviceAccount: { create: false, name: 'robot' }, replicas: 3 },
        labels: { team: 'data' },
        annotations: { owner: 'us' },
      });
      componentLaws(children);
      assert.deepEqual(all('Namespace'), []);
      assert.deepEqual(all('Secret'), [], 'all of them are there');
      assert.deepEqual(
        all('ServiceAccount').map(({ name }) => name),
        ['etl-webserver'],
      );
      const deployment = one('Deployment', '-scheduler');
      assert.equal(podOf(deployment).serviceAccountName, 'robot');
      assert.equal(workload(deployment).spec.replicas, 3);
      assert.equal(envOf(deployment).PODLINE_DATABASE_URL, 'podline-db/url');
      for (const child of children.filter(({ type }) => type.startsWith('kubernetes:'))) {
        assert.equal(at(child.inputs, 'metadata.labels.team'), 'data', child.name);
        assert.equal(at(child.inputs, 'metadata.annotations.owner'), 'us', child.name);
      }
    });

    it('takes the database of another component', async () => {
      const { children, value } = await record(twin, () => {
        const { connection } = new MetadataDatabase('own', { namespace: 'platform', ...EXTERNAL });
        return new Orchestrator('etl', {
          image: IMAGE,
          namespace: 'platform',
          database: { mode: DatabaseMode.External, external: { connection } },
        });
      });
      componentLaws(children, { canaries: ['canary-password'] });
      assert.equal(await read(value.databaseSecretName), 'own-connection-1a2b3c4d');
    });

    it('gives every pod of the control plane the same knobs, and each its own', async () => {
      const { one } = await make({
        pods: { nodeSelector: { pool: 'system' }, priorityClassName: 'high' },
        scheduler: { priorityClassName: 'highest' },
        webserver: {
          replicas: 2,
          exposure: { type: Exposure.Ingress, host: 'podline.example.com', tlsSecret: 'tls' },
        },
        logLevel: 'debug',
        defaultExecutor: 'pool:fast',
      });
      const scheduler = one('Deployment', '-scheduler');
      assert.deepEqual(podOf(scheduler).nodeSelector, { pool: 'system' });
      assert.equal(podOf(scheduler).priorityClassName, 'highest');
      assert.equal(envOf(scheduler).PODLINE_DEFAULT_EXECUTOR, 'pool:fast');
      for (const child of [one('Deployment', '-webserver'), one('Job')]) {
        assert.deepEqual(podOf(child).nodeSelector, { pool: 'system' });
        assert.equal(podOf(child).priorityClassName, 'high');
        assert.equal(envOf(child).PODLINE_LOG_LEVEL, 'debug');
      }
      assert.equal(at(one('Ingress').inputs, 'spec.rules[0].host'), 'podline.example.com');
    });

    it('has DAGs, connections, warm workers and monitoring on request', async () => {
      const { one, all, children, value } = await make({
        database: EXTERNAL,
        taskNamespaces: [{ name: 'fast' }, { name: 'slow' }],
        dagFolders: [dags],
        connections: [
          { connectionId: 'warehouse', uri: 'postgresql://loader:canary-uri@db/sales' },
          { connectionId: 'lake', type: 's3', login: 'key', password: 'canary-key' },
        ],
        workerPools: [{ pool: 'fast', slots: 2, connections: ['warehouse'] }],
        monitoring: { dashboard: { create: false } },
      });
      componentLaws(children, { canaries: ['canary-password', 'canary-uri', 'canary-key'] });
      assert.deepEqual(await read(value.dagIds), ['hello']);
      assert.ok(one('Dag').name.endsWith('-hello'), 'each DAG is a child');
      const secrets = all('Secret')
        .map(({ inputs }) => [at(inputs, 'metadata.namespace'), at(inputs, 'metadata.name')])
        .filter(([, name]) => String(name).startsWith('podline-connection-'))
        .map((place) => place.join('/'));
      assert.deepEqual(secrets.sort(), [
        'fast/podline-connection-lake',
        'fast/podline-connection-warehouse',
        'slow/podline-connection-lake',
        'slow/podline-connection-warehouse',
      ]);
      const workers = one('Deployment', '-fast');
      assert.equal(at(workers.inputs, 'metadata.namespace'), 'fast');
      assert.deepEqual(mainOf(workers).args, ['worker', '--pool', 'fast', '--slots', '2']);
      assert.equal(all('PodMonitor').length, 1);
      assert.ok(one('Job', '-register').after.includes('etl-warehouse-0'), 'runs find them there');
    });

    it('sends traces and links to them on request', async () => {
      const { one } = await make({
        tracing: {
          endpoint: 'http://collector.monitoring:4318',
          headersSecret: { name: 'traces' },
          traceUrl: 'https://jaeger.example.com/trace/{traceId}',
        },
        pods: { env: { OTEL_RESOURCE_ATTRIBUTES: 'team=data' } },
      });
      const scheduler = envOf(one('Deployment', '-scheduler'));
      assert.equal(scheduler.OTEL_EXPORTER_OTLP_ENDPOINT, 'http://collector.monitoring:4318');
      assert.equal(scheduler.OTEL_EXPORTER_OTLP_HEADERS, 'traces/headers');
      assert.equal(scheduler.OTEL_RESOURCE_ATTRIBUTES, 'team=data');
      const webserver = envOf(one('Deployment', '-webserver'));
      assert.equal(webserver.PODLINE_TRACE_URL, 'https://jaeger.example.com/trace/{traceId}');
      assert.ok(!('OTEL_EXPORTER_OTLP_ENDPOINT' in webserver), 'it sends none');
    });

    it('keeps its namespace with the data in it when they were asked to stay', async () => {
      assert.equal((await make()).one('Namespace', 'etl').retainOnDelete, false);
      const kept = await make({
        database: { mode: DatabaseMode.Embedded, embedded: { keepData: true } },
      });
      assert.equal(kept.one('Namespace', 'etl').retainOnDelete, true);
    });

    it('keeps secrets out of plain inputs, wherever they are given', async () => {
      const { children, value } = await make({
        database: { ...EXTERNAL, pooler: { image: 'pgbouncer:1.24' } },
        clusters: [{ name: 'gpu', namespaces: ['ml'], kubeconfig: 'canary-kubeconfig' }],
      });
      componentLaws(children, { canaries: ['canary-password', 'canary-kubeconfig'] });
      assert.equal(await isSecret(value.connection), true);
    });

    it('makes everything with the provider and after the resources of its options', async () => {
      const { children } = await record(twin, () => {
        const provider = new k8s.Provider('cluster', { kubeconfig: '{}' });
        const first = new k8s.core.v1.Namespace('first', {}, { provider });
        const more: OrchestratorArgs = {
          ...ARGS,
          namespace: 'control',
          connections: [{ connectionId: 'lake', uri: 's3://key:secret@store' }],
          monitoring: {},
        };
        return new Orchestrator('etl', more, { provider, dependsOn: first });
      });
      const own = children.filter(
        ({ type, name }) => type.startsWith('kubernetes:') && name !== 'first',
      );
      assert.ok(own.length > 20);
      assert.ok(own.every(({ provider }) => provider.includes('::cluster::')));
      // By way of others, too: names are told apart by their types, so both are followed.
      const waits = (name: string, seen = new Set<string>()): boolean =>
        name === 'first' ||
        (!seen.has(name) &&
          children
            .filter((child) => child.name === name && child.type.startsWith('kubernetes:'))
            .some(({ after }) => after.some((next) => waits(next, seen.add(name)))));
      assert.deepEqual(
        own.filter(({ after }) => !after.some((next) => waits(next))).map(({ name }) => name),
        [],
      );
    });
  });
}

describe('Orchestrator refuses', () => {
  it('what cannot work in any of its parts, all of it at once, before the first is made', async () => {
    const args: OrchestratorArgs = {
      image: 'no image',
      database: { mode: DatabaseMode.External, external: { host: 'db' } },
      namespace: 'Control',
      dagFolders: ['a/dags', 'b/dags', '/no/such/folder'],
      taskNamespaces: [{ name: 'etl' }, { name: 'etl', quota: { pods: 'many' } }],
      tasks: { maxPods: 0 },
      connections: [{ connectionId: 'warehouse' }, { connectionId: 'warehouse', uri: 'x://y' }],
      workerPools: [{ pool: 'Fast!', slots: 0 }],
      monitoring: { alerts: { failureRatio: 2 } },
      backup: { schedule: 'daily', dump: { keep: 0 }, cloudNativePg: {} },
      tracing: { endpoint: 'collector:4317', traceUrl: 'https://jaeger.example.com' },
      clusters: [{ name: 'home', namespaces: ['x'], kubeconfigSecret: 'a' }],
      defaultCluster: 'moon',
      defaultExecutor: 'celery',
      scheduler: { replicas: 0, runAsUser: 0 },
      webserver: { exposure: { type: Exposure.Ingress } },
      logLevel: 'loud',
    };
    const problems = problemsOf(() => new Orchestrator('etl', args));
    const paths = problems.map((problem) => problem.split(': ')[0]);
    assert.deepEqual(
      paths.filter((place, index) => paths.indexOf(place) === index),
      [
        'image',
        'database.external.password',
        'namespace',
        'defaultExecutor',
        'logLevel',
        'dagFolders[1]',
        'connections[0]',
        'connections[1].connectionId',
        'workerPools[0].pool',
        'workerPools[0].slots',
        'monitoring.alerts.failureRatio',
        'backup.schedule',
        'backup.cloudNativePg',
        'backup.dump.keep',
        'tracing.endpoint',
        'tracing.traceUrl',
        'taskNamespaces[1].name',
        'taskNamespaces[1].quota.pods',
        'tasks.maxPods',
        'clusters[0].name',
        'defaultCluster',
        'scheduler.runAsUser',
        'scheduler.replicas',
        'webserver.exposure.host',
        'dagFolders[0]',
        'dagFolders[2]',
      ],
      problems.join('\n'),
    );
    for (const expected of [
      'dagFolders[1]: another folder is called "dags", too; they are told apart by their last part',
      'connections[1].connectionId: "warehouse" is there twice',
      'taskNamespaces[1].name: "etl" is there twice',
      'clusters[0].name: "home" is the cluster that this runs in; take another name',
      'defaultCluster: "moon" is none of home, home',
    ]) {
      assert.ok(problems.includes(expected), problems.join('\n'));
    }
    const made = await record('update', () => {
      try {
        return new Orchestrator('etl', args);
      } catch {
        return undefined;
      }
    });
    assert.deepEqual(made.children, []);
  });

  it('a DAG that does not build, with its file and line, before anything is made', async () => {
    const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'podline-broken-'));
    try {
      await fs.writeFile(
        path.join(folder, 'broken.ts'),
        [
          `import { bash, dag } from 'podline/dag';`,
          `export const broken = dag('broken', { schedule: 'sometimes' }, (d) => {`,
          `  d.task('a', bash({ script: 'true' }));`,
          `});`,
          '',
        ].join('\n'),
      );
      const problems = problemsOf(
        () => new Orchestrator('etl', { ...ARGS, dagFolders: [dags, folder] }),
      );
      assert.equal(problems.length, 1);
      assert.match(problems[0]!, /^dagFolders\[1\]: .*broken\.ts:2.*bad schedule/s);
    } finally {
      await fs.rm(folder, { recursive: true });
    }
  });

  it('to start without an image or a database', () => {
    assert.deepEqual(
      problemsOf(() => new Orchestrator('etl', {} as OrchestratorArgs)),
      ['image: it is missing', 'database: it is missing'],
    );
  });

  it('names that leave no room for those of its parts', () => {
    const long = 'a'.repeat(29);
    assert.deepEqual(
      problemsOf(() => new Orchestrator(long, ARGS)),
      [
        `name: "${long}" is no name of a component: use at most 28 lower-case letters, digits and "-", a letter first`,
      ],
    );
    const pool = 'p'.repeat(40);
    assert.deepEqual(
      problemsOf(() => new Orchestrator('etl', { ...ARGS, workerPools: [{ pool }] })),
      [
        `workerPools[0].pool: "etl-${pool}" would be the name of a component, and has more than 40 characters; make that component yourself, with a name of your own`,
      ],
    );
  });

  it('a database that is an output, because it decides what is made', () => {
    const database = pulumi.output(ARGS.database) as unknown as OrchestratorArgs['database'];
    assert.deepEqual(
      problemsOf(() => new Orchestrator('etl', { ...ARGS, database })),
      [
        'database: it decides what is made, so it must be known when the program runs; it is an output',
      ],
    );
  });
});
