/** The way to the webserver from outside of the cluster: none, an Ingress, or a route of a Gateway. */
import * as k8s from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import type { ObjectArgs } from './args.ts';
import { metadataOf, type Part } from './spec/labels.ts';
import { type Add, check, dnsName, needed, oneOf } from './spec/validate.ts';
import { dnsNameProblem } from '../src/pods/names.ts';

/** How a Service is reached. */
export const Exposure = {
  /** Inside the cluster alone. */
  ClusterIP: 'ClusterIP',
  /** By an Ingress. */
  Ingress: 'Ingress',
  /** By a route of a Gateway (gateway.networking.k8s.io). */
  HTTPRoute: 'HTTPRoute',
} as const;
export type Exposure = (typeof Exposure)[keyof typeof Exposure];

/** How the webserver is reached from outside. */
export interface ExposureArgs {
  /** What leads to it. */
  type: Exposure;
  /** Host that people use, such as `podline.example.com`. */
  host?: pulumi.Input<string>;
  /** For an Ingress: its class. Default: that of the cluster. */
  ingressClass?: pulumi.Input<string>;
  /** For an Ingress: Secret of type kubernetes.io/tls for the host. Default: no TLS here. */
  tlsSecret?: pulumi.Input<string>;
  /** For a route: the Gateways that take it in. */
  gateways?: GatewayRefArgs[];
  /** False: people reach the host without TLS. Default: true for a route, and for an Ingress with `tlsSecret`. */
  tls?: boolean;
  /** Annotations of the Ingress or route, as controllers and certificate managers want them. */
  annotations?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** True: an update waits until a controller has taken the Ingress in. Default false. */
  awaitIngress?: boolean;
}

/** A Gateway. */
export interface GatewayRefArgs {
  /** Name of the Gateway. */
  name: pulumi.Input<string>;
  /** Its namespace. Default: that of the control plane. */
  namespace?: pulumi.Input<string>;
  /** Its listener. Default: all that fit. */
  sectionName?: pulumi.Input<string>;
}

/** Makes the way; the URL at its end. */
export function expose(
  name: string,
  part: Part,
  args: ObjectArgs & { namespace: pulumi.Input<string>; exposure?: ExposureArgs },
  serviceName: pulumi.Output<string>,
  options: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const { exposure, namespace } = args;
  switch (exposure?.type) {
    case undefined:
    case Exposure.ClusterIP:
      return pulumi.interpolate`http://${serviceName}.${namespace}.svc`;
    case Exposure.Ingress:
      createIngress(name, part, { ...args, exposure }, serviceName, options);
      return urlOf(exposure, exposure.tlsSecret !== undefined);
    case Exposure.HTTPRoute:
      createRoute(name, part, { ...args, exposure }, serviceName, options);
      return urlOf(exposure, true);
  }
}

export function exposureProblems(args: ExposureArgs | undefined, add: Add): void {
  if (args === undefined) return;
  const { type, host } = args;
  add('type', needed(type) ?? oneOf(type, Exposure));
  if (type !== Exposure.ClusterIP) {
    add('host', needed(host) ?? check(host, dnsNameProblem));
  }
  const belongs = { ingressClass: 'Ingress', tlsSecret: 'Ingress', gateways: 'HTTPRoute' } as const;
  for (const [field, owner] of Object.entries(belongs)) {
    if (args[field as keyof typeof belongs] === undefined || type === owner) continue;
    add(field, `it is for type ${owner}, and the type is ${type}`);
  }
  add('tlsSecret', dnsName(args.tlsSecret));
  if (type === Exposure.HTTPRoute && !args.gateways?.length) {
    add('gateways', 'it is missing; name a Gateway');
  }
  args.gateways?.forEach((gateway, index) =>
    add(`gateways[${index}].name`, needed(gateway.name) ?? dnsName(gateway.name)),
  );
}

function urlOf({ host, tls }: ExposureArgs, secure: boolean): pulumi.Output<string> {
  return pulumi.interpolate`${(tls ?? secure) ? 'https' : 'http'}://${host}`;
}

type Exposed = ObjectArgs & { namespace: pulumi.Input<string>; exposure: ExposureArgs };

function createIngress(
  name: string,
  part: Part,
  args: Exposed,
  serviceName: pulumi.Output<string>,
  options: pulumi.CustomResourceOptions,
): void {
  const { host = '', ingressClass, tlsSecret, annotations, awaitIngress } = args.exposure;
  // Without a controller that writes the status, the wait never ends.
  const wait = { 'pulumi.com/skipAwait': awaitIngress === true ? 'false' : 'true' };
  const backend = { service: { name: serviceName, port: { name: 'http' } } };
  new k8s.networking.v1.Ingress(
    name,
    {
      metadata: metadataOf(part, args, {
        namespace: args.namespace,
        annotations: pulumi.output(annotations).apply((given) => ({ ...wait, ...given })),
      }),
      spec: {
        ...(ingressClass !== undefined && { ingressClassName: ingressClass }),
        ...(tlsSecret !== undefined && { tls: [{ hosts: [host], secretName: tlsSecret }] }),
        rules: [{ host, http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } }],
      },
    },
    options,
  );
}

function createRoute(
  name: string,
  part: Part,
  args: Exposed,
  serviceName: pulumi.Output<string>,
  options: pulumi.CustomResourceOptions,
): void {
  const { host, gateways = [], annotations } = args.exposure;
  new k8s.apiextensions.CustomResource(
    name,
    {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'HTTPRoute',
      metadata: metadataOf(part, args, { namespace: args.namespace, annotations }),
      spec: {
        parentRefs: gateways,
        hostnames: [host],
        rules: [{ backendRefs: [{ name: serviceName, port: 80 }] }],
      },
    },
    options,
  );
}
