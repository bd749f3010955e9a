/**
 * The whole of Podline as one noun: database, migration, schedulers, webserver, namespaces of tasks and DAGs, each
 * the component of its own name. Whoever needs more than its arguments builds with those.
 */
import * as k8s from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import type { ClusterArgs, ControlPlaneArgs, DatabaseConnection } from './args.ts';
import { DatabaseMode } from './databaseArgs.ts';
import { MetadataDatabase } from './metadataDatabase.ts';
import type { OrchestratorArgs } from './orchestratorArgs.ts';
import { createMore } from './orchestratorParts.ts';
import { Scheduler } from './scheduler.ts';
import { SchemaMigration } from './schemaMigration.ts';
import { createServiceAccount } from './serviceAccount.ts';
import { type Bundle, readBundle } from './spec/bundleSource.ts';
import { after, childOptions } from './spec/childOptions.ts';
import { commandsOf } from './spec/commands.ts';
import { metadataOf } from './spec/labels.ts';
import { typeOf } from './spec/names.ts';
import { HOME, orchestratorProblems } from './spec/orchestratorProblems.ts';
import { hide, hideClusters, hideDatabase } from './spec/secretArgs.ts';
import { NAMESPACE_SECURITY } from './spec/security.ts';
import { type Add, known, validate } from './spec/validate.ts';
import { TaskNamespace } from './taskNamespace.ts';
import type { TracingArgs } from './tracing.ts';
import { Webserver } from './webserver.ts';

/** A complete installation of Podline in one cluster. */
export class Orchestrator extends pulumi.ComponentResource {
  /** Namespace of the control plane. */
  readonly namespace: pulumi.Output<string>;
  /** Namespace of tasks that choose none. */
  readonly taskNamespace: pulumi.Output<string>;
  /** All namespaces of tasks in this cluster. */
  readonly taskNamespaces: pulumi.Output<string[]>;
  /** Where the webserver is reached: inside the cluster, or at the host of its exposure. */
  readonly url: pulumi.Output<string>;
  /** Secret with the owner's connection string, in the namespace of the control plane. */
  readonly databaseSecretName: pulumi.Output<string>;
  /** The way to the database, for more components beside this one. A secret as a whole. */
  readonly connection: pulumi.Output<DatabaseConnection>;
  /** Service account of the schedulers, in the namespace of the control plane. */
  readonly schedulerServiceAccount: pulumi.Output<string>;
  /** Ids of the DAGs of all folders. */
  readonly dagIds: pulumi.Output<string[]>;
  /** What to type to look at it: `dags`, `log`, `pods`, `web`. */
  readonly commands: pulumi.Output<Record<string, string>>;

  constructor(name: string, args: OrchestratorArgs, opts?: pulumi.ComponentResourceOptions) {
    const bundles = prepare(name, args);
    const safe = withSecrets(args);
    super(typeOf('Orchestrator'), name, safe, opts);
    const { labels, annotations } = args;
    const options = childOptions(this, opts);
    const namespace = createNamespace(name, args, options);
    const database = new MetadataDatabase(
      `${name}-database`,
      { ...safe.database, namespace, labels, annotations },
      options,
    );
    const common: ControlPlaneArgs = {
      ...args.pods,
      ...{ labels, annotations, namespace },
      ...{ image: args.image, logLevel: args.logLevel, readyTimeout: args.readyTimeout },
      database: database.connection,
    };
    const migration = new SchemaMigration(`${name}-migration`, common, {
      parent: this,
      dependsOn: [database],
    });
    const account = createServiceAccount(
      `${name}-scheduler`,
      { instance: `${name}-scheduler`, component: 'scheduler' },
      { ...common, serviceAccount: args.scheduler?.serviceAccount },
      options,
    );
    const tasks = createTaskNamespaces(name, safe, { ...common, account }, options);
    const ready = after(options, [migration, ...tasks]);
    const scheduler = new Scheduler(
      `${name}-scheduler`,
      {
        ...common,
        ...args.scheduler,
        tracing: tracingOf(args),
        serviceAccount: { create: false, name: account },
        clusters: [homeCluster(args, tasks), ...(safe.clusters ?? [])],
        defaultCluster: args.defaultCluster,
        defaultExecutor: args.defaultExecutor,
      },
      ready,
    );
    const webserver = new Webserver(
      `${name}-webserver`,
      { ...common, ...args.webserver, traceUrl: args.tracing?.traceUrl },
      ready,
    );
    const dagIds = createMore(name, safe, { ...common, tasks, bundles }, { options, ready });

    this.namespace = namespace;
    this.taskNamespaces = pulumi.all(tasks.map((each) => each.name));
    this.taskNamespace = this.taskNamespaces.apply(([first = '']) => first);
    this.url = webserver.url;
    this.databaseSecretName = database.secretName;
    this.connection = database.connection;
    this.schedulerServiceAccount = account;
    this.dagIds = dagIds;
    this.commands = commandsOf({
      namespace,
      taskNamespace: this.taskNamespace,
      scheduler: scheduler.deploymentName,
      webService: webserver.serviceName,
    });
    this.registerOutputs({
      namespace: this.namespace,
      taskNamespace: this.taskNamespace,
      taskNamespaces: this.taskNamespaces,
      url: this.url,
      databaseSecretName: this.databaseSecretName,
      connection: this.connection,
      schedulerServiceAccount: this.schedulerServiceAccount,
      dagIds: this.dagIds,
      commands: this.commands,
    });
  }
}

/** Everything is looked at before the first part is made, and DAG folders are built. */
function prepare(name: string, args: OrchestratorArgs): Bundle[] {
  const bundles: Bundle[] = [];
  const look = (add: Add) => {
    orchestratorProblems(name, args, add);
    known(args.dagFolders)?.forEach((folder, index) => {
      const bundle = readBundle({ folder }, `dagFolders[${index}]`, add);
      if (bundle) bundles.push(bundle);
    });
  };
  validate('Orchestrator', name, look, 28);
  return bundles;
}

function tracingOf({ tracing }: OrchestratorArgs): TracingArgs | undefined {
  if (!tracing) return undefined;
  const { traceUrl: _, ...rest } = tracing;
  return rest;
}

function withSecrets(args: OrchestratorArgs): OrchestratorArgs {
  return {
    ...args,
    database: hideDatabase(args.database),
    ...(args.clusters && { clusters: hideClusters(args.clusters) }),
    ...(args.connections && {
      connections: args.connections.map((connection) => ({
        ...connection,
        uri: hide(connection.uri),
        password: hide(connection.password),
        extra: hide<pulumi.Inputs>(connection.extra),
      })),
    }),
  };
}

/** The namespace of the control plane. It stays when the data in it were asked to stay. */
function createNamespace(
  name: string,
  args: OrchestratorArgs,
  options: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  if (args.namespace !== undefined) return pulumi.output(args.namespace);
  const labels = pulumi.output(args.labels).apply((given) => ({ ...given, ...NAMESPACE_SECURITY }));
  const part = { instance: name, component: 'control-plane' };
  const { database, backup } = args;
  const keep = database.embedded?.keepData === true || backup?.dump?.keepData === true;
  const made = new k8s.core.v1.Namespace(
    name,
    { metadata: metadataOf(part, { ...args, labels }) },
    { ...options, ...(keep && { retainOnDelete: true }) },
  );
  return made.metadata.name;
}

function createTaskNamespaces(
  name: string,
  args: OrchestratorArgs,
  common: ControlPlaneArgs & { account: pulumi.Output<string> },
  options: pulumi.ComponentResourceOptions,
): TaskNamespace[] {
  const { labels, annotations, namespace, account } = common;
  const shared = {
    ...{ labels, annotations },
    scheduler: { serviceAccountName: account, namespace },
    quota: { pods: String(2 * (known(args.tasks?.maxPods) ?? 500)) },
    ...(workersAreKnown(args) && { database: common.database }),
  };
  if (!args.taskNamespaces) return [new TaskNamespace(`${name}-tasks`, shared, options)];
  return args.taskNamespaces.map(
    (each) => new TaskNamespace(`${name}-tasks-${each.name}`, { ...shared, ...each }, options),
  );
}

/** Whether there is a login for workers; otherwise their Secret is in each namespace already. */
function workersAreKnown({ database: { mode, external = {} } }: OrchestratorArgs): boolean {
  if (mode !== DatabaseMode.External) return true;
  if (external.existingSecret !== undefined) return external.workerUrl !== undefined;
  const record = known(external.connection);
  return record === undefined || record.workerUrl !== undefined;
}

function homeCluster({ tasks = {} }: OrchestratorArgs, made: TaskNamespace[]): ClusterArgs {
  const accounts = pulumi.all(made.map(({ serviceAccounts }) => serviceAccounts));
  return {
    ...tasks,
    name: HOME,
    inCluster: true,
    namespaces: pulumi.all(made.map((each) => each.name)),
    serviceAccounts: accounts.apply((all) => [...new Set(all.flat())].sort()),
  };
}
