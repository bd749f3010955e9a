/** What TaskNamespace, and Orchestrator for each of its namespaces of tasks, can be told. */
import type * as pulumi from '@pulumi/pulumi';
import type { DatabaseConnection, ObjectArgs } from './args.ts';

/** The bounds of a namespace of tasks. */
export interface TaskBoundsArgs {
  /** Hard limits of the namespace, in the form of a ResourceQuota. Default `{ pods: '1000' }`. */
  quota?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** What containers get that say nothing, and the most that they may ask for. */
  limits?: LimitArgs;
  /** Where pods may connect to, beside DNS and the namespace of the control plane. Default: everywhere but to the metadata service of the cloud. */
  egress?: EgressArgs[];
  /** True: pods reach the metadata service of the cloud, and with it the rights of their node. Default false. */
  metadataService?: boolean;
  /** False: no NetworkPolicy is made. Default true: nobody connects to pods of tasks. */
  networkPolicy?: boolean;
  /** True: a service account `podline-launcher` for tasks that launch pods and Jobs themselves. Default false. */
  launcher?: boolean;
  /** Service accounts that tasks may ask for, as cloud identities want them. Default: none. */
  serviceAccounts?: TaskServiceAccountArgs[];
}

/** Arguments of TaskNamespace. */
export interface TaskNamespaceArgs extends TaskBoundsArgs, ObjectArgs {
  /** Who launches pods here. */
  scheduler: SchedulerIdentityArgs;
  /** Name of the namespace. Default: made from the name of the component. */
  name?: pulumi.Input<string>;
  /** False: the namespace `name` is there already. Default true. */
  create?: boolean;
  /** The database that workers report to: `connection` of a MetadataDatabase. Default: the Secret `podline-worker-database` is here already. */
  database?: pulumi.Input<DatabaseConnection>;
}

/** Who schedulers are in the cluster of the namespace: a service account, or a user or group of their kubeconfig. Give one of them. */
export interface SchedulerIdentityArgs {
  /** Service account, `serviceAccountName` of a Scheduler. */
  serviceAccountName?: pulumi.Input<string>;
  /** Namespace of the service account, that of the control plane. */
  namespace?: pulumi.Input<string>;
  /** User of the kubeconfig for another cluster. */
  user?: pulumi.Input<string>;
  /** Group of the kubeconfig for another cluster. */
  group?: pulumi.Input<string>;
}

/** Amounts for single containers, in the form of a LimitRange. */
export interface LimitArgs {
  /** Request of containers that say none. Default `{ cpu: '10m', memory: '64Mi' }`. */
  defaultRequest?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Limit of containers that say none. Default: none. */
  defaultLimit?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** The most that a container may ask for. Default: no bound. */
  max?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** A place that pods may connect to: addresses, or a namespace. Give one of both. */
export interface EgressArgs {
  /** Addresses, such as `10.1.0.0/16`. */
  cidr?: pulumi.Input<string>;
  /** Addresses among them that stay closed. */
  except?: pulumi.Input<pulumi.Input<string>[]>;
  /** All pods of a namespace. */
  namespace?: pulumi.Input<string>;
  /** TCP ports. Default: all ports, of all protocols. */
  ports?: pulumi.Input<pulumi.Input<number>[]>;
}

/** A service account of tasks. */
export interface TaskServiceAccountArgs {
  /** Its name, as tasks ask for it. */
  name: string;
  /** Its annotations. */
  annotations?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}
