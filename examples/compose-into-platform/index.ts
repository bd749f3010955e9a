/**
 * Podline from its parts, for a cluster in which others own namespaces, databases and the ingress: each part is one
 * component, and what one hands to the next is plain data.
 */
import * as pulumi from '@pulumi/pulumi';
import {
  DagBundle,
  DatabaseMode,
  Exposure,
  MetadataDatabase,
  Scheduler,
  SchemaMigration,
  TaskNamespace,
  Webserver,
} from 'podline';

const config = new pulumi.Config();
const namespace = config.require('namespace');
const labels = { 'example.com/team': config.require('team') };

const database = new MetadataDatabase('etl-database', {
  namespace,
  labels,
  mode: DatabaseMode.External,
  external: { url: config.requireSecret('databaseUrl') },
});

/** What every part of the control plane is told. */
const common = {
  namespace,
  labels,
  image: config.require('image'),
  database: database.connection,
};

const migration = new SchemaMigration('etl-migration', common, { dependsOn: database });
const afterMigration = { dependsOn: migration };

const scheduler = new Scheduler(
  'etl-scheduler',
  {
    ...common,
    replicas: 1,
    clusters: [{ name: 'home', inCluster: true, namespaces: [config.require('taskNamespace')] }],
  },
  afterMigration,
);

const tasks = new TaskNamespace('etl-tasks', {
  name: config.require('taskNamespace'),
  create: false,
  labels,
  scheduler: { serviceAccountName: scheduler.serviceAccountName, namespace },
  database: database.connection,
  // Beside DNS and the control plane, tasks reach private networks and nothing else.
  egress: [{ cidr: '10.0.0.0/8' }, { cidr: '172.16.0.0/12' }, { cidr: '192.168.0.0/16' }],
  quota: { pods: '50', 'requests.cpu': '20', 'requests.memory': '40Gi' },
});

const webserver = new Webserver(
  'etl-webserver',
  {
    ...common,
    exposure: {
      type: Exposure.Ingress,
      host: config.require('host'),
      ingressClass: config.require('ingressClass'),
    },
  },
  afterMigration,
);

const dags = new DagBundle('etl', { ...common, folder: '../quickstart/dags' }, afterMigration);

export { namespace };
export const taskNamespace = tasks.name;
export const url = webserver.url;
export const dagIds = dags.dagIds;
