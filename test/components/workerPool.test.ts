/** Pools of warm workers in a deployment: what their pods are, and who decides how many there are. */
import assert from 'node:assert/strict';
import type * as k8s from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import pg from 'pg';
import { Autoscaler } from '../../components/poolAutoscaler.ts';
import { WorkerPool, type WorkerPoolArgs } from '../../components/workerPool.ts';
import { poolManifest } from '../../runtime/cli/poolManifest.ts';
import { testDatabase } from '../../runtime/testing/database.ts';
import { poolUrl, workerUrl } from '../../src/model/databaseRoles.ts';
import { componentLaws } from './laws.ts';
import { failure, read, record, TWINS } from './mocks.ts';

type Deployment = k8s.types.output.apps.v1.Deployment;

const OWNER = 'postgresql://podline:owner-secret@db.podline.svc:5432/podline?sslmode=require';
const text = (base64: string | undefined) => Buffer.from(base64 ?? '', 'base64').toString();

const args = (more: Partial<WorkerPoolArgs> = {}): WorkerPoolArgs => ({
  namespace: 'etl',
  image: 'registry.example.com/podline:1.2.3',
  database: { secretName: 'database', poolUrl: poolUrl(OWNER), workerUrl: workerUrl(OWNER) },
  ...more,
});

describe('WorkerPool', () => {
  for (const twin of TWINS) {
    describe(twin, () => {
      const make = (more: Partial<WorkerPoolArgs> = {}, name = 'gpu') =>
        record(twin, () => new WorkerPool(name, args(more)));
      const podOf = async (more: Partial<WorkerPoolArgs> = {}) => {
        const { one } = await make(more);
        return (one('Deployment').inputs as unknown as Deployment).spec.template.spec;
      };

      it('runs workers of the pool that has its name', async () => {
        const { one, value } = await make();
        const { spec } = one('Deployment').inputs as unknown as Deployment;
        assert.equal(spec.replicas, 1);
        const container = spec.template.spec.containers[0]!;
        assert.deepEqual(container.args, ['worker', '--pool', 'gpu', '--slots', '4']);
        assert.equal(await read(value.executor), 'pool:gpu');
        assert.equal(await read(value.deploymentName), 'gpu-1a2b3c4d');
      });

      it('keeps the laws of all components', async () => {
        for (const autoscaling of [
          undefined,
          { kind: Autoscaler.Keda },
          { kind: Autoscaler.Cpu },
        ]) {
          const { children } = await make({ autoscaling, connections: ['warehouse'] });
          componentLaws(children, { canaries: ['owner-secret', new URL(poolUrl(OWNER)).password] });
        }
      });

      it('starts the same process in the same kind of pod as podline worker --manifest', async () => {
        const printed = poolManifest({
          pool: 'gpu',
          image: args().image as string,
          slots: 8,
          drainSeconds: 120,
          poolUrl: '',
          workerUrl: '',
        }) as { items: Deployment[] };
        const theirs = printed.items[1]!.spec.template.spec;
        const ours = await podOf({ slots: 8, drainSeconds: 120 });
        assert.deepEqual(ours.containers[0]!.args, theirs.containers[0]!.args);
        assert.deepEqual(
          ours.containers[0]!.securityContext,
          theirs.containers[0]!.securityContext,
        );
        for (const field of [
          'terminationGracePeriodSeconds',
          'shareProcessNamespace',
          'automountServiceAccountToken',
          'enableServiceLinks',
        ] as const) {
          assert.equal(ours[field], theirs[field], field);
        }
        const names = (env: { name: string }[]) => env.map(({ name }) => name);
        const more = names(theirs.containers[0]!.env).filter(
          (name) => !names(ours.containers[0]!.env).includes(name),
        );
        // Health is asked over HTTP here.
        assert.deepEqual(more, ['PODLINE_HEALTH_FILE']);
      });

      it('holds the logins of workers and pools, as secrets, and never that of the owner', async () => {
        const { one, children } = await make();
        const secret = one('Secret');
        const data = (secret.inputs as unknown as { data: Record<string, string> }).data;
        assert.equal(text(data['pool-url']), poolUrl(OWNER));
        assert.equal(text(data['worker-url']), workerUrl(OWNER));
        assert.deepEqual(secret.secrets, ['data']);
        assert.ok(!JSON.stringify(children).includes('owner-secret'));
        const { env } = (await podOf()).containers[0]!;
        const pool = env.find(({ name }) => name === 'PODLINE_POOL_DATABASE_URL');
        assert.deepEqual(pool?.valueFrom.secretKeyRef, {
          name: 'gpu-database-1a2b3c4d',
          key: 'pool-url',
        });
      });

      it('gives tasks the connections that it names, by reference', async () => {
        const { env } = (await podOf({ connections: ['warehouse.eu', 'lake'] })).containers[0]!;
        const found = env.filter(({ name }) => name.startsWith('PODLINE_CONN_'));
        assert.deepEqual(found, [
          {
            name: 'PODLINE_CONN_LAKE',
            valueFrom: { secretKeyRef: { name: 'podline-connection-lake', key: 'value' } },
          },
          {
            name: 'PODLINE_CONN_WAREHOUSE_EU',
            valueFrom: { secretKeyRef: { name: 'podline-connection-warehouse-eu', key: 'value' } },
          },
        ]);
      });

      it('has the identity that it is told, and no token with it', async () => {
        const pod = await podOf({ serviceAccountName: 'features' });
        assert.equal(pod.serviceAccountName, 'features');
        assert.equal(pod.automountServiceAccountToken, false);
        assert.ok(!('serviceAccountName' in (await podOf())));
      });

      it('leaves the number of workers to the autoscaler that there is', async () => {
        for (const kind of [Autoscaler.Keda, Autoscaler.Cpu]) {
          const { one } = await make({ autoscaling: { kind } });
          const { spec } = one('Deployment').inputs as unknown as Deployment;
          assert.ok(!('replicas' in spec), kind);
        }
      });

      it('follows the tasks that wait with KEDA, down to none', async () => {
        const { one, all } = await make({ pool: 'gpu_a.1', autoscaling: { kind: 'Keda' } });
        const { spec } = one('ScaledObject').inputs as unknown as { spec: Record<string, unknown> };
        assert.deepEqual(spec, {
          scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'gpu-1a2b3c4d' },
          minReplicaCount: 0,
          maxReplicaCount: 10,
          pollingInterval: 10,
          cooldownPeriod: 300,
          advanced: {
            horizontalPodAutoscalerConfig: {
              behavior: { scaleDown: { stabilizationWindowSeconds: 300 } },
            },
          },
          triggers: [
            {
              type: 'postgresql',
              metadata: {
                query: "SELECT pool.depth('gpu_a.1')",
                targetQueryValue: '4',
                activationTargetQueryValue: '0',
              },
              authenticationRef: { name: 'gpu-scaler-1a2b3c4d' },
            },
          ],
        });
        const secret = all('Secret').find(({ name }) => name === 'gpu-scaler')!;
        const { data } = secret.inputs as unknown as { data: Record<string, string> };
        const login = Object.fromEntries(
          Object.entries(data).map(([key, item]) => [key, text(item)]),
        );
        const { password } = new URL(poolUrl(OWNER));
        assert.deepEqual(login, {
          host: 'db.podline.svc',
          port: '5432',
          userName: 'podline_pool_podline',
          dbName: 'podline',
          password,
          sslmode: 'require',
        });
        assert.deepEqual(secret.secrets, ['data']);
        const { spec: authentication } = one('TriggerAuthentication').inputs as unknown as {
          spec: { secretTargetRef: { parameter: string; name: string; key: string }[] };
        };
        assert.deepEqual(
          authentication.secretTargetRef.map(({ parameter, key }) => [parameter, key]).sort(),
          Object.keys(data).map((key) => [key, key]),
        );
        assert.ok(
          authentication.secretTargetRef.every(({ name }) => name === 'gpu-scaler-1a2b3c4d'),
        );
      });

      it('lets KEDA read the Secret that is there', async () => {
        const { one, all } = await make({
          database: { secretName: 'database' },
          databaseSecret: 'pool-logins',
          autoscaling: { kind: Autoscaler.Keda, tasksPerWorker: 2, minReplicas: 1 },
        });
        assert.deepEqual(all('Secret'), []);
        const { spec } = one('TriggerAuthentication').inputs as unknown as { spec: object };
        assert.deepEqual(spec, {
          secretTargetRef: [{ parameter: 'connection', name: 'pool-logins', key: 'pool-url' }],
        });
      });

      it('follows the processors with the autoscaler of Kubernetes', async () => {
        const { one, all } = await make({ autoscaling: { kind: 'Cpu', maxReplicas: 3 } });
        const { spec } = one('HorizontalPodAutoscaler')
          .inputs as unknown as k8s.types.output.autoscaling.v2.HorizontalPodAutoscaler;
        assert.deepEqual([spec.minReplicas, spec.maxReplicas], [1, 3]);
        assert.equal(spec.metrics[0]!.resource.target.averageUtilization, 70);
        assert.deepEqual(all('ScaledObject'), []);
      });

      it('keeps all but one worker while nodes are drained, where there are several', async () => {
        assert.equal((await make()).all('PodDisruptionBudget').length, 0);
        const { one } = await make({ replicas: 2 });
        const { spec } = one('PodDisruptionBudget').inputs as unknown as {
          spec: { maxUnavailable: number; selector: { matchLabels: object } };
        };
        assert.equal(spec.maxUnavailable, 1);
        const deployment = one('Deployment').inputs as unknown as Deployment;
        assert.deepEqual(spec.selector, deployment.spec.selector);
        const scaled = await make({ autoscaling: { kind: 'Keda' } });
        assert.equal(scaled.all('PodDisruptionBudget').length, 1);
      });

      it('is asked by probes whether it is well and takes tasks', async () => {
        const [container] = (await podOf()).containers;
        assert.equal(container!.livenessProbe.httpGet.path, '/healthz');
        assert.equal(container!.readinessProbe.httpGet.path, '/readyz');
        assert.ok(container!.env.some(({ name }) => name === 'PODLINE_HEALTH_PORT'));
      });

      it('refuses arguments that do not fit, all at once', async () => {
        const error = await failure(twin, () => {
          new WorkerPool(
            'gpu',
            args({
              pool: "a'b",
              slots: 0,
              replicas: 2,
              drainSeconds: -1,
              connections: ['--'],
              autoscaling: { kind: Autoscaler.Cpu, minReplicas: 20, tasksPerWorker: 1 },
            }),
          );
        });
        assert.ok(error instanceof pulumi.InputPropertiesError, String(error));
        const { errors } = error as unknown as { errors: { propertyPath: string }[] };
        assert.deepEqual(
          errors.map(({ propertyPath }) => propertyPath),
          [
            'pool',
            'slots',
            'drainSeconds',
            'autoscaling',
            'autoscaling.minReplicas',
            'autoscaling.tasksPerWorker',
            'connections[0]',
          ],
        );
      });

      it('says what is missing when nobody knows the logins', async () => {
        const error = await failure(
          twin,
          () => new WorkerPool('gpu', args({ database: { secretName: 'database' } })),
        );
        assert.match(error.message, /database\.(poolUrl|workerUrl)|databaseSecret/);
      });
    });
  }

  it('asks the database what the role of pools may know, with the login that KEDA gets', async () => {
    const test = await testDatabase();
    const url = poolUrl(test.url);
    const { all, one } = await record(
      'update',
      () =>
        new WorkerPool(
          'gpu',
          args({
            database: { secretName: 'database', poolUrl: url, workerUrl: test.workerUrl },
            autoscaling: { kind: Autoscaler.Keda },
          }),
        ),
    );
    const { data } = all('Secret').find(({ name }) => name === 'gpu-scaler')!.inputs as unknown as {
      data: Record<string, string>;
    };
    const { spec } = one('ScaledObject').inputs as unknown as {
      spec: { triggers: { metadata: { query: string } }[] };
    };
    const client = new pg.Client({
      host: text(data.host),
      port: Number(text(data.port)),
      user: text(data.userName),
      database: text(data.dbName),
      password: text(data.password),
    });
    await client.connect();
    try {
      const { rows } = await client.query<{ depth: number }>(spec.triggers[0]!.metadata.query);
      assert.deepEqual(rows, [{ depth: 0 }]);
    } finally {
      await client.end();
      await test.drop();
    }
  });
});
