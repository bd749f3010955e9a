/**
 * Who decides how many workers a pool has: KEDA, by the tasks that wait or run, down to none; or the autoscaler of
 * Kubernetes, by processor time. Called by workerPool.ts.
 */
import * as k8s from '@pulumi/kubernetes';
import type * as pulumi from '@pulumi/pulumi';
import { partsOf } from './spec/connectionUrl.ts';
import type { metadataOf } from './spec/labels.ts';
import { DATABASE_KEYS } from './spec/names.ts';
import { secretData } from './spec/secretData.ts';
import { type Add, oneOf, whole } from './spec/validate.ts';

/** What the number of workers follows. */
export const Autoscaler = { Keda: 'Keda', Cpu: 'Cpu' } as const;
export type Autoscaler = (typeof Autoscaler)[keyof typeof Autoscaler];

/** How the number of workers of a pool follows the work. */
export interface AutoscalingArgs {
  /** `Keda`: the tasks of the pool, counted in the database; KEDA must be installed. `Cpu`: processor time. */
  kind: Autoscaler;
  /** Fewest workers. Default 0 with `Keda`, 1 with `Cpu`. */
  minReplicas?: number;
  /** Most workers. Default 10. */
  maxReplicas?: number;
  /** `Keda`: tasks for each worker. Default: the slots of a worker. */
  tasksPerWorker?: number;
  /** `Keda`: seconds between two looks at the database. Default 10. */
  pollingInterval?: number;
  /** `Keda`: seconds without tasks until the last worker goes. Default 300. */
  cooldownPeriod?: number;
  /** `Cpu`: percent of the requested processor time that is aimed at. Default 70. */
  cpuUtilization?: number;
  /** Seconds for which fewer workers must be enough before some go. Default 300. */
  scaleDownDelay?: number;
}

interface Target {
  name: string;
  pool: string;
  slots: number;
  deployment: pulumi.Output<string>;
  /** Connection string of the role of pools; or a Secret that holds it. */
  login: { url: pulumi.Output<string> } | { secret: pulumi.Input<string> };
}

type Metadata = ReturnType<typeof metadataOf>;

export function autoscale(
  target: Target,
  args: AutoscalingArgs,
  metadata: Metadata,
  options: pulumi.CustomResourceOptions,
): void {
  if (args.kind === Autoscaler.Cpu) byProcessor(target, args, metadata, options);
  else byTasks(target, args, metadata, options);
}

/** KEDA takes no parameters, and the name of a pool is plain text (poolNameProblem). */
const DEPTH_QUERY = "SELECT pool.depth('POOL')";

export function depthQuery(pool: string): string {
  return DEPTH_QUERY.replace('POOL', () => pool);
}

/** KEDA asks from its own namespace, as the role of pools, which may call this function. */
function byTasks(
  target: Target,
  args: AutoscalingArgs,
  metadata: Metadata,
  options: pulumi.CustomResourceOptions,
): void {
  const { name, pool, slots, deployment } = target;
  const login = new k8s.apiextensions.CustomResource(
    `${name}-scaler`,
    {
      apiVersion: 'keda.sh/v1alpha1',
      kind: 'TriggerAuthentication',
      metadata,
      spec: { secretTargetRef: loginOf(target, metadata, options) },
    },
    options,
  );
  new k8s.apiextensions.CustomResource(
    name,
    {
      apiVersion: 'keda.sh/v1alpha1',
      kind: 'ScaledObject',
      metadata,
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: deployment },
        minReplicaCount: args.minReplicas ?? 0,
        maxReplicaCount: args.maxReplicas ?? 10,
        pollingInterval: args.pollingInterval ?? 10,
        cooldownPeriod: args.cooldownPeriod ?? 300,
        advanced: { horizontalPodAutoscalerConfig: { behavior: behaviorOf(args) } },
        triggers: [
          {
            type: 'postgresql',
            metadata: {
              query: depthQuery(pool),
              targetQueryValue: String(args.tasksPerWorker ?? slots),
              activationTargetQueryValue: '0',
            },
            authenticationRef: { name: login.metadata.name },
          },
        ],
      },
    },
    options,
  );
}

/**
 * The login in its parts where they are known: KEDA keeps one pool of connections for each user, host and database,
 * and all that give it a whole connection string would share one.
 */
function loginOf(
  { name, login }: Target,
  metadata: Metadata,
  options: pulumi.CustomResourceOptions,
) {
  if ('secret' in login) {
    return [{ parameter: 'connection', name: login.secret, key: DATABASE_KEYS.pool }];
  }
  const parts = login.url.apply((url) => {
    const { host, port, user, database, password, sslMode } = partsOf(url);
    return {
      host,
      port: String(port),
      userName: user,
      dbName: database,
      password,
      sslmode: sslModeOf(sslMode),
    };
  });
  const secret = new k8s.core.v1.Secret(
    `${name}-scaler`,
    { metadata, data: secretData(Object.fromEntries(LOGIN.map((key) => [key, parts[key]]))) },
    options,
  );
  return LOGIN.map((key) => ({ parameter: key, name: secret.metadata.name, key }));
}

const LOGIN = ['host', 'port', 'userName', 'dbName', 'password', 'sslmode'] as const;

/** What is said to node-postgres, as libpq and the driver of KEDA have it. */
function sslModeOf(mode = 'prefer'): string {
  return mode === 'no-verify' ? 'require' : mode;
}

function byProcessor(
  { name, deployment }: Target,
  args: AutoscalingArgs,
  metadata: Metadata,
  options: pulumi.CustomResourceOptions,
): void {
  new k8s.autoscaling.v2.HorizontalPodAutoscaler(
    name,
    {
      metadata,
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: deployment },
        minReplicas: args.minReplicas ?? 1,
        maxReplicas: args.maxReplicas ?? 10,
        metrics: [
          {
            type: 'Resource',
            resource: {
              name: 'cpu',
              target: { type: 'Utilization', averageUtilization: args.cpuUtilization ?? 70 },
            },
          },
        ],
        behavior: behaviorOf(args),
      },
    },
    options,
  );
}

/** A worker that goes drains first: none should go for a short quiet. */
function behaviorOf({ scaleDownDelay = 300 }: AutoscalingArgs) {
  return { scaleDown: { stabilizationWindowSeconds: scaleDownDelay } };
}

/** The most workers that there may be at a time. */
export function mostReplicas(args: AutoscalingArgs | undefined, replicas: number): number {
  return args === undefined ? replicas : (args.maxReplicas ?? 10);
}

const OF_KEDA = ['tasksPerWorker', 'pollingInterval', 'cooldownPeriod'] as const;

export function autoscalingProblems(
  args: AutoscalingArgs | undefined,
  replicas: number | undefined,
  add: Add,
): void {
  if (args === undefined) return;
  const isCpu = args.kind === Autoscaler.Cpu;
  if (replicas !== undefined) {
    add('', 'it decides the number of workers; leave replicas out, or give minReplicas');
  }
  add('kind', oneOf(args.kind, Autoscaler));
  add('minReplicas', whole(args.minReplicas, isCpu ? 1 : 0, 1000));
  add('maxReplicas', whole(args.maxReplicas, 1, 1000));
  if ((args.minReplicas ?? 0) > (args.maxReplicas ?? 10)) {
    add('minReplicas', `it is more than maxReplicas, ${args.maxReplicas ?? 10}`);
  }
  add('tasksPerWorker', whole(args.tasksPerWorker, 1, 1000));
  add('pollingInterval', whole(args.pollingInterval, 1, 3600));
  add('cooldownPeriod', whole(args.cooldownPeriod, 0, 86_400));
  add('cpuUtilization', whole(args.cpuUtilization, 1, 1000));
  add('scaleDownDelay', whole(args.scaleDownDelay, 0, 3600));
  for (const name of OF_KEDA) {
    if (isCpu && args[name] !== undefined) add(name, 'it is for kind Keda');
  }
  if (!isCpu && args.cpuUtilization !== undefined) add('cpuUtilization', 'it is for kind Cpu');
}
