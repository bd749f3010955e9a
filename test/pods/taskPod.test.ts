/** The pod of a worker: whose it is, how careful it is, what stays whatever templates and authors say. */
import assert from 'node:assert/strict';
import { buildTaskPod, podName, podNamespace, taskPod } from '../../runtime/pods/taskPod.ts';
import type { EnvVar } from '../../src/pods/manifest.ts';
import type { PodOverrides } from '../../src/pods/podOverrides.ts';
import { clusterConfig, INSTALLATION, podLaunch, TOKEN } from './builders.ts';

const build = (...given: Parameters<typeof podLaunch>) =>
  taskPod({
    cluster: clusterConfig(),
    installation: INSTALLATION,
    launch: podLaunch(...given),
    token: TOKEN,
  });
const valueOf = (env: EnvVar[] | undefined, name: string) =>
  env?.find((variable) => variable.name === name);

describe('the pod of a worker', () => {
  it('says whose it is: name, labels for selecting, annotations with the ids as they are', () => {
    const { metadata } = build({ id: 'load.Ärger_' + 'x'.repeat(80) }, { mapIndex: 3, look: 2 });
    assert.match(metadata.name, /^sales-daily-load-rger-x{18}-[0-9a-f]{16}$/);
    assert.equal(metadata.namespace, 'etl');
    assert.deepEqual(
      { ...metadata.labels, 'podline.dev/task': '' },
      {
        'app.kubernetes.io/managed-by': 'podline',
        'podline.dev/installation': INSTALLATION,
        'podline.dev/attempt': '12',
        'podline.dev/look': '2',
        'podline.dev/kind': 'worker',
        'podline.dev/dag': 'Sales.Daily',
        'podline.dev/task': '',
      },
    );
    assert.equal(metadata.labels?.['podline.dev/task']?.length, 63);
    assert.deepEqual(metadata.annotations, {
      'podline.dev/dag-id': 'Sales.Daily',
      'podline.dev/task-id': 'load.Ärger_' + 'x'.repeat(80),
      'podline.dev/run-id': 'scheduled__2026-01-01T00:00:00Z',
      'podline.dev/map-index': '3',
      'podline.dev/attempt-number': '2',
    });
  });

  it('is the same whoever builds it, and another for each attempt, look and installation', () => {
    assert.deepEqual(build(), build());
    const names = [
      podName(INSTALLATION, podLaunch()),
      podName('other', podLaunch()),
      podName(INSTALLATION, podLaunch({}, { attemptId: 13 })),
      podName(INSTALLATION, podLaunch({}, { look: 1 })),
      podName(INSTALLATION, podLaunch({}, { attemptId: 1, look: 20 })),
      podName(INSTALLATION, podLaunch({}, { attemptId: 12, look: 0, dagId: 'ü' })),
    ];
    assert.equal(new Set(names).size, names.length);
    assert.match(
      podName(INSTALLATION, podLaunch({ id: 'ü' }, { dagId: 'ü' })),
      /^task-[0-9a-f]{16}$/,
    );
  });

  it('can do little: no token of Kubernetes, no rights, no root, nothing to write but /tmp', () => {
    const { spec } = build();
    assert.equal(spec.automountServiceAccountToken, false);
    assert.equal(spec.enableServiceLinks, false);
    assert.equal(spec.restartPolicy, 'Never');
    assert.deepEqual(spec.securityContext, {
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    const [main] = spec.containers;
    assert.deepEqual(main?.securityContext, {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      readOnlyRootFilesystem: true,
    });
    assert.equal(main.volumeMounts, undefined, 'a volume would cost 0.3 s');
    assert.equal(spec.volumes, undefined);
    assert.equal(main.resources?.limits, undefined);
  });

  it('has one secret in its spec, the token; the others are references', () => {
    const pod = build({ references: { xcoms: [], variables: [], connections: ['dwh.eu'] } });
    const [main] = pod.spec.containers;
    assert.deepEqual(valueOf(main?.env, 'PODLINE_TOKEN')?.value, TOKEN.toString('hex'));
    assert.equal(JSON.stringify(pod).split(TOKEN.toString('hex')).length, 2, 'exactly once');
    assert.deepEqual(valueOf(main?.env, 'PODLINE_WORKER_DATABASE_URL'), {
      name: 'PODLINE_WORKER_DATABASE_URL',
      valueFrom: { secretKeyRef: { name: 'podline-worker-database', key: 'url' } },
    });
    assert.deepEqual(valueOf(main?.env, 'PODLINE_CONN_DWH_EU'), {
      name: 'PODLINE_CONN_DWH_EU',
      valueFrom: {
        secretKeyRef: { name: 'podline-connection-dwh-eu', key: 'value', optional: true },
      },
    });
    const elsewhere = build({
      references: { xcoms: [], variables: [], connections: ['dwh'] },
      pod: { env: { PODLINE_CONN_DWH: { secret: 'vault', key: 'dwh' } } },
    });
    assert.deepEqual(
      elsewhere.spec.containers[0]?.env?.filter(({ name }) => name.startsWith('PODLINE_CONN')),
      [{ name: 'PODLINE_CONN_DWH', valueFrom: { secretKeyRef: { name: 'vault', key: 'dwh' } } }],
    );
  });

  it("keeps what is Podline's, whatever the template of the cluster says", () => {
    const template = {
      metadata: { labels: { 'podline.dev/attempt': '99', team: 'x' } },
      spec: {
        restartPolicy: 'Always',
        nodeSelector: { pool: 'tasks' },
        containers: [
          { name: 'main', command: ['my-start'], env: [{ name: 'PODLINE_TOKEN', value: 'no' }] },
        ],
      },
    };
    const launch = podLaunch({ pod: { nodeSelector: { disk: 'ssd' } } });
    const cluster = clusterConfig({ template });
    const pod = taskPod({ cluster, installation: INSTALLATION, launch, token: TOKEN });
    assert.equal(pod.metadata.labels?.['podline.dev/attempt'], '12');
    assert.equal(pod.metadata.labels['team'], 'x');
    assert.equal(pod.spec.restartPolicy, 'Never');
    assert.deepEqual(pod.spec.nodeSelector, { pool: 'tasks', disk: 'ssd' });
    const [main] = pod.spec.containers;
    assert.deepEqual(main?.command, ['my-start'], 'an image may start its worker in its own way');
    assert.deepEqual(
      main.env?.filter(({ name }) => name === 'PODLINE_TOKEN').map(({ value }) => value),
      [TOKEN.toString('hex')],
    );
  });

  it('gives the cluster a deadline well after the one that the worker keeps', () => {
    assert.equal(build().spec.activeDeadlineSeconds, undefined);
    assert.equal(build({ executionTimeout: 0.5 }).spec.activeDeadlineSeconds, 901);
    const patient = build({ executionTimeout: 60, pod: { startupTimeout: 30 } });
    assert.equal(patient.spec.activeDeadlineSeconds, 390);
  });

  it('is refused when the cluster does not allow it, with every reason', () => {
    assert.throws(
      () =>
        build({
          pod: {
            namespace: 'kube-system',
            serviceAccountName: 'admin',
            securityContext: { runAsUser: 0 },
            volumeMounts: [{ name: 'none', mountPath: '/x' }],
          },
        }),
      (error: { code?: string; message: string }) => {
        assert.equal(error.code, 'pod.refused');
        assert.match(error.message, /task work is not one that cluster home takes/);
        for (const words of [
          /"kube-system" for tasks; it has etl, heavy/,
          /"admin"; it allows none/,
          /root/,
          /no volume "none"/,
        ])
          assert.match(error.message, words);
        return true;
      },
    );
    const heavy = podLaunch({ pod: { namespace: 'heavy' } });
    assert.equal(podNamespace(clusterConfig(), heavy), 'heavy');
    assert.throws(() => podNamespace(clusterConfig({ namespaces: ['etl'] }), heavy), /"heavy"/);
    assert.throws(
      () =>
        taskPod({
          cluster: clusterConfig({ image: undefined }),
          installation: '',
          launch: podLaunch(),
          token: TOKEN,
        }),
      /image: none is given/,
    );
  });

  it('lends no author what the template of the cluster may do to its node', () => {
    const template = {
      spec: {
        volumes: [{ name: 'node', hostPath: { path: '/var/lib/cache' } }],
        initContainers: [
          {
            name: 'tune',
            image: 'team/tune:1',
            securityContext: { privileged: true, runAsNonRoot: false },
          },
        ],
        containers: [{ name: 'main', volumeMounts: [{ name: 'node', mountPath: '/cache' }] }],
      },
    };
    const build = (pod: PodOverrides) =>
      buildTaskPod({
        cluster: clusterConfig({ template }),
        installation: INSTALLATION,
        launch: podLaunch({ pod }),
        token: TOKEN,
      }).problems.map(({ path }) => path);
    assert.deepEqual(build({ labels: { team: 'a' } }), []);
    assert.deepEqual(build({ initContainers: [{ name: 'tune', image: 'mine:1' }] }), [
      'spec.initContainers[tune]',
    ]);
    assert.deepEqual(build({ volumeMounts: [{ name: 'node', mountPath: '/mine' }] }), [
      'spec.containers[main].volumeMounts[/mine]',
    ]);
    assert.deepEqual(
      build({ volumeMounts: [{ name: 'node', mountPath: '/cache', subPath: '..' }] }),
      ['spec.containers[main].volumeMounts[/cache]'],
    );
    const sidecar = { name: 'spy', image: 'mine:1' };
    assert.deepEqual(
      build({ sidecars: [{ ...sidecar, volumeMounts: [{ name: 'node', mountPath: '/x' }] }] }),
      ['spec.initContainers[spy].volumeMounts[/x]'],
    );
  });

  it("may go beyond the restricted profile where the cluster's own template does", () => {
    const template = { spec: { securityContext: { runAsNonRoot: false } } };
    const cluster = clusterConfig({ template, serviceAccounts: ['loader'] });
    const launch = podLaunch({
      pod: { securityContext: { runAsUser: 0 }, serviceAccountName: 'loader' },
    });
    const { spec } = taskPod({ cluster, installation: INSTALLATION, launch, token: TOKEN });
    assert.equal(spec.securityContext?.runAsUser, 0);
    assert.equal(spec.serviceAccountName, 'loader');
    assert.equal(spec.automountServiceAccountToken, false);
  });
});
