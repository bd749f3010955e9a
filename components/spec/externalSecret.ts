/**
 * What an ExternalSecret (external-secrets.io/v1) is told, so that the operator writes the Secret of a connection:
 * from one value of a vault that is the whole connection, or from several that are its fields. Pure.
 */
import * as pulumi from '@pulumi/pulumi';
import { CONNECTION_KEY } from '../../src/connections/names.ts';
import { isSecretName } from '../../src/model/secretNames.ts';
import type { ConnectionFieldArgs } from '../connection.ts';
import { type Add, check, dnsName, known, needed, oneOf } from './validate.ts';

/** Where External Secrets looks. */
export const SecretStoreKind = {
  /** A store for all namespaces. */
  ClusterSecretStore: 'ClusterSecretStore',
  /** A store in the namespace of tasks. */
  SecretStore: 'SecretStore',
} as const;
export type SecretStoreKind = (typeof SecretStoreKind)[keyof typeof SecretStoreKind];

/** A value of a vault, fetched by External Secrets. It is never in the program nor in the state of the stack. */
export interface ExternalSecretArgs {
  /** Name of the store. */
  store: pulumi.Input<string>;
  /** Kind of the store. Default `ClusterSecretStore`. */
  storeKind?: pulumi.Input<SecretStoreKind>;
  /** Key in the vault. */
  key: pulumi.Input<string>;
  /** Property of the value that is the whole connection, as a URI or as JSON. Default: the value itself. */
  property?: pulumi.Input<string>;
  /** Properties of the value that are fields of the connection: `{ login: 'username', 'extra.private_key': 'key' }`. */
  fields?: Record<string, string>;
  /** How often the vault is asked. Default `1h`. */
  refreshInterval?: pulumi.Input<string>;
}

const FIELDS = ['type', 'host', 'port', 'login', 'password', 'schema'] as const;
/** One more property of `extra`. */
const EXTRA = /^extra\.([A-Za-z_][\w-]*)$/;

export function externalSecretSpec(
  secretName: string,
  { store, storeKind, key, property, fields, refreshInterval }: ExternalSecretArgs,
  parts: ConnectionFieldArgs,
) {
  const from = {
    refreshInterval: refreshInterval ?? '1h',
    secretStoreRef: { name: store, kind: storeKind ?? SecretStoreKind.ClusterSecretStore },
  };
  if (fields === undefined) {
    const remoteRef = { key, ...(property !== undefined && { property }) };
    return {
      ...from,
      target: { name: secretName },
      data: [{ secretKey: CONNECTION_KEY, remoteRef }],
    };
  }
  const names = Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    ...from,
    target: {
      name: secretName,
      template: { engineVersion: 'v2', data: { [CONNECTION_KEY]: jsonTemplate(parts, fields) } },
    },
    data: names.map(([field, name]) => ({ secretKey: field, remoteRef: { key, property: name } })),
  };
}

/** The connection as JSON, with places for what the vault has. */
function jsonTemplate(
  parts: ConnectionFieldArgs,
  fields: Record<string, string>,
): pulumi.Output<string> {
  const { type, host, port, login, schema, extra } = parts;
  // Nothing secret may be in it (externalSecretProblems), and what is hidden shows no changes.
  return pulumi
    .unsecret(pulumi.output({ type, host, port, login, schema, extra }))
    .apply((said) => {
      const members = FIELDS.flatMap((field) => {
        const value: unknown = field === 'password' ? undefined : said[field];
        if (Object.hasOwn(fields, field)) return [member(field, place(field))];
        return value === undefined ? [] : [member(field, literal(value))];
      });
      const extras = [
        ...Object.entries(said.extra ?? {}).map(([name, value]) => member(name, literal(value))),
        ...Object.keys(fields).flatMap((field) => {
          const name = EXTRA.exec(field)?.[1];
          return name === undefined ? [] : [member(name, place(field))];
        }),
      ].sort();
      if (extras.length > 0) members.push(member('extra', `{${extras.join(', ')}}`));
      return `{${members.join(', ')}}`;
    });
}

function member(name: string, value: string): string {
  return `${JSON.stringify(name)}: ${value}`;
}

function place(field: string): string {
  return `{{ index . ${JSON.stringify(field)} | toJson }}`;
}

/** Braces of a value are no template. */
function literal(value: unknown): string {
  return JSON.stringify(value).replaceAll('{{', '{{ "{{" }}');
}

/** `parts`: the fields that are said beside it. */
export function externalSecretProblems(
  args: ExternalSecretArgs,
  parts: ConnectionFieldArgs,
  add: Add,
): void {
  const { fields } = args;
  add('store', needed(args.store) ?? dnsName(args.store));
  add('storeKind', oneOf(args.storeKind, SecretStoreKind));
  add('key', needed(args.key));
  const isInterval = (text: string) =>
    /^(0|(\d+(\.\d+)?(h|m|s))+)$/.test(text) ? undefined : `"${text}" is no time; give one like 1h`;
  add('refreshInterval', check(args.refreshInterval, isInterval));
  if (fields !== undefined && args.property !== undefined) {
    add('property', 'fields say where each part is; leave it out');
  }
  const said = Object.entries(parts).flatMap(([name, value]) =>
    value === undefined ? [] : [name],
  );
  if (fields === undefined) {
    if (said.length > 0) {
      add(
        'fields',
        `the vault has the whole connection; leave out ${said.join(', ')}, or give fields`,
      );
    }
    return;
  }
  for (const field of Object.keys(fields)) {
    const isField = (FIELDS as readonly string[]).includes(field) || EXTRA.test(field);
    if (!isField) add(`fields.${field}`, `take one of ${FIELDS.join(', ')}, extra.NAME`);
    if (said.includes(field)) add(`fields.${field}`, `"${field}" is said beside it, too`);
  }
  if (parts.type === undefined && fields.type === undefined) {
    add('fields', 'nothing says the type of the connection; give type');
  }
  if (parts.password !== undefined) {
    add(
      'fields',
      'a password would stand in the ExternalSecret, which is no secret; take it from the vault',
    );
  }
  for (const name of Object.keys(known(parts.extra) ?? {})) {
    if (!isSecretName(name)) continue;
    add('fields', `extra.${name} would stand in the ExternalSecret; take it from the vault`);
  }
}
