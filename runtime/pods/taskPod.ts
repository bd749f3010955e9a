/**
 * The pod of a worker that claims one attempt, as JSON for the API server. Pure; called by the kubernetes
 * executor. Any scheduler builds the very same pod again, because everything follows from the launch.
 */
import type { PodManifest } from '../../src/pods/manifest.ts';
import { WORKER_COMMAND } from '../worker/imagePaths.ts';
import {
  basePod,
  built,
  type Built,
  finishPod,
  layeredPod,
  namespaceOf,
  orRefuse,
} from './basePod.ts';
import type { ClusterConfig } from './clusterConfig.ts';
import { connectionEnv, podMetadata, podName } from './podIdentity.ts';
import { TOKEN_VARIABLE } from './hiddenToken.ts';
import type { PodLaunch } from './podLaunch.ts';

export { podName } from './podIdentity.ts';

export interface TaskPodInput {
  cluster: ClusterConfig;
  installation: string;
  launch: PodLaunch;
  token: Buffer;
}

/** The worker itself ends a task that takes too long; the cluster does when the worker hangs. */
const DEADLINE_MARGIN = 300;

/** Throws PodlineError pod.refused with every problem, when the cluster would not take the pod. */
export function taskPod(input: TaskPodInput): PodManifest {
  return orRefuse(buildTaskPod(input), input.cluster.name, input.launch.taskId);
}

export function buildTaskPod({ cluster, installation, launch, token }: TaskPodInput): Built {
  const { task } = launch;
  const { namespace, problems } = namespaceOf(cluster, task.pod?.namespace);
  const name = podName(installation, launch);
  // No volume: the kubelet looks for volumes every 0.3 s, and a pod without any starts at once (worker/scratch.ts).
  const base = basePod(cluster, name, {
    command: [...WORKER_COMMAND],
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      readOnlyRootFilesystem: true,
    },
    // The author's, so that a Secret of another name can hold a connection.
    env: connectionEnv(task.references.connections, true),
  });
  const startup = task.pod?.startupTimeout ?? cluster.startupTimeout;
  const layered = layeredPod(base, cluster, [task.pod]);
  const grace = layered.spec.terminationGracePeriodSeconds;
  const pod = finishPod(layered, {
    metadata: podMetadata(installation, launch, 'worker', name, namespace),
    env: [
      ...workerEnv(cluster, launch, token),
      // The worker plans its end by it: killing the task, the last log, the report.
      { name: 'PODLINE_GRACE_SECONDS', value: String(grace ?? 30) },
      // All that the image and the author set for the container is for the task, too.
      { name: 'PODLINE_INHERIT', value: 'all' },
    ],
    ...(task.executionTimeout !== undefined && {
      activeDeadlineSeconds: Math.ceil(task.executionTimeout + startup + DEADLINE_MARGIN),
    }),
  });
  return built(pod, cluster, problems);
}

/** Who claims what, and where: the token is the only secret in the spec, and good for one claim. */
export function workerEnv(cluster: ClusterConfig, launch: PodLaunch, token: Buffer) {
  return [
    { name: 'PODLINE_ATTEMPT', value: String(launch.attemptId) },
    { name: TOKEN_VARIABLE, value: token.toString('hex') },
    {
      name: 'PODLINE_WORKER_DATABASE_URL',
      valueFrom: { secretKeyRef: { name: cluster.workerDatabaseSecret, key: 'url' } },
    },
  ];
}

/** Namespace of the pod, worker or direct. Throws PodlineError pod.refused when it is none of the cluster's. */
export function podNamespace(cluster: ClusterConfig, { task, taskId }: PodLaunch): string {
  const { namespace, problems } = namespaceOf(cluster, task.pod?.namespace);
  const [problem] = problems;
  if (problem) orRefuse({ pod: basePod(cluster, 'none', {}), problems }, cluster.name, taskId);
  return namespace;
}
