/**
 * One PostgreSQL in the cluster, for evaluation: a StatefulSet with a fixed name, so that one which is replaced
 * finds the volume of the one before. Its Secret holds the password alone; MetadataDatabase makes the rest.
 */
import * as k8s from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import type { EmbeddedDatabaseArgs, MetadataDatabaseArgs } from './databaseArgs.ts';
import { DATABASE_DEFAULTS, type DatabaseServer } from './databaseServer.ts';
import { connectionUrl } from './spec/connectionUrl.ts';
import { envOf } from './spec/env.ts';
import { metadataOf, type Part, selectorOf } from './spec/labels.ts';
import { type MountedVolume, podOf } from './spec/pod.ts';
import {
  DATA_FOLDER,
  parameterArgs,
  PASSWORD_FOLDER,
  POSTGRES_ENV,
  POSTGRES_SCRIPT,
} from './spec/postgresScript.ts';
import { secretData } from './spec/secretData.ts';
import { stablePassword } from './stablePassword.ts';

const IMAGE = 'docker.io/library/postgres:18';
/** The user postgres of the usual images. initdb wants one that the image knows. */
const USER = 999;
const DEFAULT_PARAMETERS = { max_connections: '300' };

export function createEmbedded(
  name: string,
  args: MetadataDatabaseArgs,
  options: pulumi.CustomResourceOptions,
): DatabaseServer {
  const embedded = args.embedded ?? {};
  const part: Part = { instance: name, component: 'database' };
  const { namespace } = args;
  const password = pulumi.secret(embedded.password ?? stablePassword(`${name}-password`, options));
  const secret = new k8s.core.v1.Secret(
    `${name}-password`,
    { metadata: metadataOf(part, args, { namespace }), data: secretData({ password }) },
    options,
  );
  const service = new k8s.core.v1.Service(
    name,
    {
      // A headless Service never gets what the provider waits for.
      metadata: metadataOf(part, args, { namespace, name, annotations: SKIP_AWAIT }),
      spec: {
        clusterIP: 'None',
        selector: selectorOf(part),
        ports: [{ name: 'postgresql', port: DATABASE_DEFAULTS.port, targetPort: 'postgresql' }],
      },
    },
    options,
  );
  const server = new k8s.apps.v1.StatefulSet(
    name,
    {
      metadata: metadataOf({ ...part, image: embedded.image ?? IMAGE }, args, { namespace, name }),
      spec: {
        replicas: 1,
        serviceName: name,
        selector: { matchLabels: selectorOf(part) },
        template: podTemplate(part, args, secret.metadata.name),
        ...claim(part, embedded),
      },
    },
    options,
  );
  const host = pulumi.interpolate`${service.metadata.name}.${namespace}.svc`;
  const { port, database, user } = DATABASE_DEFAULTS;
  const url = pulumi.secret(
    pulumi.output({ host, port, database, user, password }).apply(connectionUrl),
  );
  return { host, port: pulumi.output(port), url, ready: [server] };
}

const SKIP_AWAIT = { 'pulumi.com/skipAwait': 'true' };

function podTemplate(part: Part, args: MetadataDatabaseArgs, secretName: pulumi.Input<string>) {
  const embedded = args.embedded ?? {};
  const image = embedded.image ?? IMAGE;
  const parameters = pulumi
    .output(embedded.parameters)
    .apply((given) => parameterArgs({ ...DEFAULT_PARAMETERS, ...given }));
  const tcp = { tcpSocket: { port: 'postgresql' } };
  const volumes: MountedVolume[] = [
    { name: 'password', source: { secret: { secretName } }, mountPath: PASSWORD_FOLDER },
    {
      name: 'data',
      ...(embedded.persistent === false && { source: { emptyDir: {} } }),
      mountPath: DATA_FOLDER,
      writable: true,
    },
  ];
  return podOf({
    part: { ...part, image },
    given: { runAsUser: USER, ...embedded, labels: args.labels, annotations: args.annotations },
    container: 'postgresql',
    image,
    command: ['/bin/sh', '-c', POSTGRES_SCRIPT, 'postgresql'],
    args: parameters,
    env: envOf(
      {
        ...POSTGRES_ENV,
        OWNER: DATABASE_DEFAULTS.user,
        DATABASE: DATABASE_DEFAULTS.database,
      },
      embedded.env,
    ),
    resources: { requests: { cpu: '100m', memory: '256Mi' }, limits: { memory: '1Gi' } },
    volumes,
    more: {
      ports: [{ name: 'postgresql', containerPort: DATABASE_DEFAULTS.port, protocol: 'TCP' }],
      // Up to five minutes: a server that was killed first reads its log again.
      startupProbe: { ...tcp, periodSeconds: 2, failureThreshold: 150 },
      readinessProbe: { ...tcp, periodSeconds: 5 },
      // TERM waits for clients, which do not go by themselves; INT ends them and stops cleanly.
      lifecycle: { preStop: { exec: { command: ['/bin/sh', '-c', 'kill -INT 1'] } } },
    },
    pod: { terminationGracePeriodSeconds: 60 },
  });
}

/** The claim of the volume, and what happens to it when the StatefulSet goes: by default it stays. */
function claim(part: Part, { persistent, keepData, storage }: EmbeddedDatabaseArgs) {
  if (persistent === false) return {};
  return {
    persistentVolumeClaimRetentionPolicy: {
      whenDeleted: keepData === false ? 'Delete' : 'Retain',
      whenScaled: 'Retain',
    },
    volumeClaimTemplates: [
      {
        // Nothing that changes: other labels would be another StatefulSet.
        metadata: { name: 'data', labels: selectorOf(part) },
        spec: pulumi.output(storage).apply((wanted) => ({
          accessModes: ['ReadWriteOnce'],
          ...(wanted?.storageClass !== undefined && { storageClassName: wanted.storageClass }),
          resources: { requests: { storage: wanted?.size ?? '10Gi' } },
        })),
      },
    ],
  };
}
