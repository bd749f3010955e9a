/**
 * Two clusters, one control plane: schedulers here launch pods there, with an account of that cluster which may do what
 * launching takes in one namespace, and nothing else.
 */
import * as k8s from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import { DatabaseMode, MetadataDatabase, Orchestrator, TaskNamespace } from 'podline';
import { kubeconfigOf } from './kubeconfig.ts';

const config = new pulumi.Config();
const BATCH = 'podline-batch';
const ACCOUNT = 'podline-scheduler';

const home = new k8s.core.v1.Namespace('podline');
const namespace = home.metadata.name;
const database = new MetadataDatabase('database', {
  namespace,
  mode: DatabaseMode.External,
  external: { url: config.requireSecret('databaseUrl') },
});

const other = new k8s.Provider('other', { kubeconfig: config.requireSecret('otherKubeconfig') });
const batch = new TaskNamespace(
  'batch',
  {
    name: BATCH,
    scheduler: { serviceAccountName: ACCOUNT, namespace: BATCH },
    database: database.connection,
  },
  { provider: other },
);
const there = { provider: other, dependsOn: batch };
const account = new k8s.core.v1.ServiceAccount(
  'scheduler',
  { metadata: { name: ACCOUNT, namespace: BATCH } },
  there,
);
const token = new k8s.core.v1.Secret(
  'scheduler-token',
  {
    metadata: {
      namespace: BATCH,
      annotations: {
        'kubernetes.io/service-account.name': account.metadata.name,
        // The cluster fills it in a moment later.
        'pulumi.com/waitFor': 'jsonpath={.data.token}',
      },
    },
    type: 'kubernetes.io/service-account-token',
  },
  { ...there, additionalSecretOutputs: ['data'] },
);

const podline = new Orchestrator('podline', {
  image: config.require('image'),
  namespace,
  database: { mode: DatabaseMode.External, external: { connection: database.connection } },
  clusters: [
    {
      name: 'batch',
      namespaces: [BATCH],
      kubeconfig: kubeconfigOf({
        server: config.require('otherServer'),
        serverName: config.get('otherServerName'),
        data: token.data,
      }),
    },
  ],
  dagFolders: [config.require('dags')],
});

export { namespace };
export const taskNamespace = podline.taskNamespace;
export const batchNamespace = batch.name;
export const commands = podline.commands;
