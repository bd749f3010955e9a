/**
 * A connection for tasks: a Secret in each namespace of tasks that only the pods of tasks which declare it refer to.
 * Its value comes from the program, from a Secret that is there, or from a vault by way of External Secrets.
 */
import * as k8s from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import { CONNECTION_KEY, connectionSecretName } from '../src/connections/names.ts';
import type { ObjectArgs } from './args.ts';
import { childOptions } from './spec/childOptions.ts';
import { connectionProblems, connectionText, partsOf } from './spec/connectionValue.ts';
import { externalSecretSpec, type ExternalSecretArgs } from './spec/externalSecret.ts';
import { metadataOf, type Part } from './spec/labels.ts';
import { typeOf } from './spec/names.ts';
import { objectProblems } from './spec/podProblems.ts';
import { hide } from './spec/secretArgs.ts';
import { secretData } from './spec/secretData.ts';
import { known, plainFields, validate } from './spec/validate.ts';

/** Parts of a connection, as docs/connections.md has them. */
export interface ConnectionFieldArgs {
  /** Kind of the system: `postgresql`, `http`, `sftp`, `s3`, `smtp`, ... */
  type?: pulumi.Input<string>;
  /** Host of the system. */
  host?: pulumi.Input<string>;
  /** Port, 1 to 65535. */
  port?: pulumi.Input<number>;
  /** User, or key of an access. */
  login?: pulumi.Input<string>;
  /** Password, a secret. */
  password?: pulumi.Input<string>;
  /** Database, bucket or path. */
  schema?: pulumi.Input<string>;
  /** What else the type needs, such as `sslmode`. A secret as a whole. */
  extra?: pulumi.Input<pulumi.Inputs>;
}

/** A Secret of Kubernetes that is there. */
export interface ExistingSecretArgs {
  /** Name of the Secret. */
  name: pulumi.Input<string>;
  /** Key that holds the connection, as a URI or as JSON. Default `value`. */
  key?: pulumi.Input<string>;
  /** Namespace of the Secret. */
  namespace: pulumi.Input<string>;
}

/** Arguments of Connection: `uri`, or `type` with other fields, or `existingSecret`, or `externalSecret`. */
export interface ConnectionArgs extends ObjectArgs, ConnectionFieldArgs {
  /** Id that tasks declare. Default: the name of the component. */
  connectionId?: string;
  /** Namespaces of tasks that may use it. Of names that are not known yet, only add at the end. */
  namespaces: pulumi.Input<string>[];
  /** All of it as a URI, a secret: `postgresql://loader:...@db.example.org:5432/sales`. `extra` may be beside it. */
  uri?: pulumi.Input<string>;
  /** A Secret that holds it; its value is copied into the namespaces of tasks at every update. */
  existingSecret?: ExistingSecretArgs;
  /** A vault that holds it; External Secrets must be installed. `type` and other fields may be beside it. */
  externalSecret?: ExternalSecretArgs;
}

/** A connection, by the id that tasks declare. A changed value is a new Secret; pods that run keep the old one. */
export class Connection extends pulumi.ComponentResource {
  /** Id that tasks declare. */
  readonly connectionId: pulumi.Output<string>;
  /** Name of the Secret in each namespace; its key is `value`. */
  readonly secretName: pulumi.Output<string>;

  constructor(name: string, args: ConnectionArgs, opts?: pulumi.ComponentResourceOptions) {
    const id = args.connectionId ?? name;
    validate('Connection', name, (add) => {
      plainFields(args, ['connectionId', 'namespaces', 'existingSecret', 'externalSecret'], add);
      connectionProblems(id, args, add);
      objectProblems(args, add);
    });
    const safe = {
      ...args,
      uri: hide(args.uri),
      password: hide(args.password),
      ...(args.extra !== undefined && { extra: pulumi.secret(args.extra) }),
    };
    super(typeOf('Connection'), name, safe, opts);
    const options = childOptions(this, opts);
    const secretName = connectionSecretName(id);
    const value = args.externalSecret === undefined ? valueOf(name, id, safe, options) : '';
    const part: Part = { instance: name, component: 'connection' };
    for (const [index, namespace] of args.namespaces.entries()) {
      const child = `${name}-${known(namespace) ?? index}`;
      // The pods of tasks look for this very name.
      const place = { namespace, name: secretName };
      if (args.externalSecret === undefined) {
        const data = secretData({ [CONNECTION_KEY]: value });
        new k8s.core.v1.Secret(child, { metadata: metadataOf(part, args, place), data }, options);
      } else {
        new k8s.apiextensions.CustomResource(
          child,
          {
            apiVersion: 'external-secrets.io/v1',
            kind: 'ExternalSecret',
            metadata: metadataOf(part, args, { ...place, annotations: UNTIL_THERE }),
            spec: externalSecretSpec(secretName, args.externalSecret, partsOf(args)),
          },
          options,
        );
      }
    }
    this.connectionId = pulumi.output(id);
    this.secretName = pulumi.output(secretName);
    this.registerOutputs({ connectionId: this.connectionId, secretName: this.secretName });
  }
}

/** An update ends when the vault has answered. */
const UNTIL_THERE = { 'pulumi.com/waitFor': 'condition=Ready' };

/** The value as workers read it; one that cannot be read fails here, and not in the first task. */
function valueOf(
  name: string,
  id: string,
  args: ConnectionArgs,
  options: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const { existingSecret } = args;
  if (existingSecret === undefined) {
    const { uri, type, host, port, login, password, schema, extra } = args;
    const fields = { uri, type, host, port, login, password, schema, extra };
    return pulumi.secret(pulumi.output(fields).apply((all) => connectionText(id, all)));
  }
  const source = k8s.core.v1.Secret.get(
    `${name}-source`,
    pulumi.interpolate`${existingSecret.namespace}/${existingSecret.name}`,
    options,
  );
  const content = pulumi.all([source.data, existingSecret.key ?? CONNECTION_KEY]);
  return pulumi.secret(
    content.apply(([data, key]) => {
      // Nothing is sure about what a cluster answers.
      const encoded = (data as Record<string, string> | undefined)?.[key];
      if (encoded === undefined) {
        const reason = `the Secret has no key "${key}"`;
        throw new pulumi.InputPropertyError({ propertyPath: 'existingSecret.key', reason });
      }
      const text = Buffer.from(encoded, 'base64').toString('utf8');
      connectionText(id, text.trim());
      return text;
    }),
  );
}
