/**
 * A namespace that tasks run in: the border of trust. Schedulers get one Role here and nothing elsewhere; pods of
 * tasks get no token, no way in, no metadata service of the cloud, and a quota. Give `opts.provider` for a
 * namespace in another cluster.
 */
import * as k8s from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import { LAUNCHER_RULES, SCHEDULER_RULES } from '../src/pods/access.ts';
import type { DatabaseConnection, ObjectArgs } from './args.ts';
import { childOptions } from './spec/childOptions.ts';
import { metadataOf, type Part } from './spec/labels.ts';
import { LAUNCHER_ACCOUNT, typeOf, WORKER_DATABASE_SECRET } from './spec/names.ts';
import { hideConnection } from './spec/secretArgs.ts';
import { secretData } from './spec/secretData.ts';
import { NAMESPACE_SECURITY } from './spec/security.ts';
import { networkSpec } from './spec/taskNetwork.ts';
import { taskNamespaceProblems } from './spec/taskNamespaceProblems.ts';
import { known, validate } from './spec/validate.ts';
import type { TaskNamespaceArgs } from './taskNamespaceArgs.ts';

/** A namespace of tasks, with what schedulers may do in it and what its pods may not. */
export class TaskNamespace extends pulumi.ComponentResource {
  /** Name of the namespace, for `namespaces` of a cluster. */
  readonly name: pulumi.Output<string>;
  /** Service accounts that tasks may ask for, for `serviceAccounts` of a cluster. */
  readonly serviceAccounts: pulumi.Output<string[]>;
  /** Secret that workers get their connection string from. */
  readonly workerDatabaseSecret: pulumi.Output<string>;

  constructor(name: string, args: TaskNamespaceArgs, opts?: pulumi.ComponentResourceOptions) {
    validate('TaskNamespace', name, (add) => taskNamespaceProblems(args, add), 63);
    const database = args.database === undefined ? undefined : hideConnection(args.database);
    super(typeOf('TaskNamespace'), name, { ...args, ...(database && { database }) }, opts);
    const part: Part = { instance: name, component: 'tasks' };
    const options = childOptions(this, opts);
    const namespace = createNamespace(name, part, args, options);
    const inside = { ...args, namespace };
    createAccess(name, part, inside, options);
    if (hasWorkerUrl(database)) createWorkerSecret(part, name, database, inside, options);
    createBounds(name, part, inside, options);
    this.name = namespace;
    this.serviceAccounts = pulumi.output(createAccounts(name, part, inside, options));
    this.workerDatabaseSecret = pulumi.output(WORKER_DATABASE_SECRET);
    this.registerOutputs({
      name: this.name,
      serviceAccounts: this.serviceAccounts,
      workerDatabaseSecret: this.workerDatabaseSecret,
    });
  }
}

type Inside = TaskNamespaceArgs & { namespace: pulumi.Output<string> };

function createNamespace(
  name: string,
  part: Part,
  args: TaskNamespaceArgs,
  options: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  if (args.create === false) return pulumi.output(args.name ?? '');
  const labels = pulumi.output(args.labels).apply((given) => ({ ...given, ...NAMESPACE_SECURITY }));
  const made = new k8s.core.v1.Namespace(
    name,
    { metadata: metadataOf(part, { ...args, labels }, { name: args.name }) },
    options,
  );
  return made.metadata.name;
}

/** The one Role of schedulers. */
function createAccess(
  name: string,
  part: Part,
  args: Inside,
  options: pulumi.CustomResourceOptions,
): void {
  const { serviceAccountName, namespace, user, group } = args.scheduler;
  const apiGroup = 'rbac.authorization.k8s.io';
  const subject =
    serviceAccountName !== undefined
      ? { kind: 'ServiceAccount', name: serviceAccountName, namespace }
      : user !== undefined
        ? { kind: 'User', name: user, apiGroup }
        : { kind: 'Group', name: group ?? '', apiGroup };
  bind(`${name}-scheduler`, part, args, SCHEDULER_RULES, subject, options);
}

function bind(
  name: string,
  part: Part,
  args: Inside,
  rules: readonly k8s.types.input.rbac.v1.PolicyRule[],
  subject: k8s.types.input.rbac.v1.Subject,
  options: pulumi.CustomResourceOptions,
): void {
  const metadata = metadataOf(part, args, { namespace: args.namespace });
  const role = new k8s.rbac.v1.Role(name, { metadata, rules: [...rules] }, options);
  new k8s.rbac.v1.RoleBinding(
    name,
    {
      metadata,
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: role.metadata.name },
      subjects: [subject],
    },
    options,
  );
}

/** A record that is written by hand and has no connection string for workers: the Secret is there already. */
function hasWorkerUrl(
  database: pulumi.Input<DatabaseConnection> | undefined,
): database is pulumi.Input<DatabaseConnection> {
  if (database === undefined) return false;
  const now = known(database);
  return now === undefined || now.workerUrl !== undefined;
}

/** Its name is a contract with pods, which may start at any time. */
function createWorkerSecret(
  part: Part,
  name: string,
  database: pulumi.Input<DatabaseConnection>,
  args: Inside,
  options: pulumi.CustomResourceOptions,
): void {
  const url = pulumi.output(pulumi.output(database).workerUrl).apply((text) => {
    if (text) return text;
    throw new Error(
      `TaskNamespace "${name}": database has no workerUrl. Make the Secret ${WORKER_DATABASE_SECRET} yourself, and leave database out.`,
    );
  });
  new k8s.core.v1.Secret(
    `${name}-worker-database`,
    {
      metadata: metadataOf(part, args, {
        namespace: args.namespace,
        name: WORKER_DATABASE_SECRET,
      }),
      data: secretData({ url }),
    },
    options,
  );
}

/** Quota, defaults for containers that say nothing, and the network. */
function createBounds(
  name: string,
  part: Part,
  args: Inside,
  options: pulumi.CustomResourceOptions,
): void {
  const metadata = metadataOf(part, args, { namespace: args.namespace });
  const { quota = { pods: '1000' }, limits = {} } = args;
  new k8s.core.v1.ResourceQuota(name, { metadata, spec: { hard: quota } }, options);
  const { defaultRequest = { cpu: '10m', memory: '64Mi' }, defaultLimit, max } = limits;
  new k8s.core.v1.LimitRange(
    name,
    {
      metadata,
      spec: {
        limits: [
          {
            type: 'Container',
            defaultRequest,
            ...(defaultLimit !== undefined && { default: defaultLimit }),
            ...(max !== undefined && { max }),
          },
        ],
      },
    },
    options,
  );
  if (args.networkPolicy !== false) {
    const spec = networkSpec(args, args.scheduler.namespace);
    new k8s.networking.v1.NetworkPolicy(name, { metadata, spec }, options);
  }
}

/** The accounts of tasks. The launcher's name is the same everywhere, so that DAGs can say it. */
function createAccounts(
  name: string,
  part: Part,
  args: Inside,
  options: pulumi.CustomResourceOptions,
): pulumi.Output<string>[] {
  const { launcher = false, serviceAccounts = [], namespace } = args;
  const account = (
    ending: string,
    accountName: pulumi.Input<string>,
    annotations?: ObjectArgs['annotations'],
  ) =>
    new k8s.core.v1.ServiceAccount(
      `${name}-${ending}`,
      {
        metadata: metadataOf(part, args, { namespace, name: accountName, annotations }),
        automountServiceAccountToken: false,
      },
      options,
    ).metadata.name;
  const own = serviceAccounts.map((given) =>
    account(`account-${given.name}`, given.name, given.annotations),
  );
  if (!launcher) return own;
  const launcherName = account('launcher', LAUNCHER_ACCOUNT);
  const subject = { kind: 'ServiceAccount', name: launcherName, namespace };
  bind(`${name}-launcher`, part, args, LAUNCHER_RULES, subject, options);
  return [launcherName, ...own];
}
