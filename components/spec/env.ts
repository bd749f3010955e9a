/** Environment variables of a container as Kubernetes has them, in an order that never changes. */
import * as pulumi from '@pulumi/pulumi';
import { DATABASE_KEYS } from './names.ts';
import type { DatabaseConnection } from '../args.ts';

type Texts = pulumi.Input<Record<string, pulumi.Input<string>>>;

/** A key of a Secret beside the pod. */
export interface SecretRef {
  secret: pulumi.Input<string>;
  key: pulumi.Input<string>;
}

export interface EnvEntry {
  name: string;
  value?: pulumi.Input<string>;
  valueFrom?: { secretKeyRef: { name: pulumi.Input<string>; key: pulumi.Input<string> } };
}

/** Variables by name; those without a value are left out. `given` comes after, and wins nothing. */
export function envOf(
  own: Record<string, pulumi.Input<string> | SecretRef | undefined>,
  given: Texts = {},
): pulumi.Output<EnvEntry[]> {
  const fixed = Object.entries(own).flatMap(([name, value]): EnvEntry[] => {
    if (value === undefined) return [];
    if (!isRef(value)) return [{ name, value }];
    return [{ name, valueFrom: { secretKeyRef: { name: value.secret, key: value.key } } }];
  });
  return pulumi.all([pulumi.output(fixed), given]).apply(([first, more]) => [
    ...(first as EnvEntry[]),
    ...Object.entries(more)
      .filter(([name]) => !Object.hasOwn(own, name))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => ({ name, value })),
  ]);
}

/** The owner's connection string, from the Secret of the database. */
export function databaseRef(database: pulumi.Input<DatabaseConnection>): SecretRef {
  const { secretName, secretKey } = databaseSecret(database);
  return { secret: secretName, key: secretKey };
}

/**
 * Name and key of the Secret of a connection. The record is a secret as a whole when it came as an output;
 * the name of a Secret is none, and a spec that hides it hides its changes, too.
 */
export function databaseSecret(database: pulumi.Input<DatabaseConnection>): {
  secretName: pulumi.Output<string>;
  secretKey: pulumi.Output<string>;
} {
  const { secretName, secretKey } = pulumi.output(database);
  const key: pulumi.Output<string | undefined> = pulumi.output(secretKey);
  return {
    secretName: pulumi.unsecret(secretName),
    secretKey: pulumi.unsecret(key).apply((text) => text ?? DATABASE_KEYS.url),
  };
}

function isRef(value: pulumi.Input<string> | SecretRef): value is SecretRef {
  return typeof value === 'object' && 'secret' in value && !pulumi.Output.isInstance(value);
}
