/**
 * Warm workers of one pool as a Deployment: tasks with `executor: 'pool:NAME'` run in them within milliseconds. The
 * number of workers is fixed, or follows the tasks that wait (KEDA) or the processors that are busy.
 */
import * as k8s from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import {
  CONNECTION_KEY,
  connectionSecretName,
  connectionVariable,
} from '../src/connections/names.ts';
import { poolGraceSeconds, poolNameProblem, poolWorkerArgs } from '../src/pods/poolWorker.ts';
import type { ControlPlaneArgs } from './args.ts';
import {
  type AutoscalingArgs,
  autoscale,
  autoscalingProblems,
  mostReplicas,
} from './poolAutoscaler.ts';
import { childOptions } from './spec/childOptions.ts';
import { envOf, type SecretRef } from './spec/env.ts';
import { metadataOf, type Part, selectorOf } from './spec/labels.ts';
import { DATABASE_KEYS, HEALTH_PORT, RUNTIME_ENV, typeOf } from './spec/names.ts';
import { podOf, spreadOf } from './spec/pod.ts';
import { controlPlaneProblems } from './spec/podProblems.ts';
import { httpPort, httpProbes } from './spec/probes.ts';
import { hideConnection } from './spec/secretArgs.ts';
import { secretData } from './spec/secretData.ts';
import { type Add, check, dnsName, plainFields, under, validate, whole } from './spec/validate.ts';

/** How the workers of a pool are. */
export interface PoolFieldArgs {
  /** Tasks that one worker runs at a time. Default 4. */
  slots?: number;
  /** Number of workers, where no autoscaler decides it. Default 1. */
  replicas?: number;
  /** Who decides the number of workers. Default: nobody, it is `replicas`. */
  autoscaling?: AutoscalingArgs;
  /** Seconds that tasks get to end when a worker is stopped, or has to go because there are fewer. Default 60. */
  drainSeconds?: number;
  /** Connections that tasks of the pool may use: ids, each with a Secret of the component Connection in the namespace. */
  connections?: string[];
  /** Secret in the namespace with the keys `pool-url` and `worker-url`. Default: made from the database. */
  databaseSecret?: pulumi.Input<string>;
  /** Service account of the pods, as cloud identities want it. They get no token of Kubernetes. Default: that of the namespace. */
  serviceAccountName?: pulumi.Input<string>;
}

/** Arguments of WorkerPool. Its namespace is best one of tasks: the code of their authors runs in these pods. */
export interface WorkerPoolArgs extends ControlPlaneArgs, PoolFieldArgs {
  /** Name that tasks choose it by, `executor: 'pool:NAME'`. Default: the name of the component. */
  pool?: string;
}

/** A pool of warm workers. */
export class WorkerPool extends pulumi.ComponentResource {
  /** What tasks write as their executor: `pool:NAME`. */
  readonly executor: pulumi.Output<string>;
  /** Name of the Deployment. */
  readonly deploymentName: pulumi.Output<string>;

  constructor(name: string, args: WorkerPoolArgs, opts?: pulumi.ComponentResourceOptions) {
    const { pool = name, slots = 4, replicas = 1, readyTimeout = 600, autoscaling } = args;
    validate('WorkerPool', name, (add) => workerPoolProblems(pool, args, add));
    const safe = { ...args, database: hideConnection(args.database) };
    super(typeOf('WorkerPool'), name, safe, opts);
    const part: Part = { instance: name, component: 'worker-pool' };
    const metadata = metadataOf(part, args, { namespace: args.namespace });
    const matchLabels = selectorOf(part);
    const options = childOptions(this, opts);
    const poolUrl = urlOf(name, safe, 'poolUrl');
    const secret = args.databaseSecret ?? createSecret(name, part, safe, poolUrl, options);
    const deployment = new k8s.apps.v1.Deployment(
      name,
      {
        metadata: metadataOf({ ...part, image: args.image }, args, { namespace: args.namespace }),
        spec: {
          // Whoever scales owns the number: saying one here would set it back at every update.
          ...(autoscaling === undefined && { replicas }),
          progressDeadlineSeconds: readyTimeout,
          selector: { matchLabels },
          template: podTemplate(part, { ...args, pool, slots }, secret),
        },
      },
      { ...options, customTimeouts: { create: `${readyTimeout}s`, update: `${readyTimeout}s` } },
    );
    if (mostReplicas(autoscaling, replicas) > 1) {
      new k8s.policy.v1.PodDisruptionBudget(
        name,
        { metadata, spec: { maxUnavailable: 1, selector: { matchLabels } } },
        options,
      );
    }
    if (autoscaling !== undefined) {
      const login = args.databaseSecret === undefined ? { url: poolUrl } : { secret };
      const target = { name, pool, slots, deployment: deployment.metadata.name, login };
      autoscale(target, autoscaling, metadata, options);
    }
    this.executor = pulumi.output(`pool:${pool}`);
    this.deploymentName = deployment.metadata.name;
    this.registerOutputs({ executor: this.executor, deploymentName: this.deploymentName });
  }
}

export function workerPoolProblems(pool: string, args: WorkerPoolArgs, add: Add): void {
  controlPlaneProblems(args, add);
  plainFields(args, ['pool', 'slots', 'replicas', 'autoscaling', 'drainSeconds'], add);
  add('pool', poolNameProblem(pool));
  add('slots', whole(args.slots, 1, 1000));
  add('replicas', whole(args.replicas, 0, 1000));
  add('drainSeconds', whole(args.drainSeconds, 0, 86_400));
  add('databaseSecret', dnsName(args.databaseSecret));
  add('serviceAccountName', dnsName(args.serviceAccountName));
  autoscalingProblems(args.autoscaling, args.replicas, under(add, 'autoscaling'));
  for (const [index, id] of (args.connections ?? []).entries()) {
    add(`connections[${index}]`, check(id, connectionProblem));
  }
}

/** The connection strings of the two roles; the owner's is for nobody who runs tasks. */
function createSecret(
  name: string,
  part: Part,
  args: WorkerPoolArgs,
  poolUrl: pulumi.Output<string>,
  options: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const secret = new k8s.core.v1.Secret(
    `${name}-database`,
    {
      metadata: metadataOf(part, args, { namespace: args.namespace }),
      data: secretData({
        [DATABASE_KEYS.pool]: poolUrl,
        [DATABASE_KEYS.worker]: urlOf(name, args, 'workerUrl'),
      }),
    },
    options,
  );
  return secret.metadata.name;
}

/** Nobody looks at it where `databaseSecret` is given. */
function urlOf(
  name: string,
  { database, databaseSecret }: WorkerPoolArgs,
  field: 'poolUrl' | 'workerUrl',
): pulumi.Output<string> {
  return pulumi.output(database).apply((record) => {
    const url = record[field] ?? '';
    if (url !== '' || databaseSecret !== undefined) return url;
    throw new pulumi.InputPropertyError({
      propertyPath: `database.${field}`,
      reason: `WorkerPool "${name}" does not know it; give databaseSecret, a Secret with the keys pool-url and worker-url`,
    });
  });
}

function podTemplate(
  part: Part,
  args: WorkerPoolArgs & { pool: string; slots: number },
  secret: pulumi.Input<string>,
) {
  const { image, pool, slots, drainSeconds = 60 } = args;
  return podOf({
    part: { ...part, image },
    given: args,
    container: 'worker',
    image,
    args: poolWorkerArgs(pool, slots),
    env: envOf(
      {
        ...RUNTIME_ENV,
        PODLINE_POOL_DATABASE_URL: { secret, key: DATABASE_KEYS.pool },
        PODLINE_WORKER_DATABASE_URL: { secret, key: DATABASE_KEYS.worker },
        PODLINE_DRAIN_SECONDS: String(drainSeconds),
        PODLINE_HEALTH_PORT: String(HEALTH_PORT),
        PODLINE_LOG_LEVEL: args.logLevel,
        ...connectionsOf(args.connections),
      },
      args.env,
    ),
    resources: { requests: { cpu: '250m', memory: '512Mi' }, limits: { memory: '2Gi' } },
    more: { ports: [httpPort()], ...httpProbes() },
    serviceAccountName: args.serviceAccountName,
    pod: {
      topologySpreadConstraints: spreadOf(part),
      terminationGracePeriodSeconds: poolGraceSeconds(drainSeconds),
      // Orphans of tasks are reaped by the sandbox of the pod, not by the worker.
      shareProcessNamespace: true,
    },
  });
}

function connectionsOf(ids: readonly string[] = []): Record<string, SecretRef> {
  const refs = [...ids].sort().map((id): [string, SecretRef] => {
    const ref = { secret: connectionSecretName(id), key: CONNECTION_KEY };
    return [connectionVariable(id), ref];
  });
  return Object.fromEntries(refs);
}

function connectionProblem(id: string): string | undefined {
  return /[A-Za-z0-9]/.test(id) ? undefined : 'an id has letters or digits';
}
