/**
 * What a pool of warm workers is in Kubernetes: a Secret with the connection strings of its two roles, and a
 * Deployment under the `restricted` Pod Security Standard. Pure; printed by `podline worker --manifest`.
 */
import { poolGraceSeconds, poolWorkerArgs } from '../../src/pods/poolWorker.ts';

export interface PoolManifestInput {
  pool: string;
  image: string;
  slots: number;
  drainSeconds: number;
  poolUrl: string;
  workerUrl: string;
}

const HEALTH_FILE = '/tmp/podline-ready';

export function poolManifest(input: PoolManifestInput): object {
  const { pool, image, slots, drainSeconds } = input;
  const slug = pool
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40);
  const name = `podline-pool-${slug}`.replace(/-+$/, '');
  const secret = `${name}-database`;
  const labels = {
    'app.kubernetes.io/name': 'podline-pool',
    'podline.dev/pool': pool.replace(/[^A-Za-z0-9]+$/, ''),
  };
  const fromSecret = (key: string) => ({ valueFrom: { secretKeyRef: { name: secret, key } } });
  const container = {
    name: 'worker',
    image,
    args: poolWorkerArgs(pool, slots),
    env: [
      { name: 'PODLINE_POOL_DATABASE_URL', ...fromSecret('pool') },
      { name: 'PODLINE_WORKER_DATABASE_URL', ...fromSecret('worker') },
      { name: 'PODLINE_DRAIN_SECONDS', value: String(drainSeconds) },
      { name: 'PODLINE_HEALTH_FILE', value: HEALTH_FILE },
      { name: 'PODLINE_HOME', value: '/tmp/podline' },
    ],
    readinessProbe: { exec: { command: ['test', '-f', HEALTH_FILE] }, periodSeconds: 5 },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    },
    volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
  };
  const spec = {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    // Orphans of tasks are reaped by the sandbox of the pod; a worker as the first process would keep them as zombies.
    shareProcessNamespace: true,
    terminationGracePeriodSeconds: poolGraceSeconds(drainSeconds),
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 10001,
      runAsGroup: 10001,
      fsGroup: 10001,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    containers: [container],
    volumes: [{ name: 'tmp', emptyDir: {} }],
  };
  return {
    apiVersion: 'v1',
    kind: 'List',
    items: [
      {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: secret, labels },
        stringData: { pool: input.poolUrl, worker: input.workerUrl },
      },
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name, labels },
        spec: {
          replicas: 1,
          selector: { matchLabels: labels },
          template: { metadata: { labels }, spec },
        },
      },
    ],
  };
}
