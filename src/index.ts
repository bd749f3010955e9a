/**
 * The public door `podline`: the components that deploy it, with their arguments. Pulumi loads it, also as a plugin
 * for other languages; nothing inside imports it. DAG files import `podline/dag`, which needs no Pulumi.
 */
export * from '../components/args.ts';
export {
  Backup,
  type BackupArgs,
  BackupMode,
  type CloudNativePgBackupArgs,
  type DumpFieldArgs,
  type OperatorBackupArgs,
  type DumpArgs,
} from '../components/backup.ts';
export {
  Connection,
  type ConnectionArgs,
  type ConnectionFieldArgs,
  type ExistingSecretArgs,
} from '../components/connection.ts';
export { Dag, type DagArgs, type DagTaskArgs } from '../components/dag.ts';
export { DagBundle, type DagBundleArgs } from '../components/dagBundle.ts';
export * from '../components/databaseArgs.ts';
export { Exposure, type ExposureArgs, type GatewayRefArgs } from '../components/exposure.ts';
export {
  type AuthArgs,
  type ClientSecretArgs,
  type OidcArgs,
} from '../components/webserverAuth.ts';
export { MetadataDatabase } from '../components/metadataDatabase.ts';
export {
  type AlertsArgs,
  type DashboardArgs,
  type MonitorArgs,
  Monitoring,
  type MonitoringArgs,
  type MonitoringFieldArgs,
  MonitorKind,
} from '../components/monitoring.ts';
export { Orchestrator } from '../components/orchestrator.ts';
export * from '../components/orchestratorArgs.ts';
export { PodTemplate } from '../components/podTemplate.ts';
export * from '../components/podTemplateArgs.ts';
export { Autoscaler, type AutoscalingArgs } from '../components/poolAutoscaler.ts';
export { Scheduler, type SchedulerArgs } from '../components/scheduler.ts';
export { SchemaMigration, type SchemaMigrationArgs } from '../components/schemaMigration.ts';
export { type ExternalSecretArgs, SecretStoreKind } from '../components/spec/externalSecret.ts';
export { TaskNamespace } from '../components/taskNamespace.ts';
export * from '../components/taskNamespaceArgs.ts';
export { type HeadersSecretArgs, type TracingArgs } from '../components/tracing.ts';
export { Webserver, type WebserverArgs } from '../components/webserver.ts';
export { type PoolFieldArgs, WorkerPool, type WorkerPoolArgs } from '../components/workerPool.ts';
