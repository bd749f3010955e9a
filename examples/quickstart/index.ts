/** The stack of the Pulumi.yaml in the root: all of Podline in one cluster, and the DAGs of a folder. */
import { DatabaseMode, Orchestrator } from 'podline';
import { readSettings } from './settings.ts';

const settings = readSettings();

const podline = new Orchestrator('podline', {
  image: settings.image,
  namespace: settings.namespace,
  database: { mode: DatabaseMode.Embedded, embedded: settings.database },
  dagFolders: [settings.dags],
  scheduler: { replicas: settings.schedulers },
  logLevel: settings.logLevel,
});

export const namespace = podline.namespace;
export const taskNamespace = podline.taskNamespace;
export const url = podline.url;
export const dagIds = podline.dagIds;
/** What to type to look at it. */
export const commands = podline.commands;
