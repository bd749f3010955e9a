/**
 * Backups of the metadata database: dumps by pg_dump on a volume, for any PostgreSQL; or the backups of CloudNativePG
 * where it runs the server. How to restore is in docs/monitoring.md.
 */
import * as k8s from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import { parseCron } from '../src/plan/cron.ts';
import { isTimezone } from '../src/plan/schedule.ts';
import type { DatabaseConnection, ObjectArgs, PodArgs } from './args.ts';
import type { StorageArgs } from './databaseArgs.ts';
import { BACKUP_FOLDER, BACKUP_SCRIPT } from './spec/backupScript.ts';
import { childOptions } from './spec/childOptions.ts';
import { databaseRef, envOf } from './spec/env.ts';
import { metadataOf, type Part } from './spec/labels.ts';
import { typeOf } from './spec/names.ts';
import { podOf } from './spec/pod.ts';
import { objectProblems, podProblems } from './spec/podProblems.ts';
import { hideConnection } from './spec/secretArgs.ts';
import {
  type Add,
  check,
  dnsLabel,
  dnsName,
  imageName,
  needed,
  oneOf,
  plainFields,
  quantity,
  under,
  validate,
  whole,
} from './spec/validate.ts';

/** How backups are made. */
export const BackupMode = {
  /** By pg_dump, onto a volume. For servers without backups of their own. */
  Dump: 'Dump',
  /** By CloudNativePG, as the Cluster is set up for. */
  CloudNativePg: 'CloudNativePg',
} as const;
export type BackupMode = (typeof BackupMode)[keyof typeof BackupMode];

/** How dumps are made, and where they are kept. */
export interface DumpFieldArgs extends PodArgs {
  /** Image with `pg_dump` and `pg_restore`, of the version of the server or newer. Default docker.io/library/postgres:18. */
  image?: pulumi.Input<string>;
  /** Dumps that stay; older ones are removed. Default 7. */
  keep?: number;
  /** Volume of the dumps. Default 10Gi of the default storage class. Another one is a new, empty volume. */
  storage?: pulumi.Input<StorageArgs>;
  /** Instead of a volume of its own: a PersistentVolumeClaim that is there. */
  existingClaim?: pulumi.Input<string>;
  /** False: the volume goes with the component. Default true. An Orchestrator that makes its own namespace removes it with that, unless this says true. */
  keepData?: boolean;
  /** Seconds that a dump may take. Default 3600. */
  timeout?: pulumi.Input<number>;
}

/** Dumps on a volume. */
export interface DumpArgs extends DumpFieldArgs {
  /** The database: `connection` of a MetadataDatabase, or a record written by hand. */
  database: pulumi.Input<DatabaseConnection>;
}

/** How the operator makes backups. */
export interface OperatorBackupArgs {
  /** `plugin` or `volumeSnapshot`. Default `plugin`. */
  method?: pulumi.Input<string>;
  /** Plugin that makes it. Default `barman-cloud.cloudnative-pg.io`. */
  plugin?: pulumi.Input<string>;
  /** True: the first one is made at once. Default true. */
  immediate?: pulumi.Input<boolean>;
}

/** Backups by the operator. */
export interface CloudNativePgBackupArgs extends OperatorBackupArgs {
  /** Name of the Cluster: that of the MetadataDatabase. */
  cluster: pulumi.Input<string>;
}

/** Arguments of Backup. */
export interface BackupArgs extends ObjectArgs {
  /** Namespace of the control plane, where the database, or its Secret, is. */
  namespace: pulumi.Input<string>;
  /** How backups are made. The part of the same name says more. */
  mode: BackupMode;
  /** When, as five cron fields. Default `0 2 * * *`. */
  schedule?: pulumi.Input<string>;
  /** IANA zone of the schedule, for mode `Dump`. Default UTC; the operator of CloudNativePG has its own. */
  timeZone?: pulumi.Input<string>;
  /** For mode `Dump`. */
  dump?: DumpArgs;
  /** For mode `CloudNativePg`. */
  cloudNativePg?: CloudNativePgBackupArgs;
}

const SCHEDULE = '0 2 * * *';
const IMAGE = 'docker.io/library/postgres:18';
/** The user postgres of the usual images. */
const USER = 999;

/** Backups of the metadata database. */
export class Backup extends pulumi.ComponentResource {
  /** Claim of the volume with the dumps. Empty where the operator keeps the backups. */
  readonly claimName: pulumi.Output<string>;

  constructor(name: string, args: BackupArgs, opts?: pulumi.ComponentResourceOptions) {
    validate('Backup', name, (add) => backupProblems(args, add));
    const dump = args.dump && { ...args.dump, database: hideConnection(args.dump.database) };
    super(typeOf('Backup'), name, { ...args, ...(dump && { dump }) }, opts);
    const part: Part = { instance: name, component: 'backup' };
    const options = childOptions(this, opts);
    if (args.mode === BackupMode.CloudNativePg) {
      createScheduledBackup(name, part, args, options);
      this.claimName = pulumi.output('');
    } else {
      this.claimName = createDumps(name, part, args, options);
    }
    this.registerOutputs({ claimName: this.claimName });
  }
}

function createScheduledBackup(
  name: string,
  part: Part,
  args: BackupArgs,
  options: pulumi.CustomResourceOptions,
): void {
  const { cluster = '', method = 'plugin', plugin, immediate } = args.cloudNativePg ?? {};
  new k8s.apiextensions.CustomResource(
    name,
    {
      apiVersion: 'postgresql.cnpg.io/v1',
      kind: 'ScheduledBackup',
      metadata: metadataOf(part, args, { namespace: args.namespace }),
      spec: pulumi.output(method).apply((how) => ({
        // The operator has a field for seconds before the usual five.
        schedule: pulumi.interpolate`0 ${args.schedule ?? SCHEDULE}`,
        cluster: { name: cluster },
        backupOwnerReference: 'self',
        immediate: immediate ?? true,
        method: how,
        ...(how === 'plugin' && {
          pluginConfiguration: { name: plugin ?? 'barman-cloud.cloudnative-pg.io' },
        }),
      })),
    },
    options,
  );
}

/** The volume and who writes on it; the name of its claim. */
function createDumps(
  name: string,
  part: Part,
  args: BackupArgs,
  options: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const { namespace, dump } = args;
  if (dump === undefined) return pulumi.output('');
  const claimName = pulumi.output(
    dump.existingClaim ?? createClaim(name, part, { ...args, dump }, options),
  );
  const image = dump.image ?? IMAGE;
  const template = podOf({
    part: { ...part, image },
    given: { runAsUser: USER, ...dump, labels: args.labels, annotations: args.annotations },
    container: 'backup',
    image,
    command: ['/bin/sh', '-c', BACKUP_SCRIPT, 'backup'],
    env: envOf(
      { DATABASE_URL: databaseRef(dump.database), KEEP: String(dump.keep ?? 7), HOME: '/tmp' },
      dump.env,
    ),
    resources: { requests: { cpu: '50m', memory: '128Mi' }, limits: { memory: '512Mi' } },
    volumes: [
      {
        name: 'dumps',
        source: { persistentVolumeClaim: { claimName } },
        mountPath: BACKUP_FOLDER,
        writable: true,
      },
    ],
    pod: { restartPolicy: 'Never' },
  });
  new k8s.batch.v1.CronJob(
    name,
    {
      metadata: metadataOf(part, args, { namespace }),
      spec: {
        schedule: args.schedule ?? SCHEDULE,
        timeZone: args.timeZone ?? 'Etc/UTC',
        concurrencyPolicy: 'Forbid',
        // One that was missed is made within an hour, or left to the next time.
        startingDeadlineSeconds: 3600,
        successfulJobsHistoryLimit: 1,
        failedJobsHistoryLimit: 3,
        jobTemplate: {
          spec: { backoffLimit: 2, activeDeadlineSeconds: dump.timeout ?? 3600, template },
        },
      },
    },
    options,
  );
  return claimName;
}

function createClaim(
  name: string,
  part: Part,
  args: BackupArgs & { dump: DumpArgs },
  options: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const storage = pulumi.output(args.dump.storage ?? {});
  const claim = new k8s.core.v1.PersistentVolumeClaim(
    name,
    {
      // Many volumes are made for the first pod that wants them: there is nothing to wait for before.
      metadata: metadataOf(part, args, {
        namespace: args.namespace,
        annotations: { 'pulumi.com/skipAwait': 'true' },
      }),
      spec: storage.apply(({ size = '10Gi', storageClass }) => ({
        accessModes: ['ReadWriteOnce'],
        resources: { requests: { storage: size } },
        ...(storageClass !== undefined && { storageClassName: storageClass }),
      })),
    },
    { ...options, retainOnDelete: args.dump.keepData !== false },
  );
  return claim.metadata.name;
}

export function backupProblems(args: BackupArgs, add: Add): void {
  plainFields(args, ['mode', 'dump', 'cloudNativePg'], add);
  add('namespace', needed(args.namespace) ?? dnsLabel(args.namespace));
  add('mode', needed(args.mode) ?? oneOf(args.mode, BackupMode));
  add('schedule', check(args.schedule, cronProblem));
  add('timeZone', check(args.timeZone, zoneProblem));
  objectProblems(args, add);
  const { dump, cloudNativePg } = args;
  if (args.mode === BackupMode.Dump) {
    add('dump', needed(dump));
    if (cloudNativePg !== undefined) add('cloudNativePg', 'it is for mode CloudNativePg');
    if (dump !== undefined) dumpProblems(dump, under(add, 'dump'));
  } else {
    add('cloudNativePg.cluster', needed(cloudNativePg?.cluster) ?? dnsName(cloudNativePg?.cluster));
    if (dump !== undefined) add('dump', 'it is for mode Dump');
    if (args.timeZone !== undefined) add('timeZone', 'it is for mode Dump');
  }
}

function dumpProblems(dump: DumpArgs, add: Add): void {
  add('database', needed(dump.database));
  add('image', imageName(dump.image));
  add('keep', whole(dump.keep, 1, 10_000));
  add('timeout', whole(dump.timeout, 1, 604_800));
  add('existingClaim', dnsName(dump.existingClaim));
  if (dump.existingClaim !== undefined && dump.storage !== undefined) {
    add('storage', 'existingClaim has a size already; leave it out');
  }
  add('storage.size', quantity((dump.storage as StorageArgs | undefined)?.size));
  podProblems(dump, add);
}

function cronProblem(text: string): string | undefined {
  try {
    parseCron(text);
    return undefined;
  } catch (error) {
    return `"${text}" is no schedule: ${(error as Error).message}`;
  }
}

function zoneProblem(zone: string): string | undefined {
  return isTimezone(zone) ? undefined : `there is no time zone "${zone}"`;
}
