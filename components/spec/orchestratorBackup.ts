/** What the Backup of an Orchestrator is told: the way of backups follows from who runs the database. Pure. */
import type * as pulumi from '@pulumi/pulumi';
import type { DatabaseConnection } from '../args.ts';
import { type BackupArgs, BackupMode, backupProblems } from '../backup.ts';
import { DatabaseMode } from '../databaseArgs.ts';
import type { OrchestratorArgs, OrchestratorBackupArgs } from '../orchestratorArgs.ts';
import { type Add, known } from './validate.ts';

export function orchestratorBackup(
  { database }: OrchestratorArgs,
  backup: OrchestratorBackupArgs,
  made: {
    namespace: pulumi.Input<string>;
    connection: pulumi.Input<DatabaseConnection>;
    /** Name of the MetadataDatabase. */
    database: string;
  },
): BackupArgs {
  const operated = database.mode === DatabaseMode.CloudNativePg;
  const mode = backup.mode ?? (operated ? BackupMode.CloudNativePg : BackupMode.Dump);
  const { dump, cloudNativePg, ...when } = backup;
  const given = { ...when, namespace: made.namespace, mode };
  // A part for the other way is left as it is, and refused.
  if (mode === BackupMode.CloudNativePg) {
    const operator = { ...cloudNativePg, cluster: made.database };
    return {
      ...given,
      cloudNativePg: operator,
      ...(dump && { dump: { ...dump, database: made.connection } }),
    };
  }
  const image = dump?.image ?? database.embedded?.image;
  return {
    ...given,
    dump: { ...dump, ...(image !== undefined && { image }), database: made.connection },
    ...(cloudNativePg && { cloudNativePg: { ...cloudNativePg, cluster: made.database } }),
  };
}

/** Asked with names that stand for what is made. */
export function orchestratorBackupProblems(args: OrchestratorArgs, add: Add): void {
  const { backup } = args;
  const database = known(args.database);
  if (backup === undefined || database === undefined) return;
  if (
    backup.mode === BackupMode.CloudNativePg &&
    (database.mode as DatabaseMode | undefined) !== DatabaseMode.CloudNativePg
  ) {
    add('mode', 'CloudNativePG does not run the database');
    return;
  }
  const stand = {
    namespace: 'control',
    connection: { secretName: 'database' },
    database: 'database',
  };
  backupProblems(orchestratorBackup(args, backup, stand), add);
}
