/**
 * The value of a connection as workers read it, and what is wrong with arguments that make none. Pure; the rules
 * are those of the runtime, which reads the same text (src/connections/connection.ts).
 */
import * as pulumi from '@pulumi/pulumi';
import { parseConnection } from '../../src/connections/connection.ts';
import { connectionSecretName, slugOf } from '../../src/connections/names.ts';
import { PodlineError } from '../../src/errors.ts';
import { dnsNameProblem } from '../../src/pods/names.ts';
import type { ConnectionArgs, ConnectionFieldArgs } from '../connection.ts';
import { externalSecretProblems } from './externalSecret.ts';
import { type Add, dnsLabel, dnsName, known, needed, under } from './validate.ts';

const PARTS = ['type', 'host', 'port', 'login', 'password', 'schema', 'extra'] as const;
const SOURCES = ['uri', 'existingSecret', 'externalSecret'] as const;

/** A URI, or the fields of one, or text that a Secret holds; as a URI. Throws for what no worker could read. */
export function connectionText(id: string, value: object | string): string {
  try {
    return parseConnection(id, withoutUndefined(value)).uri;
  } catch (error) {
    const reason = reasonOf(error);
    throw new pulumi.InputPropertyError({ propertyPath: pathOf(reason), reason });
  }
}

export function connectionProblems(id: string, args: ConnectionArgs, add: Add): void {
  add('connectionId', idProblem(id));
  const { namespaces, existingSecret, externalSecret } = args;
  add('namespaces', (namespaces as unknown[] | undefined)?.length ? undefined : 'it names none');
  const texts = (namespaces as typeof namespaces | undefined) ?? [];
  for (const [index, namespace] of texts.entries()) {
    add(`namespaces[${index}]`, needed(namespace) ?? dnsLabel(namespace) ?? twice(texts, index));
  }
  const sources = SOURCES.filter((name) => args[name] !== undefined);
  const parts = PARTS.filter((name) => args[name] !== undefined);
  if (sources.length > 1) add('', `it says ${sources.join(' and ')}; give only one of them`);
  if (sources.length === 0 && parts.length === 0) {
    add(
      '',
      `it says nothing; give uri, or type and other fields, or ${SOURCES.slice(1).join(', or ')}`,
    );
    return;
  }
  if (existingSecret !== undefined) {
    add('existingSecret.name', needed(existingSecret.name) ?? dnsName(existingSecret.name));
    add(
      'existingSecret.namespace',
      needed(existingSecret.namespace) ?? dnsLabel(existingSecret.namespace),
    );
    for (const name of parts) add(name, 'existingSecret has all of it; leave it out');
  }
  if (externalSecret !== undefined) {
    externalSecretProblems(externalSecret, partsOf(args), under(add, 'externalSecret'));
  }
  if (sources.length === 0 || args.uri !== undefined) valueProblems(id, args, add);
}

/** The parts alone. */
export function partsOf(args: ConnectionFieldArgs): ConnectionFieldArgs {
  const { type, host, port, login, password, schema, extra } = args;
  return { type, host, port, login, password, schema, extra };
}

/** Where everything is known already, what a worker would say. */
function valueProblems(id: string, args: ConnectionArgs, add: Add): void {
  const stand: [string, unknown][] = [];
  for (const [name, value] of Object.entries({ uri: args.uri, ...partsOf(args) })) {
    if (value === undefined) continue;
    const now: unknown = known(value as pulumi.Input<unknown>);
    // Any text will do for these; of others nothing can be said yet.
    if (now === undefined && !['host', 'login', 'password', 'schema'].includes(name)) return;
    stand.push([name, now ?? 'x']);
  }
  try {
    parseConnection(id, Object.fromEntries(stand));
  } catch (error) {
    const reason = reasonOf(error);
    add(pathOf(reason), reason);
  }
}

function idProblem(id: string): string | undefined {
  if (slugOf(id) === '') return `"${id}" has no letters or digits`;
  return dnsNameProblem(connectionSecretName(id)) && `"${id}" is too long for the name of a Secret`;
}

function twice(list: readonly pulumi.Input<string>[], index: number): string | undefined {
  const text = known(list[index]);
  return text !== undefined && list.indexOf(text) < index ? `"${text}" is there twice` : undefined;
}

/** Words of the runtime, which never quote a value. */
function reasonOf(error: unknown): string {
  if (!(error instanceof PodlineError)) throw error;
  return String(error.details.reason);
}

/** The field that the words are about. */
function pathOf(reason: string): string {
  return /^"(\w+)" /.exec(reason)?.[1] ?? 'uri';
}

function withoutUndefined(value: object | string): object | string {
  if (typeof value === 'string') return value;
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined));
}
