/**
 * An installation with every component in it, as a user may have it. record.ts saves this text, with the state that it
 * made, under the version of the package. What a new version can do more comes in here; what is saved stays as it is.
 */
import * as pulumi from '@pulumi/pulumi';
import {
  Autoscaler,
  Backup,
  BackupMode,
  Connection,
  DatabaseMode,
  Exposure,
  MetadataDatabase,
  Orchestrator,
  PodTemplate,
  Scheduler,
  SchemaMigration,
  TaskNamespace,
  Webserver,
} from 'podline';

const config = new pulumi.Config();
const image = config.require('image');
const uri = config.requireSecret('warehouse');

/** All in one, with all that it does on request. */
export const etl = new Orchestrator('etl', {
  image,
  database: {
    mode: DatabaseMode.Embedded,
    embedded: { keepData: true, storage: { size: config.require('volumeSize') } },
  },
  dagFolders: ['dags'],
  taskNamespaces: [{ name: 'etl-batch' }, { name: 'etl-ml', quota: { pods: '50' } }],
  tasks: { maxPods: 200 },
  connections: [{ connectionId: 'warehouse', uri }],
  workerPools: [
    { pool: 'fast', autoscaling: { kind: Autoscaler.Keda } },
    { pool: 'steady', autoscaling: { kind: Autoscaler.Cpu } },
  ],
  monitoring: { monitor: { prometheusNamespace: 'monitoring' } },
  backup: { dump: { keep: 14 } },
  webserver: { exposure: { type: Exposure.Ingress, host: 'podline.example.com' } },
  labels: { 'example.com/team': 'data' },
}).url;

/** The parts, in namespaces that are there, on servers that others run. */
const namespace = 'platform';
const shared = new MetadataDatabase('shared', {
  namespace,
  mode: DatabaseMode.External,
  external: { url: config.requireSecret('databaseUrl') },
  pooler: { image: 'registry.example.com/pgbouncer:1.24' },
});
const common = { namespace, image, database: shared.connection };
const migration = new SchemaMigration('schema', common);
const template = new PodTemplate('small', { nodeSelector: { 'example.com/pool': 'small' } });
const tasks = new TaskNamespace('tasks', {
  scheduler: { user: 'podline' },
  database: shared.connection,
});
const options = { dependsOn: [migration, tasks] };
new Scheduler(
  'brain',
  {
    ...common,
    clusters: [
      { name: 'home', namespaces: [tasks.name], template: template.template },
      { name: 'away', namespaces: ['etl'], kubeconfig: config.requireSecret('kubeconfig') },
    ],
  },
  options,
);
new Webserver(
  'web',
  {
    ...common,
    exposure: {
      type: Exposure.HTTPRoute,
      host: 'web.example.com',
      gateways: [{ name: 'public', namespace: 'gateways' }],
    },
  },
  options,
);
new Connection('vault', {
  namespaces: [tasks.name],
  externalSecret: { store: 'vault', key: 'etl/warehouse' },
});
const dumped = { database: shared.connection };
new Backup('dumps', { namespace, mode: BackupMode.Dump, dump: dumped });

/** The database that an operator runs, and its backup. */
new MetadataDatabase('cluster', { namespace, mode: DatabaseMode.CloudNativePg });
new Backup('snapshots', {
  namespace,
  mode: BackupMode.CloudNativePg,
  cloudNativePg: { cluster: 'cluster' },
});
