/**
 * PgBouncer between the workers of pods and the database, in transaction mode: thousands of short connections
 * become a few. It knows the workers' login and no other, because schedulers and pools hold sessions.
 */
import * as k8s from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import type { DatabaseConnection } from './args.ts';
import type { MetadataDatabaseArgs, PoolerArgs } from './databaseArgs.ts';
import { atAddress } from './spec/connectionUrl.ts';
import { metadataOf, type Part, selectorOf } from './spec/labels.ts';
import { podOf, spreadOf } from './spec/pod.ts';
import { POOLER_FOLDER, POOLER_PORT, poolerFiles } from './spec/poolerFiles.ts';
import { secretData } from './spec/secretData.ts';

/** Makes the pooler; the record that comes back leads workers through it. */
export function createPooler(
  name: string,
  args: MetadataDatabaseArgs,
  pooler: PoolerArgs,
  record: DatabaseConnection,
  options: pulumi.CustomResourceOptions,
): DatabaseConnection {
  const { namespace } = args;
  const part: Part = { instance: name, component: 'pooler', image: pooler.image };
  const { replicas = 2 } = pooler;
  const direct = pulumi.output(record.workerUrl).apply((url) => {
    if (url !== undefined) return url;
    throw new Error(
      `The pooler of ${name} needs the workers' connection string, and the record has none.`,
    );
  });
  const files = pulumi
    .all([direct, pooler.poolSize ?? 20, pooler.maxClients ?? 5000])
    .apply(([url, poolSize, maxClients]) => poolerFiles(url, { poolSize, maxClients }));
  const secret = new k8s.core.v1.Secret(
    `${name}-pooler`,
    { metadata: metadataOf(part, args, { namespace }), data: secretData(files) },
    options,
  );
  const tcp = { tcpSocket: { port: 'postgresql' } };
  const template = podOf({
    part,
    given: { ...pooler, labels: args.labels, annotations: args.annotations },
    container: 'pgbouncer',
    image: pooler.image,
    command: ['pgbouncer', `${POOLER_FOLDER}/pgbouncer.ini`],
    resources: { requests: { cpu: '50m', memory: '32Mi' }, limits: { memory: '128Mi' } },
    volumes: [
      {
        name: 'pgbouncer',
        source: { secret: { secretName: secret.metadata.name } },
        mountPath: POOLER_FOLDER,
      },
    ],
    more: {
      ports: [{ name: 'postgresql', containerPort: POOLER_PORT, protocol: 'TCP' }],
      livenessProbe: { ...tcp, periodSeconds: 10 },
      readinessProbe: { ...tcp, periodSeconds: 5 },
    },
    pod: { topologySpreadConstraints: spreadOf(part) },
  });
  const selector = selectorOf(part);
  new k8s.apps.v1.Deployment(
    `${name}-pooler`,
    {
      metadata: metadataOf(part, args, { namespace }),
      spec: { replicas, selector: { matchLabels: selector }, template },
    },
    options,
  );
  const service = new k8s.core.v1.Service(
    `${name}-pooler`,
    {
      metadata: metadataOf(part, args, { namespace }),
      spec: {
        selector,
        ports: [{ name: 'postgresql', port: POOLER_PORT, targetPort: 'postgresql' }],
      },
    },
    options,
  );
  const host = pulumi.interpolate`${service.metadata.name}.${namespace}.svc`;
  const workerUrl = pulumi.secret(
    pulumi.all([direct, host]).apply(([url, address]) => atAddress(url, address, POOLER_PORT)),
  );
  return { ...record, workerUrl };
}
