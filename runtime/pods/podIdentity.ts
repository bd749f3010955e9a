/**
 * Who a pod belongs to: its name, labels and annotations, and the names of the Secrets that a task reads its
 * connections from. Pure; used by the builders of pods and whoever looks for their pods.
 */
import { createHash } from 'node:crypto';
import type { EnvVar, PodMetadata } from '../../src/pods/manifest.ts';
import {
  CONNECTION_KEY,
  connectionSecretName,
  connectionVariable,
  slugOf,
} from '../../src/connections/names.ts';
import type { PodLaunch } from './podLaunch.ts';

export type PodKind = 'worker' | 'direct' | 'payload';

/** The same attempt and look give the same name, whoever asks: creating the pod twice is refused by the cluster. */
export function podName(installation: string, launch: PodLaunch): string {
  const { dagId, taskId, attemptId, look } = launch;
  const slug = slugOf(`${dagId}-${taskId}`).slice(0, 40).replace(/-+$/, '') || 'task';
  const hash = createHash('sha256')
    .update([installation, attemptId, look].join('\n'))
    .digest('hex');
  return `${slug}-${hash.slice(0, 16)}`;
}

/** Labels are for selecting, in 63 characters; annotations have the ids as they are. */
export function podMetadata(
  installation: string,
  launch: PodLaunch,
  kind: PodKind,
  name: string,
  namespace: string,
): PodMetadata & { name: string } {
  return {
    name,
    namespace,
    labels: {
      'app.kubernetes.io/managed-by': 'podline',
      'podline.dev/installation': installation,
      'podline.dev/attempt': String(launch.attemptId),
      'podline.dev/look': String(launch.look),
      'podline.dev/kind': kind,
      'podline.dev/dag': labelValue(launch.dagId),
      'podline.dev/task': labelValue(launch.taskId),
    },
    annotations: {
      'podline.dev/dag-id': launch.dagId,
      'podline.dev/task-id': launch.taskId,
      'podline.dev/run-id': launch.runId,
      'podline.dev/map-index': String(launch.mapIndex),
      'podline.dev/attempt-number': String(launch.number),
    },
  };
}

/** Connections that the task declares, from Secrets that whoever runs the cluster has put there. */
export function connectionEnv(ids: readonly string[], optional: boolean): EnvVar[] {
  return ids.map((id) => ({
    name: connectionVariable(id),
    valueFrom: {
      secretKeyRef: {
        name: connectionSecretName(id),
        key: CONNECTION_KEY,
        ...(optional && { optional }),
      },
    },
  }));
}

function labelValue(id: string): string {
  return id
    .replace(/[^A-Za-z0-9._-]/g, '_')
    .slice(0, 63)
    .replace(/^[._-]+|[._-]+$/g, '');
}
