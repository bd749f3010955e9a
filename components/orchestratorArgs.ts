/** What Orchestrator can be told: an image, a database, and whatever should be other than the defaults. */
import type * as pulumi from '@pulumi/pulumi';
import type {
  ClusterArgs,
  ImagePullPolicy,
  KeepPods,
  ObjectArgs,
  PodArgs,
  ServiceAccountArgs,
} from './args.ts';
import type { BackupMode, DumpFieldArgs, OperatorBackupArgs } from './backup.ts';
import type { ConnectionFieldArgs, ExistingSecretArgs } from './connection.ts';
import type { DatabaseArgs } from './databaseArgs.ts';
import type { ExposureArgs } from './exposure.ts';
import type { MonitoringFieldArgs } from './monitoring.ts';
import type { ExternalSecretArgs } from './spec/externalSecret.ts';
import type { TracingArgs } from './tracing.ts';
import type { AuthArgs } from './webserverAuth.ts';
import type { TaskBoundsArgs } from './taskNamespaceArgs.ts';
import type { PoolFieldArgs } from './workerPool.ts';

/** Arguments of Orchestrator. */
export interface OrchestratorArgs extends ObjectArgs {
  /** Image with the runtime of Podline, for the control plane and for tasks that name none. */
  image: pulumi.Input<string>;
  /** The metadata database. */
  database: DatabaseArgs;
  /** Namespace of the control plane, which is there already. Default: one is made. */
  namespace?: pulumi.Input<string>;
  /** Folders of DAG files, relative to the program. Each is built, shown in previews and registered. DAGs of a folder that is taken out again stay registered. Default: none. */
  dagFolders?: string[];
  /** Namespaces of tasks in this cluster. The first is the default of tasks. Default: one is made. */
  taskNamespaces?: OrchestratorNamespaceArgs[];
  /** What pods of tasks in this cluster start from. */
  tasks?: TaskPodsArgs;
  /** Connections that tasks may declare, in all namespaces of tasks of this cluster. Default: none. */
  connections?: OrchestratorConnectionArgs[];
  /** Pools of warm workers, in the first namespace of tasks. Default: none. */
  workerPools?: OrchestratorPoolArgs[];
  /** Scraping, alerts and a dashboard; the operator of Prometheus must be installed. Default: none. */
  monitoring?: MonitoringFieldArgs;
  /** Where schedulers send traces, and where people look at them. Default: nowhere. */
  tracing?: OrchestratorTracingArgs;
  /** Backups of the metadata database. Default: none. */
  backup?: OrchestratorBackupArgs;
  /** More clusters that tasks may choose by name. This one is called `home`. */
  clusters?: ClusterArgs[];
  /** Cluster of tasks that name none. Default `home`. */
  defaultCluster?: string;
  /** Executor of tasks that name none: `kubernetes`, or `pool:NAME` for warm workers. Default `kubernetes`. */
  defaultExecutor?: pulumi.Input<string>;
  /** The schedulers. Default: two. */
  scheduler?: OrchestratorSchedulerArgs;
  /** The webserver. Default: one, reached inside the cluster. */
  webserver?: OrchestratorWebserverArgs;
  /** Knobs of all pods of the control plane. What `scheduler` and `webserver` say wins. */
  pods?: PodArgs;
  /** Level of the log: `error`, `warn`, `info` or `debug`. Default `info`. */
  logLevel?: pulumi.Input<string>;
  /** Seconds that an update waits for each part to be ready. Default 600. */
  readyTimeout?: number;
}

/** The schedulers of an Orchestrator. */
export interface OrchestratorSchedulerArgs extends PodArgs {
  /** Number of schedulers, all of them active. Default 2. */
  replicas?: number;
  /** The service account that launches pods. Default: one of its own. */
  serviceAccount?: ServiceAccountArgs;
}

/** The webserver of an Orchestrator. */
export interface OrchestratorWebserverArgs extends PodArgs {
  /** Number of webservers. Default 1. */
  replicas?: number;
  /** How it is reached from outside of the cluster. Default: not at all. */
  exposure?: ExposureArgs;
  /** How people sign in. Default: with passwords. */
  auth?: AuthArgs;
}

/** One namespace of tasks of an Orchestrator. */
export interface OrchestratorNamespaceArgs extends TaskBoundsArgs {
  /** Name of the namespace, as tasks choose it. */
  name: string;
  /** False: the namespace is there already. Default true. */
  create?: boolean;
}

/** What pods of tasks start from, and how many there may be. */
export interface TaskPodsArgs {
  /** Image of tasks that name none. It has the runtime in it. Default: the image of the orchestrator. */
  image?: pulumi.Input<string>;
  /** When images of tasks are pulled. Default: as Kubernetes has it. */
  imagePullPolicy?: pulumi.Input<ImagePullPolicy>;
  /** Part of a pod, in the form of Kubernetes, that every pod of a task starts from. */
  template?: pulumi.Input<pulumi.Inputs>;
  /** Ended pods that stay for people to look at. Default `never`. */
  keepPods?: pulumi.Input<KeepPods>;
  /** Pods of tasks at a time. Default 500. */
  maxPods?: pulumi.Input<number>;
  /** Seconds from the creation of a pod until its container must run. Default 600. */
  startupTimeout?: pulumi.Input<number>;
  /** Seconds that an image which cannot be pulled may take to appear. Default 60. */
  imagePullGrace?: pulumi.Input<number>;
}

/** A connection of an Orchestrator: `uri`, or `type` with other fields, or `existingSecret`, or `externalSecret`. */
export interface OrchestratorConnectionArgs extends ConnectionFieldArgs {
  /** Id that tasks declare. */
  connectionId: string;
  /** All of it as a URI, a secret: `postgresql://loader:...@db.example.org:5432/sales`. `extra` may be beside it. */
  uri?: pulumi.Input<string>;
  /** A Secret that holds it; its value is copied into the namespaces of tasks at every update. */
  existingSecret?: ExistingSecretArgs;
  /** A vault that holds it; External Secrets must be installed. `type` and other fields may be beside it. */
  externalSecret?: ExternalSecretArgs;
}

/** A pool of warm workers of an Orchestrator. */
export interface OrchestratorPoolArgs extends PodArgs, PoolFieldArgs {
  /** Pool that tasks choose it by, `executor: 'pool:NAME'`. */
  pool: string;
  /** Image of the workers, with the runtime and what tasks need. Default: that of the orchestrator. */
  image?: pulumi.Input<string>;
}

/** Traces of an Orchestrator. */
export interface OrchestratorTracingArgs extends TracingArgs {
  /** Where people look at traces, with `{traceId}` in it: `https://jaeger.example.com/trace/{traceId}`. Runs have a link then. Default: none. */
  traceUrl?: pulumi.Input<string>;
}

/** Backups of the database of an Orchestrator. */
export interface OrchestratorBackupArgs {
  /** How backups are made. Default: `CloudNativePg` where that runs the database, else `Dump`. */
  mode?: BackupMode;
  /** When, as five cron fields. Default `0 2 * * *`. */
  schedule?: pulumi.Input<string>;
  /** IANA zone of the schedule, for mode `Dump`. Default UTC; the operator of CloudNativePG has its own. */
  timeZone?: pulumi.Input<string>;
  /** For mode `Dump`. Default: seven dumps on a volume of 10Gi, by the image of the embedded database where there is one. */
  dump?: DumpFieldArgs;
  /** For mode `CloudNativePg`. Default: by the plugin that the Cluster is set up for. */
  cloudNativePg?: OperatorBackupArgs;
}
