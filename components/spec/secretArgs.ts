/**
 * Marks what is secret in the arguments of a component, before they go to the state of the stack: callers in YAML
 * pass plain text, and all inputs of a component are stored.
 */
import * as pulumi from '@pulumi/pulumi';
import type { ClusterArgs, DatabaseConnection } from '../args.ts';
import type { DatabaseArgs } from '../databaseArgs.ts';
import { known } from './validate.ts';

/** A value that is there, as a secret. */
export function hide<T = string>(
  value: pulumi.Input<T | undefined> | undefined,
): pulumi.Output<T> | undefined {
  return value === undefined ? undefined : (pulumi.secret(value) as unknown as pulumi.Output<T>);
}

/** Connection strings as secrets. A record that comes as an output is one as a whole. */
export function hideConnection(
  database: pulumi.Input<DatabaseConnection>,
): pulumi.Input<DatabaseConnection> {
  const now = known(database);
  if (now === undefined) return pulumi.secret(database);
  return {
    ...now,
    url: hide(now.url),
    workerUrl: hide(now.workerUrl),
    poolUrl: hide(now.poolUrl),
  };
}

export function hideClusters(clusters: readonly ClusterArgs[]): ClusterArgs[] {
  return clusters.map((cluster) => ({
    ...cluster,
    ...(cluster.kubeconfig !== undefined && { kubeconfig: hide(cluster.kubeconfig) }),
  }));
}

/** Passwords and connection strings of the choice of a database. */
export function hideDatabase<T extends DatabaseArgs>(args: T): T {
  const { external, cloudNativePg, embedded } = args;
  return {
    ...args,
    ...(external && {
      external: {
        ...external,
        ...(external.connection !== undefined && {
          connection: hideConnection(external.connection),
        }),
        url: hide(external.url),
        password: hide(external.password),
        workerUrl: hide(external.workerUrl),
        poolUrl: hide(external.poolUrl),
      },
    }),
    ...(cloudNativePg && {
      cloudNativePg: { ...cloudNativePg, password: hide(cloudNativePg.password) },
    }),
    ...(embedded && { embedded: { ...embedded, password: hide(embedded.password) } }),
  };
}
