/** Templates of pods: what the cluster would refuse at the first launch is refused by the program. */
import assert from 'node:assert/strict';
import * as pulumi from '@pulumi/pulumi';
import { PodTemplate } from '../../components/podTemplate.ts';
import type { PodTemplateArgs } from '../../components/podTemplateArgs.ts';
import { clustersSchema } from '../../runtime/pods/clusterSchema.ts';
import { basePod, layeredPod } from '../../runtime/pods/basePod.ts';
import { failure, read, record, TWINS } from './mocks.ts';

const template = async (twin: (typeof TWINS)[number], args: PodTemplateArgs) => {
  const { value } = await record(twin, () => new PodTemplate('tasks', args));
  return read(value.template);
};

const EVERYTHING: PodTemplateArgs = {
  labels: { team: 'data' },
  annotations: { 'example.com/cost': 'etl' },
  resources: { requests: { cpu: '1', memory: '1Gi' }, limits: { memory: '2Gi' } },
  nodeSelector: { accelerator: 'a100' },
  tolerations: [{ key: 'gpu', operator: 'Exists', effect: 'NoSchedule' }],
  affinity: { nodeAffinity: {} },
  topologySpreadConstraints: [
    { maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'ScheduleAnyway' },
  ],
  priorityClassName: 'batch',
  runtimeClassName: 'gvisor',
  schedulerName: 'default-scheduler',
  serviceAccountName: 'tasks',
  imagePullSecrets: ['registry'],
  imagePullPolicy: 'IfNotPresent',
  env: { REGION: 'eu' },
  envSecrets: { PROXY: { name: 'proxy', key: 'url', optional: true } },
  envFromSecrets: ['common'],
  envFromConfigMaps: ['settings'],
  volumes: [
    { name: 'scratch', emptyDir: { sizeLimit: '20Gi' } },
    { name: 'ca', configMap: 'ca' },
    { name: 'keys', secret: 'keys' },
    { name: 'data', persistentVolumeClaim: 'data' },
    { name: 'mounted', source: { csi: { driver: 'example.com' } } },
  ],
  volumeMounts: [
    { name: 'scratch', mountPath: '/scratch' },
    { name: 'ca', mountPath: '/etc/ca', readOnly: true },
  ],
  initContainers: [{ name: 'wait', image: 'example/wait:1', command: ['wait'], env: { A: 'b' } }],
  sidecars: [{ name: 'proxy', image: 'example/proxy:1', more: { ports: [{ containerPort: 80 }] } }],
  securityContext: { runAsUser: 1000, fsGroup: 1000, readOnlyRootFilesystem: true },
  hostAliases: [{ ip: '10.0.0.1', hostnames: ['old.example.com'] }],
  dnsPolicy: 'None',
  dnsConfig: { nameservers: ['10.0.0.2'] },
  terminationGracePeriodSeconds: 120,
};

describe('PodTemplate', () => {
  for (const twin of TWINS) {
    describe(twin, () => {
      it('says what it is told, in the form of Kubernetes, and nothing else', async () => {
        assert.deepEqual(await template(twin, {}), {});
        assert.deepEqual(await template(twin, { nodeSelector: { pool: 'tasks' } }), {
          spec: { nodeSelector: { pool: 'tasks' } },
        });
        assert.deepEqual(
          await template(twin, {
            env: { B: '2', A: '1' },
            sidecars: [{ name: 'proxy', image: 'example/proxy:1' }],
            volumes: [{ name: 'keys', secret: 'keys' }],
            imagePullSecrets: ['registry'],
          }),
          {
            spec: {
              imagePullSecrets: [{ name: 'registry' }],
              volumes: [{ name: 'keys', secret: { secretName: 'keys' } }],
              initContainers: [
                { name: 'proxy', image: 'example/proxy:1', restartPolicy: 'Always' },
              ],
              containers: [
                {
                  name: 'main',
                  env: [
                    { name: 'A', value: '1' },
                    { name: 'B', value: '2' },
                  ],
                },
              ],
            },
          },
        );
      });

      it('takes every field, and the runtime takes what comes out', async () => {
        const made = await template(twin, EVERYTHING);
        const { clusters } = clustersSchema.parse({ clusters: { home: { template: made } } });
        const cluster = { ...clusters.home!, name: 'home', namespaces: ['etl'], image: 'x/y:1' };
        const { metadata, spec } = layeredPod(basePod(cluster, 'pod', {}), cluster, []);
        assert.deepEqual(metadata.labels, { team: 'data' });
        assert.deepEqual(metadata.annotations, { 'example.com/cost': 'etl' });
        assert.deepEqual(Object.keys(spec).sort(), [
          'affinity',
          'automountServiceAccountToken',
          'containers',
          'dnsConfig',
          'dnsPolicy',
          'enableServiceLinks',
          'hostAliases',
          'imagePullSecrets',
          'initContainers',
          'nodeSelector',
          'priorityClassName',
          'restartPolicy',
          'runtimeClassName',
          'schedulerName',
          'securityContext',
          'serviceAccountName',
          'terminationGracePeriodSeconds',
          'tolerations',
          'topologySpreadConstraints',
          'volumes',
        ]);
        assert.deepEqual(spec.securityContext, {
          runAsNonRoot: true,
          seccompProfile: { type: 'RuntimeDefault' },
          runAsUser: 1000,
          fsGroup: 1000,
        });
        const [main] = spec.containers;
        assert.deepEqual(Object.keys(main!).sort(), [
          'env',
          'envFrom',
          'image',
          'imagePullPolicy',
          'name',
          'resources',
          'securityContext',
          'volumeMounts',
        ]);
        assert.equal(main!.securityContext?.readOnlyRootFilesystem, true);
        assert.equal(main!.securityContext.allowPrivilegeEscalation, false);
      });

      it('lays what is said in the form of Kubernetes over the rest', async () => {
        assert.deepEqual(
          await template(twin, {
            env: { A: '1', B: '1' },
            nodeSelector: { a: 'x' },
            pod: {
              spec: {
                hostname: 'task',
                nodeSelector: { b: 'y' },
                containers: [{ name: 'main', env: [{ name: 'B', value: '2' }] }],
              },
            },
          }),
          {
            spec: {
              hostname: 'task',
              nodeSelector: { a: 'x', b: 'y' },
              containers: [
                {
                  name: 'main',
                  env: [
                    { name: 'A', value: '1' },
                    { name: 'B', value: '2' },
                  ],
                },
              ],
            },
          },
        );
        assert.deepEqual(await template(twin, { pod: { spec: { hostname: 'task' } } }), {
          spec: { hostname: 'task' },
        });
      });

      it('refuses what a cluster would refuse, all at once and by its own names', async () => {
        const error = await failure(
          twin,
          () =>
            new PodTemplate('tasks', {
              labels: { team: 'a b' },
              resources: { requests: { cpu: 'much', memory: '4Gi' }, limits: { memory: '2Gi' } },
              env: { PODLINE_TOKEN: 'x' },
              volumes: [{ name: 'disk', source: { hostPath: { path: '/' } } }, { name: 'none' }],
              volumeMounts: [{ name: 'missing', mountPath: 'relative' }],
              sidecars: [{ name: 'proxy', image: 'NOT AN IMAGE' }],
              securityContext: { runAsNonRoot: false, addCapabilities: ['SYS_ADMIN'] },
              pod: { spec: { hostNetwork: true } },
            }),
        );
        assert.ok(error instanceof pulumi.InputPropertiesError, String(error));
        const { errors } = error as unknown as { errors: { propertyPath: string }[] };
        assert.deepEqual(
          new Set(errors.map(({ propertyPath }) => propertyPath)),
          new Set([
            'labels.team',
            'resources.requests.cpu',
            'resources.requests.memory',
            'env.PODLINE_TOKEN',
            'volumes[disk]',
            'volumes[1]',
            'volumeMounts[relative]',
            'initContainers[proxy].image',
            'initContainers[proxy].securityContext.runAsNonRoot',
            'securityContext.runAsNonRoot',
            'securityContext.capabilities.add',
            'hostNetwork',
          ]),
        );
      });

      it('may go beyond the restricted profile where it says so', async () => {
        const args = { securityContext: { runAsNonRoot: false }, restricted: false };
        assert.deepEqual(await template(twin, args), {
          spec: { securityContext: { runAsNonRoot: false } },
        });
      });

      it('looks at values that become known later', async () => {
        const error = await failure(
          twin,
          () => new PodTemplate('tasks', { nodeSelector: { a: pulumi.output('b c') } }),
        );
        assert.match(error.message, /nodeSelector\.a: "b c" is no label value/);
        assert.deepEqual(await template(twin, { serviceAccountName: pulumi.output('tasks') }), {
          spec: { serviceAccountName: 'tasks' },
        });
      });
    });
  }
});
