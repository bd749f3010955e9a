/**
 * The metadata database behind one record: a server of the user's, a cluster of CloudNativePG, or a small one for
 * evaluation in the cluster. Every other component takes `connection` and does not know which.
 */
import * as k8s from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import { poolUrl, workerUrl } from '../src/model/databaseRoles.ts';
import type { DatabaseConnection } from './args.ts';
import { createCloudNativePg } from './cloudNativePg.ts';
import { DatabaseMode, type MetadataDatabaseArgs } from './databaseArgs.ts';
import type { DatabaseServer } from './databaseServer.ts';
import { createEmbedded } from './embeddedDatabase.ts';
import { createExternal } from './externalDatabase.ts';
import { createPooler } from './pooler.ts';
import { after, childOptions } from './spec/childOptions.ts';
import { databaseProblems } from './spec/databaseProblems.ts';
import { metadataOf } from './spec/labels.ts';
import { DATABASE_KEYS, typeOf } from './spec/names.ts';
import { objectProblems } from './spec/podProblems.ts';
import { hideDatabase } from './spec/secretArgs.ts';
import { secretData } from './spec/secretData.ts';
import { dnsLabel, needed, validate } from './spec/validate.ts';

/** The metadata database, or the way to one that is there: connection strings in a Secret, and what serves them. */
export class MetadataDatabase extends pulumi.ComponentResource {
  /** How processes reach the database, for `database` of other components. A secret as a whole. */
  readonly connection: pulumi.Output<DatabaseConnection>;
  /** Name of the Secret with the owner's connection string, in the namespace given. */
  readonly secretName: pulumi.Output<string>;
  /** Host of the server as pods reach it. Empty where only an existing Secret knows it. */
  readonly host: pulumi.Output<string>;
  /** Port of the server. */
  readonly port: pulumi.Output<number>;
  /** Who runs it: `External`, `CloudNativePg` or `Embedded`. */
  readonly mode: pulumi.Output<string>;

  constructor(name: string, args: MetadataDatabaseArgs, opts?: pulumi.ComponentResourceOptions) {
    validate('MetadataDatabase', name, (add) => {
      add('namespace', needed(args.namespace) ?? dnsLabel(args.namespace));
      databaseProblems(args, add);
      objectProblems(args, add);
    });
    const safe = hideDatabase(args);
    super(typeOf('MetadataDatabase'), name, safe, opts);
    const options = childOptions(this, opts);
    const server = createServer(name, safe, options);
    const direct = server.record ?? newRecord(name, safe, server, options);
    // Its connections go before the database does: a server refuses to drop one that is in use.
    const later = after(options, server.ready);
    const record = args.pooler ? createPooler(name, safe, args.pooler, direct, later) : direct;
    this.connection = pulumi.output(record);
    this.secretName = pulumi.output(record.secretName);
    this.host = server.host;
    this.port = server.port;
    this.mode = pulumi.output<string>(args.mode);
    this.registerOutputs({
      connection: this.connection,
      secretName: this.secretName,
      host: this.host,
      port: this.port,
      mode: this.mode,
    });
  }
}

function createServer(
  name: string,
  args: MetadataDatabaseArgs,
  options: pulumi.CustomResourceOptions,
): DatabaseServer {
  switch (args.mode) {
    case DatabaseMode.External:
      return createExternal(name, args.external ?? {}, options);
    case DatabaseMode.CloudNativePg:
      return createCloudNativePg(name, args, options);
    case DatabaseMode.Embedded:
      return createEmbedded(name, args, options);
  }
}

/** The Secret of the control plane, made when the server is there, and the record that names it. */
function newRecord(
  name: string,
  args: MetadataDatabaseArgs,
  server: DatabaseServer,
  options: pulumi.CustomResourceOptions,
): DatabaseConnection {
  const url = pulumi.secret(server.url ?? '');
  const worker = url.apply(workerUrl);
  const pool = url.apply(poolUrl);
  const secret = new k8s.core.v1.Secret(
    `${name}-connection`,
    {
      metadata: metadataOf({ instance: name, component: 'database' }, args, {
        namespace: args.namespace,
      }),
      data: secretData({
        [DATABASE_KEYS.url]: url,
        [DATABASE_KEYS.worker]: worker,
        [DATABASE_KEYS.pool]: pool,
      }),
    },
    after(options, server.ready),
  );
  return { secretName: secret.metadata.name, url, workerUrl: worker, poolUrl: pool };
}
