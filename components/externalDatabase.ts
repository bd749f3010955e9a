/**
 * A server of the user's: from a record, a Secret, a connection string or its parts. With `provision` the provider
 * of @pulumi/postgresql makes owner, roles and database there; what they may do inside is up to the migration.
 */
import * as postgresql from '@pulumi/postgresql';
import * as pulumi from '@pulumi/pulumi';
import { databaseRole, type DatabaseRoleKind } from '../src/model/databaseRoles.ts';
import type { DatabaseConnection } from './args.ts';
import type { ExternalDatabaseArgs, ProvisionArgs } from './databaseArgs.ts';
import { DATABASE_DEFAULTS, type DatabaseServer } from './databaseServer.ts';
import { after } from './spec/childOptions.ts';
import { connectionUrl, partsOf, roleNameOf } from './spec/connectionUrl.ts';
import { stablePassword } from './stablePassword.ts';

export function createExternal(
  name: string,
  args: ExternalDatabaseArgs,
  base: pulumi.CustomResourceOptions,
): DatabaseServer {
  if (args.connection !== undefined) return fromRecord(pulumi.output(args.connection));
  if (args.existingSecret !== undefined) {
    const { existingSecret, workerUrl, poolUrl } = args;
    return {
      ...addressOf(pulumi.output(workerUrl)),
      record: {
        secretName: existingSecret.name,
        secretKey: existingSecret.key,
        ...(workerUrl !== undefined && { workerUrl: pulumi.secret(workerUrl) }),
        ...(poolUrl !== undefined && { poolUrl: pulumi.secret(poolUrl) }),
      },
      ready: [],
    };
  }
  if (args.url !== undefined) {
    const url = pulumi.secret(args.url);
    return { ...addressOf(url), url, ready: [] };
  }
  const { host = '', port = DATABASE_DEFAULTS.port, sslMode, provision } = args;
  const database = args.database ?? DATABASE_DEFAULTS.database;
  const user = args.user ?? DATABASE_DEFAULTS.user;
  const password = pulumi.secret(args.password ?? stablePassword(`${name}-password`, base));
  const url = pulumi.secret(
    pulumi.output({ host, port, database, user, password, sslMode }).apply(connectionUrl),
  );
  const login = { database, user, password, url };
  const ready = provision ? provisionOn(name, provision, login, base) : [];
  return { host: pulumi.output(host), port: pulumi.output(port), url, ready };
}

/** A record of another component. Names are no secrets, though its connection strings make it one as a whole. */
function fromRecord(given: pulumi.Output<pulumi.Unwrap<DatabaseConnection>>): DatabaseServer {
  const { secretName, secretKey, url, workerUrl, poolUrl } = given;
  return {
    ...addressOf(pulumi.all([url, workerUrl]).apply(([owner, worker]) => owner ?? worker)),
    record: {
      secretName: pulumi.unsecret(secretName),
      secretKey: pulumi.unsecret(pulumi.output(secretKey)),
      url,
      workerUrl,
      poolUrl,
    },
    ready: [],
  };
}

function addressOf(url: pulumi.Output<string | undefined>) {
  const parts = pulumi.unsecret(url).apply((text) => (text ? partsOf(text) : undefined));
  return {
    host: parts.apply((known) => known?.host ?? ''),
    port: parts.apply((known) => known?.port ?? DATABASE_DEFAULTS.port),
  };
}

interface Login {
  database: pulumi.Input<string>;
  user: pulumi.Input<string>;
  password: pulumi.Input<string>;
  url: pulumi.Output<string>;
}

/** Owner, roles and database. One after the other: grants that run side by side fail on the same row. */
function provisionOn(
  name: string,
  args: ProvisionArgs,
  login: Login,
  base: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  const options = { ...base, retainOnDelete: args.keepData === true };
  const owner = new postgresql.Role(
    `${name}-owner`,
    { name: login.user, password: login.password, login: true },
    { ...options, additionalSecretOutputs: ['password'] },
  );
  const database = new postgresql.Database(
    `${name}-database`,
    { name: login.database, owner: owner.name },
    options,
  );
  const made: pulumi.Resource[] = [owner, database];
  for (const kind of ['worker', 'pool'] as const) {
    const role = roleFor(kind, name, args, login, options);
    made.push(role);
    made.push(
      new postgresql.Grant(
        `${name}-${kind}-connect`,
        {
          database: database.name,
          role: role.name,
          objectType: 'database',
          privileges: ['CONNECT'],
        },
        after(options, made),
      ),
    );
  }
  return made;
}

function roleFor(
  kind: DatabaseRoleKind,
  name: string,
  args: ProvisionArgs,
  login: Login,
  options: pulumi.CustomResourceOptions,
): postgresql.Role {
  return new postgresql.Role(
    `${name}-${kind}`,
    {
      name: pulumi.output(login.database).apply((database) => roleNameOf(kind, database)),
      password: login.url.apply((url) => databaseRole(kind, url).password),
      login: true,
      inherit: false,
      ...(kind === 'worker' &&
        args.workerConnectionLimit !== undefined && {
          connectionLimit: args.workerConnectionLimit,
        }),
    },
    { ...options, additionalSecretOutputs: ['password'] },
  );
}
