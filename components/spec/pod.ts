/**
 * The pod of every component, as a template for a Deployment, StatefulSet or Job: restricted, with requests, one
 * main container, a writable /tmp and no token of Kubernetes unless asked for. Builders of components say what is
 * different; users say the rest with PodArgs.
 */
import * as pulumi from '@pulumi/pulumi';
import type * as k8s from '@pulumi/kubernetes';
import type { ObjectArgs, PodArgs, ResourceArgs } from '../args.ts';
import type { EnvEntry } from './env.ts';
import { labelsOf, mergeTexts, type Part, selectorOf } from './labels.ts';
import { RUNTIME_USER } from './names.ts';
import { containerSecurity, podSecurity } from './security.ts';

type PodTemplate = k8s.types.input.core.v1.PodTemplateSpec;
type Container = k8s.types.input.core.v1.Container;
type PodSpec = k8s.types.input.core.v1.PodSpec;

export interface PodInput {
  part: Part;
  given: PodArgs & ObjectArgs;
  /** Name of the main container. */
  container: string;
  image: pulumi.Input<string>;
  command?: pulumi.Input<string>[];
  args?: pulumi.Input<pulumi.Input<string>[]>;
  env?: pulumi.Output<EnvEntry[]>;
  /** Taken by key where the user says none. */
  resources: { requests: Record<string, string>; limits?: Record<string, string> };
  /** More fields of the main container: ports, probes. */
  more?: Partial<Container>;
  /** Volumes beside /tmp, each with where it is mounted. */
  volumes?: MountedVolume[];
  serviceAccountName?: pulumi.Input<string>;
  /** True: the pod gets the token of its service account. */
  token?: boolean;
  /** More fields of the pod: restart policy, grace period. */
  pod?: Partial<PodSpec>;
}

export interface MountedVolume {
  name: string;
  /** Absent: the claim of a StatefulSet brings it. */
  source?: Omit<k8s.types.input.core.v1.Volume, 'name'>;
  mountPath: string;
  /** Default: it can only be read. */
  writable?: boolean;
}

export function podOf(input: PodInput): PodTemplate {
  const { part, given, token = false } = input;
  const volumes: MountedVolume[] = [
    { name: 'tmp', source: { emptyDir: {} }, mountPath: '/tmp', writable: true },
    ...(input.volumes ?? []),
  ];
  return {
    metadata: {
      labels: labelsOf(part, given.labels, given.podLabels),
      ...((given.annotations ?? given.podAnnotations) && {
        annotations: mergeTexts(given.annotations, given.podAnnotations),
      }),
    },
    spec: {
      automountServiceAccountToken: token,
      enableServiceLinks: false,
      ...(input.serviceAccountName !== undefined && {
        serviceAccountName: input.serviceAccountName,
      }),
      securityContext: podSecurity(given.runAsUser ?? RUNTIME_USER),
      ...placementOf(given),
      ...input.pod,
      containers: [mainContainer(input, volumes)],
      volumes: volumes.flatMap(({ name, source }) => (source ? [{ name, ...source }] : [])),
    },
  };
}

/** Pods of a part, one on each node and zone where that is possible. */
export function spreadOf(part: Part) {
  return ['kubernetes.io/hostname', 'topology.kubernetes.io/zone'].map((topologyKey) => ({
    topologyKey,
    maxSkew: 1,
    whenUnsatisfiable: 'ScheduleAnyway',
    labelSelector: { matchLabels: selectorOf(part) },
  }));
}

function mainContainer(input: PodInput, volumes: MountedVolume[]): Container {
  const { given } = input;
  return {
    name: input.container,
    image: input.image,
    ...(given.imagePullPolicy !== undefined && { imagePullPolicy: given.imagePullPolicy }),
    ...(input.command && { command: input.command }),
    ...(input.args && { args: input.args }),
    ...(input.env && { env: input.env }),
    ...(given.envFromSecrets !== undefined && {
      envFrom: each(given.envFromSecrets, (name) => ({ secretRef: { name } })),
    }),
    resources: resourcesOf(given.resources, input.resources),
    securityContext: containerSecurity(),
    volumeMounts: volumes.map(({ name, mountPath, writable }) => ({
      name,
      mountPath,
      ...(writable !== true && { readOnly: true }),
    })),
    ...input.more,
  };
}

/** Where pods run, from what the user says; nothing where he says nothing. */
function placementOf(given: PodArgs): Partial<PodSpec> {
  const { nodeSelector, tolerations, affinity, priorityClassName, imagePullSecrets } = given;
  return {
    ...(nodeSelector !== undefined && { nodeSelector }),
    ...(tolerations !== undefined && { tolerations: tolerations }),
    ...(affinity !== undefined && { affinity: affinity }),
    ...(priorityClassName !== undefined && { priorityClassName }),
    ...(imagePullSecrets !== undefined && {
      imagePullSecrets: each(imagePullSecrets, (name) => ({ name })),
    }),
  };
}

/** By key: what the user says, else the default. Who asks for more memory than the default limit means more. */
function resourcesOf(
  given: pulumi.Input<ResourceArgs> | undefined,
  otherwise: PodInput['resources'],
) {
  return pulumi.output(given).apply((said) => {
    const requests = { ...otherwise.requests, ...said?.requests };
    const limits = {
      ...otherwise.limits,
      ...pick(said?.requests, otherwise.limits),
      ...said?.limits,
    };
    return { requests, ...(Object.keys(limits).length > 0 && { limits }) };
  });
}

function pick(from: Record<string, string> = {}, keys: object = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(from).filter(([key]) => Object.hasOwn(keys, key)));
}

function each<T>(
  names: pulumi.Input<pulumi.Input<string>[]>,
  make: (name: string) => T,
): pulumi.Output<T[]> {
  return pulumi.output(names).apply((all) => all.map(make));
}
