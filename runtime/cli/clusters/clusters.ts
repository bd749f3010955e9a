/** The configured clusters for commands: none is an error that says how to configure one. */
import { PodlineError } from '../../../src/errors.ts';
import { type ClusterConfig, type ClustersConfig, readClusters } from '../../pods/clusterConfig.ts';

export async function configuredClusters(): Promise<ClustersConfig> {
  const clusters = await readClusters(process.env);
  if (clusters) return clusters;
  throw new PodlineError('not_found.clusters', {});
}

export async function findCluster(name?: string): Promise<ClusterConfig> {
  const { clusters, default: usual } = await configuredClusters();
  const wanted = name ?? usual;
  const found = Object.hasOwn(clusters, wanted) ? clusters[wanted] : undefined;
  if (found) return found;
  const known = Object.keys(clusters).join(', ');
  throw new PodlineError('not_found.cluster', { cluster: wanted, known });
}
