/** `podline clusters list`: the configured clusters and how pods are made in them. */
import { configuredClusters } from './clusters.ts';
import type { Session } from '../session.ts';

export async function listClusters({ output }: Session): Promise<void> {
  const { clusters, default: usual } = await configuredClusters();
  const rows = Object.values(clusters).map((cluster) => ({
    ...cluster,
    isDefault: cluster.name === usual,
  }));
  if (output.json) {
    output.printJson(rows);
    return;
  }
  output.printTable(rows, [
    { title: 'CLUSTER', value: (row) => (row.isDefault ? `${row.name} (default)` : row.name) },
    { title: 'NAMESPACES', value: (row) => row.namespaces.join(', '), shrink: true },
    { title: 'IMAGE', value: (row) => row.image, shrink: true },
    { title: 'MOST PODS', value: (row) => row.maxPods, align: 'right' },
    {
      title: 'ACCESS',
      value: (row) => (row.inCluster ? 'own service account' : (row.kubeconfig ?? 'kubeconfig')),
      shrink: true,
    },
  ]);
}
