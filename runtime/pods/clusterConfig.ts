/**
 * The named clusters that this process may put pods in: read from the file PODLINE_CLUSTERS, or from a few
 * variables for one cluster. Called by runtime/config.ts's users at start; errors name the file and the place.
 */
import type { JsonObject } from '../../src/plan/plan.ts';

export interface ClusterConfig {
  name: string;
  kubeconfig?: string;
  context?: string;
  inCluster?: boolean;
  namespaces: string[];
  image?: string;
  imagePullPolicy?: 'Always' | 'IfNotPresent' | 'Never';
  workerDatabaseSecret: string;
  serviceAccounts: string[];
  template?: JsonObject;
  keepPods: 'never' | 'failed' | 'always';
  maxPods: number;
  startupTimeout: number;
  imagePullGrace: number;
}

export interface ClustersConfig {
  default: string;
  clusters: Record<string, ClusterConfig>;
}

export function readClusters(env: NodeJS.ProcessEnv): Promise<ClustersConfig | null> {
  return Promise.reject(new Error(`not there yet: ${env.PODLINE_CLUSTERS}`));
}
