/** The pod of a worker that claims one attempt, as JSON for the API server. Pure; called by the kubernetes executor. */
import type { PodManifest } from '../../src/pods/manifest.ts';
import type { ClusterConfig } from './clusterConfig.ts';
import type { PodLaunch } from './podLaunch.ts';

export interface TaskPodInput {
  cluster: ClusterConfig;
  installation: string;
  launch: PodLaunch;
  token: Buffer;
}

/** Throws PodlineError pod.refused with every problem, when the cluster would not take the pod. */
export function taskPod(input: TaskPodInput): PodManifest {
  throw new Error(`not there yet: ${input.launch.taskId}`);
}

export function podName(installation: string, launch: PodLaunch): string {
  throw new Error(`not there yet: ${installation} ${launch.taskId}`);
}

/** Namespace of the pod. Throws PodlineError pod.refused when it is none of the cluster's. */
export function podNamespace(cluster: ClusterConfig, launch: PodLaunch): string {
  throw new Error(`not there yet: ${cluster.name} ${launch.taskId}`);
}
