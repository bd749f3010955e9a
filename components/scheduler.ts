/**
 * The schedulers: any number of equal processes that decide what runs and launch pods of tasks in the clusters
 * given. They have no rights anywhere; each TaskNamespace gives them a Role of its own.
 */
import * as k8s from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import { LEAN_MEMORY } from '../src/model/environment.ts';
import type { ClusterArgs, ControlPlaneArgs, ServiceAccountArgs } from './args.ts';
import { createServiceAccount, serviceAccountProblems } from './serviceAccount.ts';
import { clusterProblems, clustersFile, isHome } from './spec/clustersFile.ts';
import { childOptions } from './spec/childOptions.ts';
import { databaseRef, envOf } from './spec/env.ts';
import { metadataOf, type Part, selectorOf } from './spec/labels.ts';
import {
  CLUSTERS_FILE,
  CLUSTERS_FOLDER,
  HEALTH_PORT,
  HEALTH_PORT_NAME,
  KUBECONFIG_FOLDER,
  RUNTIME_ENV,
  typeOf,
} from './spec/names.ts';
import { type MountedVolume, podOf, spreadOf } from './spec/pod.ts';
import { controlPlaneProblems } from './spec/podProblems.ts';
import { httpPort, httpProbes } from './spec/probes.ts';
import { hideClusters, hideConnection } from './spec/secretArgs.ts';
import { secretData } from './spec/secretData.ts';
import { executorProblem } from './spec/executor.ts';
import { check, plainFields, under, validate, whole } from './spec/validate.ts';
import { type TracingArgs, tracingEnv, tracingProblems } from './tracing.ts';

/** Arguments of Scheduler. */
export interface SchedulerArgs extends ControlPlaneArgs {
  /** Clusters and namespaces that pods of tasks may be in. */
  clusters: ClusterArgs[];
  /** Cluster of tasks that name none. Default: the first one. */
  defaultCluster?: string;
  /** Executor of tasks that name none: `kubernetes`, or `pool:NAME` for warm workers. Default `kubernetes`. */
  defaultExecutor?: pulumi.Input<string>;
  /** Where traces are sent. Default: nowhere. */
  tracing?: TracingArgs;
  /** Number of schedulers, all of them active. Default 2. */
  replicas?: number;
  /** The service account that launches pods in the cluster around. Default: one of its own. */
  serviceAccount?: ServiceAccountArgs;
}

/** Schedulers, with the rights that namespaces of tasks give to their service account. */
export class Scheduler extends pulumi.ComponentResource {
  /** Service account of the schedulers, for TaskNamespace. */
  readonly serviceAccountName: pulumi.Output<string>;
  /** Namespace of the service account. */
  readonly namespace: pulumi.Output<string>;
  /** Name of the Deployment. */
  readonly deploymentName: pulumi.Output<string>;
  /** Service of the metrics, port 8080, path `/metrics`. */
  readonly serviceName: pulumi.Output<string>;

  constructor(name: string, args: SchedulerArgs, opts?: pulumi.ComponentResourceOptions) {
    validate('Scheduler', name, (add) => {
      controlPlaneProblems(args, add);
      plainFields(args, ['clusters', 'replicas', 'serviceAccount', 'tracing'], add);
      clusterProblems(args, add);
      add('defaultExecutor', check(args.defaultExecutor, executorProblem));
      add('replicas', whole(args.replicas, 1, 100));
      serviceAccountProblems(args.serviceAccount, under(add, 'serviceAccount'));
      tracingProblems(args.tracing, under(add, 'tracing'));
    });
    const safe = {
      ...args,
      database: hideConnection(args.database),
      clusters: hideClusters(args.clusters),
    };
    super(typeOf('Scheduler'), name, safe, opts);
    const part: Part = { instance: name, component: 'scheduler' };
    const selector = selectorOf(part);
    const metadata = metadataOf(part, args, { namespace: args.namespace });
    const { replicas = 2, readyTimeout = 600 } = args;
    const options = childOptions(this, opts);
    this.serviceAccountName = createServiceAccount(name, part, args, options);
    const deployment = new k8s.apps.v1.Deployment(
      name,
      {
        metadata: metadataOf({ ...part, image: args.image }, args, { namespace: args.namespace }),
        spec: {
          replicas,
          progressDeadlineSeconds: readyTimeout,
          selector: { matchLabels: selector },
          template: podTemplate(name, part, safe, this.serviceAccountName, options),
        },
      },
      { ...options, customTimeouts: { create: `${readyTimeout}s`, update: `${readyTimeout}s` } },
    );
    if (replicas > 1) {
      // With one replica it would keep nodes from being drained.
      new k8s.policy.v1.PodDisruptionBudget(
        name,
        { metadata, spec: { maxUnavailable: 1, selector: { matchLabels: selector } } },
        options,
      );
    }
    const service = new k8s.core.v1.Service(
      `${name}-metrics`,
      {
        // Of no use to wait: no traffic depends on it.
        metadata: metadataOf(part, args, {
          namespace: args.namespace,
          annotations: { 'pulumi.com/skipAwait': 'true' },
        }),
        spec: {
          selector,
          ports: [{ name: HEALTH_PORT_NAME, port: HEALTH_PORT, targetPort: HEALTH_PORT_NAME }],
        },
      },
      options,
    );
    this.namespace = pulumi.output(args.namespace);
    this.deploymentName = deployment.metadata.name;
    this.serviceName = service.metadata.name;
    this.registerOutputs({
      serviceAccountName: this.serviceAccountName,
      namespace: this.namespace,
      deploymentName: this.deploymentName,
      serviceName: this.serviceName,
    });
  }
}

function podTemplate(
  name: string,
  part: Part,
  args: SchedulerArgs,
  serviceAccountName: pulumi.Output<string>,
  options: pulumi.CustomResourceOptions,
) {
  const { namespace, image, clusters } = args;
  const file = new k8s.core.v1.ConfigMap(
    `${name}-clusters`,
    {
      metadata: metadataOf(part, args, { namespace }),
      data: { [CLUSTERS_FILE]: clustersFile(args) },
    },
    options,
  );
  return podOf({
    part: { ...part, image },
    given: args,
    container: 'scheduler',
    image,
    args: ['scheduler', '--no-local'],
    env: envOf(
      {
        ...RUNTIME_ENV,
        ...LEAN_MEMORY,
        PODLINE_CLUSTERS: `${CLUSTERS_FOLDER}/${CLUSTERS_FILE}`,
        PODLINE_DATABASE_URL: databaseRef(args.database),
        PODLINE_DEFAULT_EXECUTOR: args.defaultExecutor ?? 'kubernetes',
        PODLINE_HEALTH_PORT: String(HEALTH_PORT),
        PODLINE_LOG_LEVEL: args.logLevel,
        ...tracingEnv(args.tracing),
      },
      args.env,
    ),
    resources: { requests: { cpu: '100m', memory: '256Mi' }, limits: { memory: '512Mi' } },
    volumes: [
      {
        name: 'clusters',
        source: { configMap: { name: file.metadata.name } },
        mountPath: CLUSTERS_FOLDER,
      },
      ...kubeconfigs(name, part, args, options),
    ],
    more: { ports: [httpPort()], ...httpProbes() },
    serviceAccountName,
    token: clusters.some(isHome),
    pod: { topologySpreadConstraints: spreadOf(part), terminationGracePeriodSeconds: 60 },
  });
}

/** One volume with the kubeconfig of each other cluster, as a file of its name. */
function kubeconfigs(
  name: string,
  part: Part,
  args: SchedulerArgs,
  options: pulumi.CustomResourceOptions,
): MountedVolume[] {
  const sources = args.clusters
    .filter((cluster) => !isHome(cluster))
    .map(({ name: cluster, kubeconfig, kubeconfigSecret }) => {
      const own =
        kubeconfig === undefined
          ? undefined
          : new k8s.core.v1.Secret(
              `${name}-kubeconfig-${cluster}`,
              {
                metadata: metadataOf(part, args, { namespace: args.namespace }),
                data: secretData({ kubeconfig }),
              },
              options,
            );
      const secret = own?.metadata.name ?? kubeconfigSecret;
      return { secret: { name: secret, items: [{ key: 'kubeconfig', path: cluster }] } };
    });
  if (sources.length === 0) return [];
  return [
    { name: 'kubeconfigs', source: { projected: { sources } }, mountPath: KUBECONFIG_FOLDER },
  ];
}
