/**
 * What the template of a cluster can say about the pods of tasks: all that authors can (src/pods/podOverrides.ts),
 * and what belongs to whoever runs the cluster. Names are those of Kubernetes; the main container is the task's.
 */
import type * as pulumi from '@pulumi/pulumi';
import type { ImagePullPolicy, ResourceArgs, TolerationArgs } from './args.ts';

/** A key of a Secret or ConfigMap. */
export interface KeyRefArgs {
  /** Name of the Secret or ConfigMap. */
  name: pulumi.Input<string>;
  /** Key in it. */
  key: pulumi.Input<string>;
  /** True: the variable is left out when there is no such key. Default false. */
  optional?: pulumi.Input<boolean>;
}

/** Environment of a container. */
export interface PodEnvironmentArgs {
  /** Variables by name. They can be read by everybody who may read pods. */
  env?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Variables from keys of Secrets, by name. */
  envSecrets?: pulumi.Input<Record<string, pulumi.Input<KeyRefArgs>>>;
  /** Names of Secrets whose keys all become variables. */
  envFromSecrets?: pulumi.Input<pulumi.Input<string>[]>;
  /** Names of ConfigMaps whose keys all become variables. */
  envFromConfigMaps?: pulumi.Input<pulumi.Input<string>[]>;
}

/** A volume of a pod: give exactly one kind. */
export interface PodVolumeArgs {
  /** Name that mounts refer to. */
  name: pulumi.Input<string>;
  /** An empty folder that goes with the pod. */
  emptyDir?: pulumi.Input<EmptyDirArgs>;
  /** Name of a Secret, as files. */
  secret?: pulumi.Input<string>;
  /** Name of a ConfigMap, as files. */
  configMap?: pulumi.Input<string>;
  /** Name of a PersistentVolumeClaim. */
  persistentVolumeClaim?: pulumi.Input<string>;
  /** A volume of any other kind in the form of Kubernetes: `{ csi: {...} }`, `{ projected: {...} }`. */
  source?: pulumi.Input<pulumi.Inputs>;
}

/** An empty folder. */
export interface EmptyDirArgs {
  /** Most that it may hold, such as `20Gi`. Default: what the node has. */
  sizeLimit?: pulumi.Input<string>;
  /** `Memory`: it lies in memory, and counts as such. Default: on the disk of the node. */
  medium?: pulumi.Input<string>;
}

/** Where a volume is in a container. */
export interface PodVolumeMountArgs {
  /** Name of the volume. */
  name: pulumi.Input<string>;
  /** Folder in the container. */
  mountPath: pulumi.Input<string>;
  /** Folder in the volume. Default: all of it. */
  subPath?: pulumi.Input<string>;
  /** True: nothing can be written. Default false. */
  readOnly?: pulumi.Input<boolean>;
}

/** Who the containers run as, and what they may do. Default: not root, no rights, seccomp `RuntimeDefault`. */
export interface PodSecurityArgs {
  /** Number of the user. Default: that of the image. */
  runAsUser?: pulumi.Input<number>;
  /** Number of the group. */
  runAsGroup?: pulumi.Input<number>;
  /** False: root is allowed. Default true. */
  runAsNonRoot?: pulumi.Input<boolean>;
  /** Group of the files in volumes. */
  fsGroup?: pulumi.Input<number>;
  /** `OnRootMismatch` or `Always`. */
  fsGroupChangePolicy?: pulumi.Input<string>;
  /** More groups of the processes. */
  supplementalGroups?: pulumi.Input<pulumi.Input<number>[]>;
  /** Type of the seccomp profile. Default `RuntimeDefault`. */
  seccompProfileType?: pulumi.Input<string>;
  /** For the main container: its root cannot be written. Default true in worker pods. */
  readOnlyRootFilesystem?: pulumi.Input<boolean>;
  /** For the main container: capabilities that it gets. */
  addCapabilities?: pulumi.Input<pulumi.Input<string>[]>;
}

/** A container beside the task. */
export interface PodContainerArgs extends PodEnvironmentArgs {
  /** Name of the container. */
  name: pulumi.Input<string>;
  /** Its image. */
  image: pulumi.Input<string>;
  /** When the image is pulled. */
  imagePullPolicy?: pulumi.Input<ImagePullPolicy>;
  /** Instead of the entrypoint of the image. */
  command?: pulumi.Input<pulumi.Input<string>[]>;
  /** Its arguments. */
  args?: pulumi.Input<pulumi.Input<string>[]>;
  /** Requests and limits. */
  resources?: pulumi.Input<ResourceArgs>;
  /** Volumes in it. */
  volumeMounts?: pulumi.Input<pulumi.Input<PodVolumeMountArgs>[]>;
  /** More of it in the form of Kubernetes: probes, ports, a security context. */
  more?: pulumi.Input<pulumi.Inputs>;
}

/** Arguments of PodTemplate. */
export interface PodTemplateArgs extends PodEnvironmentArgs {
  /** Labels of the pods. */
  labels?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Annotations of the pods. */
  annotations?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Requests and limits of the task. Default: requests of 10m CPU and 64Mi memory. */
  resources?: pulumi.Input<ResourceArgs>;
  /** Labels that a node must have. */
  nodeSelector?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Taints of nodes that the pods do not mind. */
  tolerations?: pulumi.Input<pulumi.Input<TolerationArgs>[]>;
  /** Affinity in the form of Kubernetes. */
  affinity?: pulumi.Input<pulumi.Inputs>;
  /** Constraints in the form of Kubernetes. */
  topologySpreadConstraints?: pulumi.Input<pulumi.Input<pulumi.Inputs>[]>;
  /** Priority class of the pods. */
  priorityClassName?: pulumi.Input<string>;
  /** Runtime class of the pods, such as a sandbox. */
  runtimeClassName?: pulumi.Input<string>;
  /** Scheduler of Kubernetes that places the pods. */
  schedulerName?: pulumi.Input<string>;
  /** Service account of all pods of tasks. They get no token of it. */
  serviceAccountName?: pulumi.Input<string>;
  /** Names of Secrets that images are pulled with. */
  imagePullSecrets?: pulumi.Input<pulumi.Input<string>[]>;
  /** When the image of the task is pulled. */
  imagePullPolicy?: pulumi.Input<ImagePullPolicy>;
  /** Volumes of the pods. */
  volumes?: pulumi.Input<pulumi.Input<PodVolumeArgs>[]>;
  /** Volumes in the container of the task. */
  volumeMounts?: pulumi.Input<pulumi.Input<PodVolumeMountArgs>[]>;
  /** Containers that run to their end before the task, one after the other. */
  initContainers?: pulumi.Input<pulumi.Input<PodContainerArgs>[]>;
  /** Containers that run beside the task and end with it. */
  sidecars?: pulumi.Input<pulumi.Input<PodContainerArgs>[]>;
  /** Who the containers run as. */
  securityContext?: pulumi.Input<PodSecurityArgs>;
  /** Entries of /etc/hosts in the form of Kubernetes. */
  hostAliases?: pulumi.Input<pulumi.Input<pulumi.Inputs>[]>;
  /** `ClusterFirst`, `Default` or `None`. */
  dnsPolicy?: pulumi.Input<string>;
  /** DNS in the form of Kubernetes. */
  dnsConfig?: pulumi.Input<pulumi.Inputs>;
  /** Seconds between TERM and KILL of a task. Default 30. */
  terminationGracePeriodSeconds?: pulumi.Input<number>;
  /** Anything else: a partial pod in the form of Kubernetes, laid over all the rest. The container of the task is `main`. */
  pod?: pulumi.Input<pulumi.Inputs>;
  /** False: the template may go beyond the restricted profile, and what it allows every task may ask for. Default true. */
  restricted?: boolean;
}
