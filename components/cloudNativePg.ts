/**
 * A Cluster of the operator CloudNativePG. The operator makes the owner without the right to make roles, so the
 * roles of workers and pools are declared to it, too; the migration finds them and grants.
 */
import * as k8s from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import { databaseRole } from '../src/model/databaseRoles.ts';
import type { MetadataDatabaseArgs } from './databaseArgs.ts';
import { DATABASE_DEFAULTS, type DatabaseServer } from './databaseServer.ts';
import { connectionUrl, roleNameOf } from './spec/connectionUrl.ts';
import { metadataOf, type Part } from './spec/labels.ts';
import { secretData } from './spec/secretData.ts';
import { stablePassword } from './stablePassword.ts';

export function createCloudNativePg(
  name: string,
  args: MetadataDatabaseArgs,
  options: pulumi.CustomResourceOptions,
): DatabaseServer {
  const given = args.cloudNativePg ?? {};
  const part: Part = { instance: name, component: 'database' };
  const { port, database, user } = DATABASE_DEFAULTS;
  const host = pulumi.interpolate`${name}-rw.${args.namespace}.svc`;
  const password = pulumi.secret(given.password ?? stablePassword(`${name}-password`, options));
  const url = pulumi.secret(
    pulumi.output({ host, port, database, user, password }).apply(connectionUrl),
  );
  const login = (kind: string, username: string, secret: pulumi.Input<string>) =>
    new k8s.core.v1.Secret(
      `${name}-${kind}`,
      {
        metadata: metadataOf(part, args, { namespace: args.namespace }),
        type: 'kubernetes.io/basic-auth',
        data: secretData({ username, password: secret }),
      },
      options,
    );
  const owner = login('owner', user, password);
  const roles = (['worker', 'pool'] as const).map((kind) => {
    const role = roleNameOf(kind, database);
    const secret = login(
      kind,
      role,
      url.apply((text) => databaseRole(kind, text).password),
    );
    return { name: role, login: true, inherit: false, passwordSecret: secretRef(secret) };
  });
  const cluster = new k8s.apiextensions.CustomResource(
    name,
    {
      apiVersion: 'postgresql.cnpg.io/v1',
      kind: 'Cluster',
      // A fixed name: Services are named after it, and a Cluster of another name would be empty.
      metadata: metadataOf(part, args, {
        namespace: args.namespace,
        name,
        annotations: { 'pulumi.com/waitFor': 'condition=Ready' },
      }),
      spec: pulumi.output(given.spec).apply((more) => ({
        instances: given.instances ?? 3,
        ...(given.image !== undefined && { imageName: given.image }),
        storage: storageOf(given.storage),
        ...(given.walStorage !== undefined && { walStorage: storageOf(given.walStorage) }),
        ...(given.parameters !== undefined && { postgresql: { parameters: given.parameters } }),
        ...more,
        bootstrap: { initdb: { database, owner: user, secret: secretRef(owner) } },
        managed: { roles },
      })),
    },
    { ...options, retainOnDelete: given.keepData === true },
  );
  return { host, port: pulumi.output(port), url, ready: [cluster] };
}

function secretRef(secret: k8s.core.v1.Secret) {
  return { name: secret.metadata.name };
}

function storageOf(storage: NonNullable<MetadataDatabaseArgs['cloudNativePg']>['storage']) {
  return pulumi.output(storage ?? {}).apply(({ size = '10Gi', storageClass }) => ({
    size,
    ...(storageClass !== undefined && { storageClass }),
  }));
}
