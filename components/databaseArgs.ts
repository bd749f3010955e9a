/** What MetadataDatabase, and Orchestrator under `database`, can be told: one of three ways to a PostgreSQL. */
import type * as pulumi from '@pulumi/pulumi';
import type { DatabaseConnection, ObjectArgs, PodArgs } from './args.ts';

/** Who runs PostgreSQL. */
export const DatabaseMode = {
  /** A server of yours: managed by a cloud, by a team, or made by another component. */
  External: 'External',
  /** A cluster of the operator CloudNativePG, which must be installed. */
  CloudNativePg: 'CloudNativePg',
  /** One small server in the cluster, for evaluation and tests. */
  Embedded: 'Embedded',
} as const;
export type DatabaseMode = (typeof DatabaseMode)[keyof typeof DatabaseMode];

/** Which database, and how to get to it. */
export interface DatabaseArgs {
  /** Who runs PostgreSQL. The part of the same name says more. */
  mode: DatabaseMode;
  /** For mode `External`: where the server is and who logs in. */
  external?: ExternalDatabaseArgs;
  /** For mode `CloudNativePg`. Default: three instances of 10Gi. */
  cloudNativePg?: CloudNativePgArgs;
  /** For mode `Embedded`. Default: a volume of 10Gi that outlives the component. */
  embedded?: EmbeddedDatabaseArgs;
  /** A connection pooler between pods of tasks and the database. Default: none. */
  pooler?: PoolerArgs;
}

/** Arguments of MetadataDatabase. */
export interface MetadataDatabaseArgs extends DatabaseArgs, ObjectArgs {
  /** Namespace of the control plane: of the Secret, and of what is made for the database. */
  namespace: pulumi.Input<string>;
}

/** A server of yours. Give exactly one of `connection`, `existingSecret`, `url` and `host`. */
export interface ExternalDatabaseArgs {
  /** A record that another MetadataDatabase made, or that you wrote. */
  connection?: pulumi.Input<DatabaseConnection>;
  /** A Secret in the namespace of the control plane that holds the owner's connection string. */
  existingSecret?: DatabaseSecretArgs;
  /** The owner's connection string, a secret: `postgresql://user:password@host:5432/database`. */
  url?: pulumi.Input<string>;
  /** Host of the server, with the login in the fields below. */
  host?: pulumi.Input<string>;
  /** Port of the server. Default 5432. */
  port?: pulumi.Input<number>;
  /** Name of the database. Default `podline`. */
  database?: pulumi.Input<string>;
  /** Role that owns the database. Default `podline`. */
  user?: pulumi.Input<string>;
  /** Password of the owner, a secret. Default with `provision`: a random one that stays. */
  password?: pulumi.Input<string>;
  /** How the way is encrypted, as drivers have it: `require`, `verify-full`, `disable`. Default: what the driver does. */
  sslMode?: pulumi.Input<string>;
  /** Makes the owner, the roles of workers and the database with the provider of @pulumi/postgresql, which must reach the server from where `pulumi` runs. Default: they are there already. */
  provision?: ProvisionArgs;
  /** With `existingSecret`: connection string of the workers' role, a secret. Default: the Secret `podline-worker-database` is in each namespace of tasks already. */
  workerUrl?: pulumi.Input<string>;
  /** With `existingSecret`: connection string of the role of pools, a secret. */
  poolUrl?: pulumi.Input<string>;
}

/** A Secret that somebody else makes. */
export interface DatabaseSecretArgs {
  /** Name of the Secret. */
  name: pulumi.Input<string>;
  /** Its key with the owner's connection string. Default `url`. */
  key?: pulumi.Input<string>;
}

/** What @pulumi/postgresql makes on a server of yours. */
export interface ProvisionArgs {
  /** True: roles and database stay when the component goes. Default false. */
  keepData?: boolean;
  /** Connections that workers may have open at a time. Default: no limit. */
  workerConnectionLimit?: pulumi.Input<number>;
}

/** A cluster of CloudNativePG. */
export interface CloudNativePgArgs {
  /** Instances of PostgreSQL, each with a volume. Default 3. */
  instances?: pulumi.Input<number>;
  /** Image of PostgreSQL. Default: that of the operator. */
  image?: pulumi.Input<string>;
  /** Volume of each instance. Default 10Gi of the default storage class. */
  storage?: pulumi.Input<StorageArgs>;
  /** Volume for the write-ahead log of each instance. Default: the same volume. */
  walStorage?: pulumi.Input<StorageArgs>;
  /** Password of the owner, a secret. Default: a random one that stays. */
  password?: pulumi.Input<string>;
  /** Parameters of PostgreSQL by name, such as `max_connections`. */
  parameters?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** More fields of the Cluster's `spec`, in the form of the operator: resources, affinity, backup, plugins. */
  spec?: pulumi.Input<pulumi.Inputs>;
  /** True: the Cluster and its data stay when the component goes. Default false. */
  keepData?: boolean;
}

/** One PostgreSQL in the cluster, without copies or backup: for evaluation. */
export interface EmbeddedDatabaseArgs extends PodArgs {
  /** Image with `initdb` and `postgres`, on the PATH or in /usr/lib/postgresql. Default docker.io/library/postgres:18. */
  image?: pulumi.Input<string>;
  /** Volume of the data. Default 10Gi of the default storage class. */
  storage?: pulumi.Input<StorageArgs>;
  /** False: the data live as long as the pod. Default true. */
  persistent?: boolean;
  /** False: the volume goes with the component. Default true: it stays, and a later one of the same name in the same namespace finds it. An Orchestrator that makes its own namespace removes both, unless this says true. */
  keepData?: boolean;
  /** Password of the owner, a secret. Default: a random one that stays. */
  password?: pulumi.Input<string>;
  /** Parameters of PostgreSQL by name, such as `max_connections`. */
  parameters?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** A volume. */
export interface StorageArgs {
  /** Size as a quantity. Default 10Gi. */
  size?: pulumi.Input<string>;
  /** Storage class. Default: that of the cluster. */
  storageClass?: pulumi.Input<string>;
}

/** PgBouncer in transaction mode, for the workers of pods alone: schedulers and pools hold sessions. */
export interface PoolerArgs extends PodArgs {
  /** Image with the program `pgbouncer`, version 1.21 or newer, on the PATH. */
  image: pulumi.Input<string>;
  /** Number of pods. Default 2. */
  replicas?: number;
  /** Connections to the database that each pod opens. Default 20. */
  poolSize?: pulumi.Input<number>;
  /** Connections of workers that each pod takes. Default 5000. */
  maxClients?: pulumi.Input<number>;
}
