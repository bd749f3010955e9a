/**
 * What all pods of tasks have in common: the most careful settings that still run a program, the
 * template of the cluster, the overrides, and the check of what came out. Pure; used by taskPod.ts, directPod.ts and their like.
 */
import { PodlineError } from '../../src/errors.ts';
import type { PodOverrides } from '../../src/pods/podOverrides.ts';
import { borrowedRights } from '../../src/pods/borrowedRights.ts';
import { checkPod, type PodPolicy, type PodProblem } from '../../src/pods/checkPod.ts';
import {
  type Container,
  type EnvVar,
  MAIN_CONTAINER,
  type PodManifest,
  type PodMetadata,
  type Volume,
  type VolumeMount,
} from '../../src/pods/manifest.ts';
import { mergePod, mergeTemplate } from '../../src/pods/mergePod.ts';
import { securityProblems } from '../../src/pods/restricted.ts';
import { hardened, startPod } from '../../src/pods/startPod.ts';
import type { ClusterConfig } from './clusterConfig.ts';

/** The pod before the cluster's template and the author's overrides are laid over it. */
export function basePod(
  cluster: ClusterConfig,
  name: string,
  main: Partial<Container>,
): PodManifest {
  return startPod(name, {
    ...(cluster.image !== undefined && { image: cluster.image }),
    ...(cluster.imagePullPolicy !== undefined && { imagePullPolicy: cluster.imagePullPolicy }),
    ...main,
  });
}

/** Base, then the cluster's template, then each layer of overrides. */
export function layeredPod(
  base: PodManifest,
  cluster: ClusterConfig,
  layers: readonly (PodOverrides | undefined)[],
): PodManifest {
  let pod = cluster.template ? mergeTemplate(base, cluster.template) : base;
  for (const layer of layers) if (layer) pod = mergePod(pod, layer);
  return hardened(pod);
}

export interface Additions {
  env?: readonly EnvVar[];
  volumes?: readonly Volume[];
  volumeMounts?: readonly VolumeMount[];
  /** Init containers that come before all others. */
  sidecars?: readonly Container[];
  metadata: PodMetadata & { name: string };
  activeDeadlineSeconds?: number;
}

/** What no template and no author changes: identity, the protocol's variables, Podline's own volumes. */
export function finishPod(pod: PodManifest, add: Additions): PodManifest {
  const { metadata, spec } = pod;
  const mine = new Set((add.env ?? []).map(({ name }) => name));
  const names = new Set((add.volumes ?? []).map(({ name }) => name));
  const containers = spec.containers.map((container) => {
    if (container.name !== MAIN_CONTAINER) return container;
    const env = [
      ...(container.env ?? []).filter(({ name }) => !mine.has(name)),
      ...(add.env ?? []),
    ];
    const mounts = container.volumeMounts ?? [];
    const volumeMounts = [
      ...mounts,
      ...(add.volumeMounts ?? []).filter(
        ({ mountPath }) => !mounts.some((other) => other.mountPath === mountPath),
      ),
    ];
    return {
      ...container,
      ...(env.length > 0 && { env }),
      ...(volumeMounts.length > 0 && { volumeMounts }),
    };
  });
  const volumes = [
    ...(spec.volumes ?? []).filter(({ name }) => !names.has(name)),
    ...(add.volumes ?? []),
  ];
  const initContainers = [...(add.sidecars ?? []), ...(spec.initContainers ?? [])];
  return {
    ...pod,
    metadata: {
      ...add.metadata,
      labels: { ...metadata.labels, ...add.metadata.labels },
      annotations: { ...metadata.annotations, ...add.metadata.annotations },
    },
    spec: {
      ...spec,
      ...(add.activeDeadlineSeconds !== undefined && {
        activeDeadlineSeconds: add.activeDeadlineSeconds,
      }),
      ...(initContainers.length > 0 && { initContainers }),
      containers,
      ...(volumes.length > 0 && { volumes }),
    },
  };
}

function templateAlone(cluster: ClusterConfig): PodManifest {
  return layeredPod(basePod(cluster, 'template', {}), cluster, []);
}

export function podPolicy(cluster: ClusterConfig): PodPolicy {
  const alone = templateAlone(cluster);
  return {
    serviceAccounts: [...cluster.serviceAccounts, ...accountsOf(alone)],
    restricted: securityProblems(alone).length === 0,
  };
}

/** The cluster's first, or the one that is asked for, if it is one of the cluster's. */
export function namespaceOf(
  cluster: ClusterConfig,
  wanted: string | undefined,
): { namespace: string; problems: PodProblem[] } {
  const namespace = wanted ?? cluster.namespaces[0] ?? 'default';
  if (cluster.namespaces.includes(namespace)) return { namespace, problems: [] };
  const known = cluster.namespaces.join(', ');
  const problem = `cluster ${cluster.name} has no namespace "${namespace}" for tasks; it has ${known}`;
  return { namespace, problems: [{ path: 'metadata.namespace', problem }] };
}

/** The pod and what is wrong with it. */
export interface Built {
  pod: PodManifest;
  problems: PodProblem[];
}

export function built(
  pod: PodManifest,
  cluster: ClusterConfig,
  problems: readonly PodProblem[],
): Built {
  const policy = podPolicy(cluster);
  const found = [...problems, ...checkPod(pod, policy)];
  if (!policy.restricted) found.push(...borrowedRights(pod, templateAlone(cluster)));
  return { pod, problems: found };
}

export function orRefuse({ pod, problems }: Built, cluster: string, task: string): PodManifest {
  if (problems.length === 0) return pod;
  const reason = problems.map(({ path, problem }) => `${path}: ${problem}`).join('; ');
  throw new PodlineError('pod.refused', { task, cluster, reason });
}

function accountsOf({ spec }: PodManifest): string[] {
  return spec.serviceAccountName === undefined ? [] : [spec.serviceAccountName];
}
