/**
 * What a cluster needs before schedulers may launch pods in it, as Kubernetes objects: namespace, service
 * account, the least Role, and on demand the Secret with the worker's connection string. Pure; printed by
 * `podline clusters manifest` for those who do not use the components.
 */
import { POD_SECURITY, SCHEDULER_RULES } from '../../src/pods/access.ts';
import type { ClusterConfig } from './clusterConfig.ts';

export const SCHEDULER_ACCOUNT = 'podline-scheduler';

export interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; labels?: Record<string, string> };
  [field: string]: unknown;
}

const LABELS = { 'app.kubernetes.io/managed-by': 'podline' };

/** `workerUrl`: as pods reach the database; without it no Secret is made. */
export function setupManifest(cluster: ClusterConfig, workerUrl?: string): KubernetesObject[] {
  return cluster.namespaces.flatMap((namespace) => objectsOf(cluster, namespace, workerUrl));
}

function objectsOf(
  cluster: ClusterConfig,
  namespace: string,
  workerUrl: string | undefined,
): KubernetesObject[] {
  const named = (name: string) => ({ name, namespace, labels: LABELS });
  const objects: KubernetesObject[] = [
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: namespace, labels: { ...LABELS, ...POD_SECURITY } },
    },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: named(SCHEDULER_ACCOUNT) },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: named(SCHEDULER_ACCOUNT),
      rules: SCHEDULER_RULES,
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: named(SCHEDULER_ACCOUNT),
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: SCHEDULER_ACCOUNT },
      subjects: [{ kind: 'ServiceAccount', name: SCHEDULER_ACCOUNT, namespace }],
    },
  ];
  if (workerUrl !== undefined) {
    objects.push({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: named(cluster.workerDatabaseSecret),
      stringData: { url: workerUrl },
    });
  }
  return objects;
}
