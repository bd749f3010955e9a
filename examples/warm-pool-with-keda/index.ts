/**
 * A pool of warm workers beside pods for each task. KEDA, which must be in the cluster, asks the database how many
 * tasks wait or run, and scales from none to `maxWorkers` and back.
 */
import * as pulumi from '@pulumi/pulumi';
import { Autoscaler, DatabaseMode, Orchestrator, WorkerPool } from 'podline';

const config = new pulumi.Config();
const image = config.require('image');

const podline = new Orchestrator('podline', {
  image,
  database: {
    mode: DatabaseMode.Embedded,
    embedded: {
      image: config.require('databaseImage'),
      persistent: config.requireBoolean('databaseVolume'),
    },
  },
  dagFolders: [config.require('dags')],
});

const pool = new WorkerPool(
  'fast',
  {
    image,
    // Code of tasks runs in these pods: they belong with the other tasks, away from the owner's login.
    namespace: podline.taskNamespace,
    database: podline.connection,
    slots: 4,
    drainSeconds: 30,
    autoscaling: {
      kind: Autoscaler.Keda,
      maxReplicas: config.requireNumber('maxWorkers'),
      pollingInterval: 5,
      cooldownPeriod: config.requireNumber('cooldownSeconds'),
    },
  },
  { dependsOn: podline },
);

export const namespace = podline.namespace;
export const taskNamespace = podline.taskNamespace;
export const executor = pool.executor;
export const poolDeployment = pool.deploymentName;
export const commands = podline.commands;
