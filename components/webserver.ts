/**
 * The webserver: HTTP for people and programs, over the metadata database alone; it has no rights in any cluster.
 * By default it is reached inside the cluster; an Ingress or a route of a Gateway takes it outside.
 */
import * as k8s from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import type { ControlPlaneArgs, ServiceAccountArgs } from './args.ts';
import { createServiceAccount, serviceAccountProblems } from './serviceAccount.ts';
import { after, childOptions } from './spec/childOptions.ts';
import { databaseRef, envOf } from './spec/env.ts';
import { metadataOf, type Part, selectorOf } from './spec/labels.ts';
import { HEALTH_PORT, HEALTH_PORT_NAME, RUNTIME_ENV, typeOf } from './spec/names.ts';
import { podOf, spreadOf } from './spec/pod.ts';
import { controlPlaneProblems } from './spec/podProblems.ts';
import { httpPort, httpProbes } from './spec/probes.ts';
import { hideConnection } from './spec/secretArgs.ts';
import { plainFields, under, validate, whole } from './spec/validate.ts';
import { traceUrlProblem } from './tracing.ts';
import { type AuthArgs, authEnv, authProblems, authVolumes } from './webserverAuth.ts';
import { expose, type ExposureArgs, exposureProblems } from './exposure.ts';

/** Arguments of Webserver. */
export interface WebserverArgs extends ControlPlaneArgs {
  /** Number of webservers. Default 1. */
  replicas?: number;
  /** How it is reached from outside of the cluster. Default: not at all. */
  exposure?: ExposureArgs;
  /** How people sign in. Default: with passwords. */
  auth?: AuthArgs;
  /** Where people look at traces, with `{traceId}` in it: `https://jaeger.example.com/trace/{traceId}`. Runs have a link then. Default: none. */
  traceUrl?: pulumi.Input<string>;
  /** The service account of the pods; it needs no rights. Default: one of its own. */
  serviceAccount?: ServiceAccountArgs;
}

/** The webserver and its Service. */
export class Webserver extends pulumi.ComponentResource {
  /** Where it is reached: inside the cluster, or at the host of its exposure. */
  readonly url: pulumi.Output<string>;
  /** Name of its Service, port 80. */
  readonly serviceName: pulumi.Output<string>;
  /** Name of the Deployment. */
  readonly deploymentName: pulumi.Output<string>;

  constructor(name: string, args: WebserverArgs, opts?: pulumi.ComponentResourceOptions) {
    validate('Webserver', name, (add) => {
      controlPlaneProblems(args, add);
      plainFields(args, ['auth', 'exposure', 'replicas', 'serviceAccount'], add);
      add('replicas', whole(args.replicas, 1, 100));
      serviceAccountProblems(args.serviceAccount, under(add, 'serviceAccount'));
      exposureProblems(args.exposure, under(add, 'exposure'));
      authProblems(args.auth, under(add, 'auth'));
      add('traceUrl', traceUrlProblem(args.traceUrl));
    });
    const safe = { ...args, database: hideConnection(args.database) };
    super(typeOf('Webserver'), name, safe, opts);
    const { namespace, image, replicas = 1, readyTimeout = 600 } = args;
    const part: Part = { instance: name, component: 'webserver' };
    const selector = selectorOf(part);
    const options = childOptions(this, opts);
    const serviceAccountName = createServiceAccount(name, part, args, options);
    const deployment = new k8s.apps.v1.Deployment(
      name,
      {
        metadata: metadataOf({ ...part, image }, args, { namespace }),
        spec: {
          replicas,
          progressDeadlineSeconds: readyTimeout,
          selector: { matchLabels: selector },
          template: podTemplate(part, args, serviceAccountName),
        },
      },
      { ...options, customTimeouts: { create: `${readyTimeout}s`, update: `${readyTimeout}s` } },
    );
    if (replicas > 1) {
      new k8s.policy.v1.PodDisruptionBudget(
        name,
        {
          metadata: metadataOf(part, args, { namespace }),
          spec: { maxUnavailable: 1, selector: { matchLabels: selector } },
        },
        options,
      );
    }
    const service = new k8s.core.v1.Service(
      name,
      {
        metadata: metadataOf(part, args, { namespace }),
        spec: { selector, ports: [{ name: 'http', port: 80, targetPort: HEALTH_PORT_NAME }] },
      },
      // The pods first: a Service without any is waited for in vain.
      after(options, [deployment]),
    );
    this.serviceName = service.metadata.name;
    this.deploymentName = deployment.metadata.name;
    this.url = expose(name, part, args, this.serviceName, options);
    this.registerOutputs({
      url: this.url,
      serviceName: this.serviceName,
      deploymentName: this.deploymentName,
    });
  }
}

function podTemplate(part: Part, args: WebserverArgs, serviceAccountName: pulumi.Output<string>) {
  return podOf({
    part: { ...part, image: args.image },
    given: args,
    container: 'webserver',
    image: args.image,
    args: ['web'],
    env: envOf(
      {
        ...RUNTIME_ENV,
        PODLINE_DATABASE_URL: databaseRef(args.database),
        PODLINE_LOG_LEVEL: args.logLevel,
        PODLINE_PORT: String(HEALTH_PORT),
        PODLINE_TRACE_URL: args.traceUrl,
        ...authEnv(args.auth ?? {}),
      },
      args.env,
    ),
    resources: { requests: { cpu: '50m', memory: '128Mi' }, limits: { memory: '512Mi' } },
    volumes: authVolumes(args.auth ?? {}),
    more: { ports: [httpPort()], ...httpProbes() },
    serviceAccountName,
    pod: { topologySpreadConstraints: spreadOf(part) },
  });
}
