/**
 * What an author may say about the pod of a task: an allow-list of fields with Kubernetes' own names and
 * shapes. Part of the plan (PlanTask.pod, config of pod and job); src/pods/mergePod.ts lays it over the base
 * pod of the cluster. Everything that is not listed here belongs to whoever runs the cluster.
 */
import type { JsonObject } from '../plan/plan.ts';

export interface PodOverrides {
  /** Name of the cluster in the configuration of the scheduler. Default: its default cluster. */
  cluster?: string;
  /** Default: the cluster's first namespace. Must be one of the cluster's namespaces. */
  namespace?: string;
  image?: string;
  imagePullPolicy?: 'Always' | 'IfNotPresent' | 'Never';
  /** Names of Secrets. */
  imagePullSecrets?: string[];
  resources?: ResourceRequirements;
  /** Environment of the main container beside the task's own `env`: by name, or in Kubernetes' form. */
  env?: EnvVar[] | Record<string, string | EnvSource>;
  envFrom?: JsonObject[];
  volumes?: JsonObject[];
  volumeMounts?: JsonObject[];
  initContainers?: JsonObject[];
  /** Containers that run beside the task and end with it (restartPolicy Always init containers). */
  sidecars?: JsonObject[];
  nodeSelector?: Record<string, string>;
  affinity?: JsonObject;
  tolerations?: JsonObject[];
  topologySpreadConstraints?: JsonObject[];
  runtimeClassName?: string;
  priorityClassName?: string;
  schedulerName?: string;
  /** Only where the cluster's configuration allows it. */
  serviceAccountName?: string;
  /** Who the containers run as. Root only where the cluster's template allows it. */
  securityContext?: SecurityOverrides;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  hostAliases?: JsonObject[];
  hostname?: string;
  subdomain?: string;
  dnsPolicy?: 'ClusterFirst' | 'Default' | 'None';
  dnsConfig?: JsonObject;
  ports?: JsonObject[];
  workingDir?: string;
  /** Seconds between TERM and KILL. Default 30. */
  terminationGracePeriodSeconds?: number;
  /** Seconds that the pod may take until its container runs. Default: the cluster's. */
  startupTimeout?: number;
}

export interface ResourceRequirements {
  requests?: Record<string, string | number>;
  limits?: Record<string, string | number>;
}

export interface SecurityOverrides {
  runAsUser?: number;
  runAsGroup?: number;
  runAsNonRoot?: boolean;
  fsGroup?: number;
  fsGroupChangePolicy?: 'Always' | 'OnRootMismatch';
  supplementalGroups?: number[];
  readOnlyRootFilesystem?: boolean;
}

export type EnvSource = { secret: string; key: string } | { configMap: string; key: string };

export type EnvVar = { name: string; value?: string; valueFrom?: JsonObject };
