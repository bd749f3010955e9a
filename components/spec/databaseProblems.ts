/** What is wrong with the choice of a database. Asked by MetadataDatabase, and by Orchestrator under `database`. */
import {
  type CloudNativePgArgs,
  type DatabaseArgs,
  DatabaseMode,
  type EmbeddedDatabaseArgs,
  type ExternalDatabaseArgs,
  type PoolerArgs,
  type StorageArgs,
} from '../databaseArgs.ts';
import { connectionUrlProblem } from './connectionUrl.ts';
import { podProblems } from './podProblems.ts';
import {
  type Add,
  check,
  dnsName,
  exactlyOne,
  imageName,
  known,
  needed,
  oneOf,
  plainFields,
  quantity,
  under,
  whole,
} from './validate.ts';

const PARTS = {
  [DatabaseMode.External]: 'external',
  [DatabaseMode.CloudNativePg]: 'cloudNativePg',
  [DatabaseMode.Embedded]: 'embedded',
} as const;

export function databaseProblems(args: DatabaseArgs, add: Add): void {
  plainFields(args, ['mode', 'external', 'cloudNativePg', 'embedded', 'pooler'], add);
  add('mode', needed(args.mode) ?? oneOf(args.mode, DatabaseMode));
  for (const [mode, part] of Object.entries(PARTS)) {
    if (args[part] === undefined || args.mode === mode) continue;
    add(part, `it is for mode ${mode}, and the mode is ${args.mode}`);
  }
  if (args.mode === DatabaseMode.External) {
    if (args.external) externalProblems(args.external, under(add, 'external'));
    else add('external', 'it is missing; mode External needs to know the server');
  }
  if (args.cloudNativePg) cloudNativePgProblems(args.cloudNativePg, under(add, 'cloudNativePg'));
  if (args.embedded) embeddedProblems(args.embedded, under(add, 'embedded'));
  if (args.pooler) poolerProblems(args.pooler, args, under(add, 'pooler'));
}

function externalProblems(args: ExternalDatabaseArgs, add: Add): void {
  add('', exactlyOne(args, ['connection', 'existingSecret', 'url', 'host']));
  add('url', check(args.url, connectionUrlProblem));
  add('port', whole(args.port, 1, 65_535));
  const secret = args.existingSecret;
  if (secret) add('existingSecret.name', needed(secret.name) ?? dnsName(secret.name));
  for (const field of ['workerUrl', 'poolUrl'] as const) {
    if (args[field] === undefined) continue;
    const reason = 'it is for existingSecret; otherwise it follows from the login of the owner';
    add(field, secret ? check(args[field], connectionUrlProblem) : reason);
  }
  for (const field of ['port', 'database', 'user', 'password', 'sslMode', 'provision'] as const) {
    if (args[field] === undefined || args.host !== undefined) continue;
    add(field, 'it belongs to host, which is not given');
  }
  if (args.host === undefined) return;
  if (args.provision === undefined && needed(args.password) !== undefined) {
    add('password', 'it is missing; only `provision` makes one');
  }
  add('provision.workerConnectionLimit', whole(args.provision?.workerConnectionLimit, 1, 100_000));
}

function cloudNativePgProblems(args: CloudNativePgArgs, add: Add): void {
  add('instances', whole(args.instances, 1, 100));
  add('image', imageName(args.image));
  storageProblems(known(args.storage), under(add, 'storage'));
  storageProblems(known(args.walStorage), under(add, 'walStorage'));
}

function embeddedProblems(args: EmbeddedDatabaseArgs, add: Add): void {
  add('image', imageName(args.image));
  storageProblems(known(args.storage), under(add, 'storage'));
  podProblems(args, add);
}

function storageProblems(args: StorageArgs | undefined, add: Add): void {
  add('size', quantity(args?.size));
}

function poolerProblems(args: PoolerArgs, { external }: DatabaseArgs, add: Add): void {
  add('image', needed(args.image) ?? imageName(args.image));
  add('replicas', whole(args.replicas, 1, 100));
  add('poolSize', whole(args.poolSize, 1, 10_000));
  add('maxClients', whole(args.maxClients, 1, 100_000));
  if (external?.existingSecret !== undefined && external.workerUrl === undefined) {
    add('', 'it needs the login of workers; give external.workerUrl');
  }
  podProblems(args, add);
}
