/**
 * Arguments that several components share, as plain data: what one component hands to another is a record of
 * this file, never a component. Only what the multi-language schema can say: interfaces, lists, maps, and enums
 * as constant objects (docs/decisions/007-components.md).
 */
import type * as pulumi from '@pulumi/pulumi';

/** When the kubelet pulls an image. */
export const ImagePullPolicy = {
  Always: 'Always',
  IfNotPresent: 'IfNotPresent',
  Never: 'Never',
} as const;
export type ImagePullPolicy = (typeof ImagePullPolicy)[keyof typeof ImagePullPolicy];

/** Which ended pods of tasks stay for people to look at. */
export const KeepPods = { Never: 'never', Failed: 'failed', Always: 'always' } as const;
export type KeepPods = (typeof KeepPods)[keyof typeof KeepPods];

/** Processor time and memory of a container, as quantities of Kubernetes. */
export interface ResourceArgs {
  /** What the container is sure to get: `{ cpu: '100m', memory: '256Mi' }`. */
  requests?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** What the container never goes beyond: `{ memory: '512Mi' }`. */
  limits?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** A taint of nodes that pods do not mind. */
export interface TolerationArgs {
  /** Key of the taint. Default: every key, with operator `Exists`. */
  key?: pulumi.Input<string>;
  /** `Equal` or `Exists`. Default `Equal`. */
  operator?: pulumi.Input<string>;
  /** Value of the taint, for `Equal`. */
  value?: pulumi.Input<string>;
  /** `NoSchedule`, `PreferNoSchedule` or `NoExecute`. Default: all of them. */
  effect?: pulumi.Input<string>;
  /** Seconds that a pod stays on a node with a taint `NoExecute`. Default: for ever. */
  tolerationSeconds?: pulumi.Input<number>;
}

/** Said of every object that a component makes. */
export interface ObjectArgs {
  /** Labels of all objects, beside those of Podline. */
  labels?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Annotations of all objects. */
  annotations?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** Knobs of the pods of a component. */
export interface PodArgs {
  /** Requests and limits of the main container. The default fits the component. */
  resources?: pulumi.Input<ResourceArgs>;
  /** Labels that a node must have. */
  nodeSelector?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Taints of nodes that the pods do not mind. */
  tolerations?: pulumi.Input<pulumi.Input<TolerationArgs>[]>;
  /** Affinity in the form of Kubernetes. Default: none. */
  affinity?: pulumi.Input<pulumi.Inputs>;
  /** Priority class of the pods. Default: that of the cluster. */
  priorityClassName?: pulumi.Input<string>;
  /** Names of Secrets that images are pulled with, in the namespace of the pods. */
  imagePullSecrets?: pulumi.Input<pulumi.Input<string>[]>;
  /** When images are pulled. Default: as Kubernetes has it. */
  imagePullPolicy?: pulumi.Input<ImagePullPolicy>;
  /** More environment variables, by name. Secrets do not belong here: the spec of a pod can be read. */
  env?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Names of Secrets of the namespace whose keys all become environment variables. */
  envFromSecrets?: pulumi.Input<pulumi.Input<string>[]>;
  /** Labels of the pods alone, as cloud identities want them. */
  podLabels?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Annotations of the pods alone. */
  podAnnotations?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Number of the user and group that the pods run as. Default 10001, the user of the image. */
  runAsUser?: pulumi.Input<number>;
}

/** A component whose pods run `podline` in the namespace of the control plane. */
export interface ControlPlaneArgs extends ObjectArgs, PodArgs {
  /** Namespace of the control plane. */
  namespace: pulumi.Input<string>;
  /** Image with the runtime of Podline. */
  image: pulumi.Input<string>;
  /** Where the metadata database is: `connection` of a MetadataDatabase, or a record written by hand. */
  database: pulumi.Input<DatabaseConnection>;
  /** Level of the log: `error`, `warn`, `info` or `debug`. Default `info`. */
  logLevel?: pulumi.Input<string>;
  /** Seconds that an update waits for the pods to be ready. Default 600. */
  readyTimeout?: number;
}

/** The service account of a component. */
export interface ServiceAccountArgs {
  /** False: the account `name` is there already. Default true. */
  create?: boolean;
  /** Name of the account. Default: made from the name of the component. */
  name?: pulumi.Input<string>;
  /** Annotations of the account, as cloud identities want them. */
  annotations?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** How processes reach the metadata database. Made by MetadataDatabase, or written by hand. */
export interface DatabaseConnection {
  /** Secret in the namespace of the control plane. It holds the owner's connection string. */
  secretName: pulumi.Input<string>;
  /** Key of the Secret that holds the owner's connection string. Default `url`. */
  secretKey?: pulumi.Input<string | undefined>;
  /** Owner's connection string, a secret. Absent for an existing Secret. */
  url?: pulumi.Input<string | undefined>;
  /** Connection string of the workers' role as pods of tasks reach it, a secret. Absent: TaskNamespace expects the Secret `podline-worker-database` to be there. */
  workerUrl?: pulumi.Input<string | undefined>;
  /** Connection string of the role of pools, a secret. Always direct: it holds a session. */
  poolUrl?: pulumi.Input<string | undefined>;
}

/** A cluster that schedulers launch pods in. The fields are those of the file `clusters.json`. */
export interface ClusterArgs {
  /** Name that tasks choose it by: small letters, digits and "-". */
  name: string;
  /** Namespaces of tasks. The first is the default. */
  namespaces: pulumi.Input<pulumi.Input<string>[]>;
  /** The cluster that the scheduler runs in. Default: true where no kubeconfig is given. */
  inCluster?: boolean;
  /** Secret in the namespace of the control plane whose key `kubeconfig` is the kubeconfig of the cluster. */
  kubeconfigSecret?: pulumi.Input<string>;
  /** Kubeconfig of the cluster, a secret, as YAML or JSON. */
  kubeconfig?: pulumi.Input<string>;
  /** Context in the kubeconfig. Default: its current one. */
  context?: pulumi.Input<string>;
  /** Image of tasks that name none. It has the runtime in it. Default: the image of the scheduler. */
  image?: pulumi.Input<string>;
  /** When images of tasks are pulled. Default: as Kubernetes has it. */
  imagePullPolicy?: pulumi.Input<ImagePullPolicy>;
  /** Secret in each namespace whose key `url` is the database of workers. Default `podline-worker-database`. */
  workerDatabaseSecret?: pulumi.Input<string>;
  /** Service accounts that tasks may ask for. Default: none. */
  serviceAccounts?: pulumi.Input<pulumi.Input<string>[]>;
  /** Part of a pod, in the form of Kubernetes, that every pod of a task starts from; `template` of a PodTemplate, or written by hand. */
  template?: pulumi.Input<pulumi.Inputs>;
  /** Ended pods that stay for people to look at. Default `never`. */
  keepPods?: pulumi.Input<KeepPods>;
  /** Pods of this installation in the cluster at a time. Default 500. */
  maxPods?: pulumi.Input<number>;
  /** Seconds from the creation of a pod until its container must run. Default 600. */
  startupTimeout?: pulumi.Input<number>;
  /** Seconds that an image which cannot be pulled may take to appear. Default 60. */
  imagePullGrace?: pulumi.Input<number>;
}
