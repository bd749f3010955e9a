/** What Podline builds, an API server takes, also where the restricted profile is enforced; and a kubelet runs it. */
import assert from 'node:assert/strict';
import { directPod } from '../../runtime/pods/directPod.ts';
import { taskPod } from '../../runtime/pods/taskPod.ts';
import type { PodConfig } from '../../src/operators/pod.ts';
import type { JsonObject } from '../../src/plan/plan.ts';
import { checkPod } from '../../src/pods/checkPod.ts';
import type { PodManifest } from '../../src/pods/manifest.ts';
import { mergeTemplate } from '../../src/pods/mergePod.ts';
import type { PodOverrides } from '../../src/pods/podOverrides.ts';
import { clusterConfig, INSTALLATION, podLaunch, rendered, TOKEN } from '../pods/builders.ts';
import { type KubeObject, type WatchEvent } from './api.ts';
import { openCluster, type TestCluster } from './harness.ts';

type Pod = KubeObject & {
  status: {
    phase: string;
    containerStatuses?: { state: { terminated?: { message?: string; exitCode: number } } }[];
  };
};

const everything: PodOverrides = {
  resources: { requests: { cpu: '20m', memory: '32Mi' }, limits: { cpu: 1, memory: '64Mi' } },
  env: { A: 'text', B: { secret: 's', key: 'k' }, C: { configMap: 'c', key: 'k' } },
  envFrom: [{ secretRef: { name: 's', optional: true } }],
  volumes: [
    { name: 'scratch', emptyDir: { sizeLimit: '1Gi' } },
    { name: 'claim', persistentVolumeClaim: { claimName: 'p' } },
    { name: 'all', projected: { sources: [{ configMap: { name: 'c', optional: true } }] } },
  ],
  volumeMounts: [{ name: 'scratch', mountPath: '/scratch' }],
  initContainers: [{ name: 'first', image: 'busybox', args: ['true'] }],
  sidecars: [{ name: 'beside', image: 'busybox', ports: [{ containerPort: 80 }] }],
  nodeSelector: { disk: 'ssd' },
  affinity: {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchExpressions: [{ key: 'a', operator: 'Exists' }] }],
      },
    },
  },
  tolerations: [{ key: 'spot', operator: 'Exists', effect: 'NoSchedule' }],
  topologySpreadConstraints: [
    { topologyKey: 'zone', maxSkew: 1, whenUnsatisfiable: 'ScheduleAnyway', labelSelector: {} },
  ],
  schedulerName: 'other',
  securityContext: { runAsUser: 1000, fsGroup: 1000, readOnlyRootFilesystem: true },
  labels: { team: 'x', 'example.com/part': 'a' },
  annotations: { 'example.com/note': 'any text at all: ✓' },
  imagePullSecrets: ['pull'],
  hostAliases: [{ ip: '10.0.0.1', hostnames: ['dwh.internal'] }],
  hostname: 'worker-1',
  subdomain: 'tasks',
  dnsPolicy: 'None',
  dnsConfig: { nameservers: ['10.0.0.10'] },
  ports: [{ containerPort: 8080, name: 'web' }],
  workingDir: '/scratch',
  terminationGracePeriodSeconds: 5,
};

describe('specs of pods on a real cluster', function () {
  this.timeout(180_000);
  let cluster: TestCluster;
  let namespace: string;
  before(async () => {
    cluster = await openCluster();
    namespace = await cluster.namespace({ restricted: true });
  });

  const config = () => clusterConfig({ namespaces: [namespace], image: cluster.images.node });
  const worker = (pod?: PodOverrides, template?: JsonObject): PodManifest =>
    taskPod({
      cluster: { ...config(), template },
      installation: INSTALLATION,
      launch: podLaunch({ ...(pod && { pod }), executionTimeout: 60 }),
      token: TOKEN,
    });
  const direct = (given: Partial<PodConfig>, env = {}): PodManifest =>
    directPod({
      cluster: config(),
      installation: INSTALLATION,
      launch: podLaunch(
        { operator: 'pod', inputs: { list: { kind: 'literal', value: [1, '$(HOME)'] } } },
        {},
        { day: 'monday' },
      ),
      token: TOKEN,
      rendered: rendered(given, env),
    });
  const dryRun = (pod: PodManifest) =>
    cluster.api.ask<{ message?: string }>(
      ...([
        'POST',
        `/api/v1/namespaces/${namespace}/pods?dryRun=All&fieldValidation=Strict`,
      ] as const),
      pod,
    );

  it('are taken by the API server, with all that authors and templates may say', async () => {
    const template = {
      spec: { nodeSelector: { pool: 'tasks' }, tolerations: [{ operator: 'Exists' }] },
    };
    const pods = [
      worker(),
      worker(everything),
      worker(everything, template),
      direct({}),
      direct({ output: 'file', outputFile: '/out/x.json', pod: everything }),
    ];
    for (const pod of pods) {
      const { status, body } = await dryRun(pod);
      assert.equal(status, 201, `${body.message}`);
    }
  });

  it('are refused by us where the API server refuses them, for the restricted profile', async () => {
    const main = (security: JsonObject): JsonObject => ({
      spec: { containers: [{ name: 'main', securityContext: security }] },
    });
    const templates: JsonObject[] = [
      { spec: { hostNetwork: true } },
      { spec: { hostPID: true } },
      { spec: { volumes: [{ name: 'v', hostPath: { path: '/' } }] } },
      { spec: { volumes: [{ name: 'v', nfs: { server: 'x', path: '/' } }] } },
      { spec: { securityContext: { runAsNonRoot: false } } },
      { spec: { securityContext: { runAsUser: 0 } } },
      { spec: { securityContext: { seccompProfile: { type: 'Unconfined' } } } },
      main({ privileged: true, allowPrivilegeEscalation: true }),
      main({ allowPrivilegeEscalation: true }),
      main({ capabilities: { drop: [] } }),
      main({ capabilities: { drop: ['ALL'], add: ['NET_RAW'] } }),
      main({ runAsUser: 0 }),
      { spec: { containers: [{ name: 'main', ports: [{ containerPort: 1, hostPort: 1 }] }] } },
      { spec: { initContainers: [{ name: 'careless', image: 'busybox' }] } },
    ];
    const policy = { serviceAccounts: [], restricted: true };
    for (const template of templates) {
      const pod = mergeTemplate(worker(), template);
      const { status, body } = await dryRun(pod);
      assert.equal(status, 403, `${JSON.stringify(template)}: ${body.message}`);
      assert.notDeepEqual(checkPod(pod, policy), [], JSON.stringify(template));
    }
  });

  it('run any image: inputs, params and facts arrive as they are, and nothing else of ours', async () => {
    const script = [
      'touch /root-is-writable 2>/dev/null && echo WRITABLE',
      '{ cat "$PODLINE_INPUTS" "$PODLINE_PARAMS"; printf "|%s|%s|" "$PODLINE_TASK_ID" "$MODE"; id -u;',
      'ls /var/run/secrets 2>/dev/null; env | grep -c -E "TOKEN|DATABASE|KUBERNETES_SERVICE_HOST"; } > /dev/termination-log',
      'exit 0',
    ].join('\n');
    const pod = direct(
      {
        image: cluster.images.busybox,
        command: ['sh', '-c', script],
        pod: { securityContext: { runAsUser: 1000, readOnlyRootFilesystem: true } },
      },
      { MODE: '$(PODLINE_TASK_ID)' },
    );
    const pods = `/api/v1/namespaces/${namespace}/pods`;
    await cluster.api.call('POST', pods, pod);
    const stop = AbortSignal.timeout(60_000);
    const name = encodeURIComponent(`metadata.name=${pod.metadata.name}`);
    let ended: Pod | undefined;
    const events: AsyncGenerator<WatchEvent<Pod>> = cluster.api.watch(
      `${pods}?watch=true&fieldSelector=${name}`,
      stop,
    );
    for await (const { object } of events) {
      ended = object;
      if (['Succeeded', 'Failed'].includes(object.status.phase)) break;
    }
    const { message, exitCode } = ended?.status.containerStatuses?.[0]?.state.terminated ?? {};
    assert.equal(exitCode, 0, JSON.stringify(ended?.status));
    // KUBERNETES_SERVICE_HOST is there even without service links: where the API is, but no token.
    assert.equal(
      message,
      '{"list":[1,"$(HOME)"]}{"day":"monday"}|work|$(PODLINE_TASK_ID)|1000\n1\n',
    );
  });
});
