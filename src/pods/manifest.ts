/**
 * The JSON of the pods and Jobs that Podline makes: only the fields that it sets or looks at have a type of
 * their own, the rest passes through. Written by the builders (runtime/pods), read by mergePod and checkPod.
 */
import type { Json, JsonObject } from '../plan/plan.ts';

/** Container of the task in every pod. */
export const MAIN_CONTAINER = 'main';

export type StringMap = Record<string, string>;

export interface EnvVar {
  name: string;
  value?: string;
  valueFrom?: JsonObject;
}

export interface VolumeMount {
  name: string;
  mountPath: string;
  subPath?: string;
  readOnly?: boolean;
  [field: string]: Json | undefined;
}

export interface Volume {
  name: string;
  [source: string]: Json | undefined;
}

export interface Resources {
  requests?: Record<string, string | number>;
  limits?: Record<string, string | number>;
}

export interface ContainerSecurity {
  allowPrivilegeEscalation?: boolean;
  capabilities?: { drop?: string[]; add?: string[] };
  privileged?: boolean;
  procMount?: string;
  readOnlyRootFilesystem?: boolean;
  runAsGroup?: number;
  runAsNonRoot?: boolean;
  runAsUser?: number;
  seccompProfile?: { type: string; localhostProfile?: string };
}

export interface Container {
  name: string;
  image?: string;
  imagePullPolicy?: string;
  command?: string[];
  args?: string[];
  workingDir?: string;
  env?: EnvVar[];
  envFrom?: JsonObject[];
  volumeMounts?: VolumeMount[];
  resources?: Resources;
  ports?: JsonObject[];
  /** `Always` in an init container: a sidecar, which runs until the main container has ended. */
  restartPolicy?: 'Always';
  securityContext?: ContainerSecurity;
  terminationMessagePolicy?: string;
  livenessProbe?: JsonObject;
  readinessProbe?: JsonObject;
  startupProbe?: JsonObject;
  lifecycle?: JsonObject;
}

export interface PodSecurity {
  fsGroup?: number;
  fsGroupChangePolicy?: string;
  runAsGroup?: number;
  runAsNonRoot?: boolean;
  runAsUser?: number;
  seccompProfile?: { type: string; localhostProfile?: string };
  supplementalGroups?: number[];
  sysctls?: JsonObject[];
}

export interface PodSpec {
  containers: Container[];
  initContainers?: Container[];
  volumes?: Volume[];
  restartPolicy?: string;
  activeDeadlineSeconds?: number;
  terminationGracePeriodSeconds?: number;
  automountServiceAccountToken?: boolean;
  enableServiceLinks?: boolean;
  serviceAccountName?: string;
  securityContext?: PodSecurity;
  imagePullSecrets?: { name: string }[];
  nodeSelector?: StringMap;
  affinity?: JsonObject;
  tolerations?: JsonObject[];
  topologySpreadConstraints?: JsonObject[];
  runtimeClassName?: string;
  priorityClassName?: string;
  schedulerName?: string;
  hostAliases?: JsonObject[];
  hostNetwork?: boolean;
  hostPID?: boolean;
  hostIPC?: boolean;
  dnsPolicy?: string;
  dnsConfig?: JsonObject;
  hostname?: string;
  subdomain?: string;
}

export interface PodMetadata {
  name?: string;
  namespace?: string;
  labels?: StringMap;
  annotations?: StringMap;
}

export interface PodTemplate {
  metadata?: PodMetadata;
  spec: PodSpec;
}

export interface PodManifest extends PodTemplate {
  apiVersion: 'v1';
  kind: 'Pod';
  metadata: PodMetadata & { name: string };
}

export interface JobManifest {
  apiVersion: 'batch/v1';
  kind: 'Job';
  metadata: PodMetadata & { name: string };
  spec: {
    parallelism?: number;
    completions?: number;
    completionMode?: 'Indexed' | 'NonIndexed';
    backoffLimit?: number;
    suspend?: boolean;
    activeDeadlineSeconds?: number;
    ttlSecondsAfterFinished?: number;
    template: PodTemplate;
  };
}
