/** What is wrong with the arguments of an Orchestrator, all of it, before its first part is made. */
import path from 'node:path';
import { slugOf } from '../../src/connections/names.ts';
import { ImagePullPolicy, KeepPods } from '../args.ts';
import { exposureProblems } from '../exposure.ts';
import { authProblems } from '../webserverAuth.ts';
import type { OrchestratorArgs, OrchestratorNamespaceArgs } from '../orchestratorArgs.ts';
import { monitoringProblems } from '../monitoring.ts';
import { serviceAccountProblems } from '../serviceAccount.ts';
import { traceUrlProblem, tracingProblems } from '../tracing.ts';
import { workerPoolProblems } from '../workerPool.ts';
import { clusterProblems } from './clustersFile.ts';
import { connectionProblems } from './connectionValue.ts';
import { databaseProblems } from './databaseProblems.ts';
import { executorProblem } from './executor.ts';
import { orchestratorBackupProblems } from './orchestratorBackup.ts';
import { LOG_LEVELS, objectProblems, podProblems } from './podProblems.ts';
import { boundsProblems } from './taskNamespaceProblems.ts';
import {
  type Add,
  check,
  dnsLabel,
  imageName,
  known,
  needed,
  oneOf,
  plainFields,
  under,
  whole,
} from './validate.ts';

const PLAIN = [
  ...(['database', 'dagFolders', 'taskNamespaces', 'clusters', 'scheduler'] as const),
  ...(['webserver', 'connections', 'workerPools', 'monitoring', 'backup', 'tracing'] as const),
] as const;

/** Name of the cluster that the orchestrator is in. */
export const HOME = 'home';

export function orchestratorProblems(name: string, args: OrchestratorArgs, add: Add): void {
  plainFields(args, PLAIN, add);
  add('image', needed(args.image) ?? imageName(args.image));
  add('database', needed(args.database));
  const database = known(args.database);
  if (database !== undefined) databaseProblems(database, under(add, 'database'));
  add('namespace', dnsLabel(args.namespace));
  add('defaultExecutor', check(args.defaultExecutor, executorProblem));
  add('logLevel', oneOf(args.logLevel, LOG_LEVELS));
  add('readyTimeout', whole(args.readyTimeout, 1, 86_400));
  folderProblems(name, args.dagFolders ?? [], add);
  moreProblems(name, args, add);
  orchestratorBackupProblems(args, under(add, 'backup'));
  tracingProblems(args.tracing, under(add, 'tracing'));
  add('tracing.traceUrl', traceUrlProblem(args.tracing?.traceUrl));
  namespacesProblems(name, args.taskNamespaces, add);
  taskPodsProblems(args, under(add, 'tasks'));
  moreClustersProblems(args, add);
  partProblems(args, add);
  objectProblems(args, add);
}

/** Folders are told apart by their names: those of the DAG bundles follow from them. */
function folderProblems(name: string, folders: readonly string[], add: Add): void {
  const names = folders.map(folderName);
  names.forEach((folder, index) => {
    const place = `dagFolders[${index}]`;
    add(place, needed(folders[index]) ?? partProblem(name, folder));
    if (names.indexOf(folder) < index) {
      add(
        place,
        `another folder is called "${folder}", too; they are told apart by their last part`,
      );
    }
  });
}

/** Last part of a folder, as part of the name of a component. */
export function folderName(folder: string): string {
  return slugOf(path.basename(path.resolve(folder)));
}

/** Parts have names of at most 40 characters. */
function partProblem(name: string, part: string): string | undefined {
  const whole = `${name}-${part}`;
  if (part !== '' && whole.length <= 40) return undefined;
  return `"${whole}" would be the name of a component, and has more than 40 characters; make that component yourself, with a name of your own`;
}

/** Asked with a namespace that stands for those that are made. */
function moreProblems(name: string, args: OrchestratorArgs, add: Add): void {
  const { connections = [], workerPools = [], monitoring } = args;
  const ids = connections.map(({ connectionId }) => connectionId);
  connections.forEach((connection, index) => {
    const place = under(add, `connections[${index}]`);
    place('connectionId', needed(connection.connectionId));
    if (needed(connection.connectionId) !== undefined) return;
    place('connectionId', partProblem(name, slugOf(connection.connectionId)));
    if (ids.indexOf(connection.connectionId) < index) {
      place('connectionId', `"${connection.connectionId}" is there twice`);
    }
    const whole = { ...connection, namespaces: ['tasks'] };
    connectionProblems(connection.connectionId, whole, place);
  });
  const pools = workerPools.map(({ pool }) => pool);
  workerPools.forEach((pool, index) => {
    const place = under(add, `workerPools[${index}]`);
    place('pool', needed(pool.pool));
    if (needed(pool.pool) !== undefined) return;
    place('pool', partProblem(name, slugOf(pool.pool)));
    if (pools.indexOf(pool.pool) < index) place('pool', `"${pool.pool}" is there twice`);
    const stand = { image: 'image', namespace: 'tasks', database: { secretName: 'database' } };
    workerPoolProblems(pool.pool, { ...stand, ...pool }, place);
  });
  if (monitoring)
    monitoringProblems({ ...monitoring, namespace: 'control' }, under(add, 'monitoring'));
}

function namespacesProblems(
  name: string,
  list: readonly OrchestratorNamespaceArgs[] | undefined,
  add: Add,
): void {
  if (list?.length === 0) add('taskNamespaces', 'it is empty; name one, or leave it out');
  list?.forEach((namespace, index) => {
    const place = under(add, `taskNamespaces[${index}]`);
    place('name', needed(namespace.name) ?? dnsLabel(namespace.name));
    if (`${name}-tasks-${namespace.name}`.length > 63) {
      place(
        'name',
        `"${namespace.name}" is too long together with "${name}"; name a TaskNamespace yourself`,
      );
    }
    if (list.findIndex((other) => other.name === namespace.name) < index) {
      place('name', `"${namespace.name}" is there twice`);
    }
    boundsProblems(namespace, place);
  });
}

function taskPodsProblems({ tasks = {} }: OrchestratorArgs, add: Add): void {
  add('image', imageName(tasks.image));
  add('imagePullPolicy', oneOf(tasks.imagePullPolicy, ImagePullPolicy));
  add('keepPods', oneOf(tasks.keepPods, KeepPods));
  add('maxPods', whole(tasks.maxPods, 1, 100_000));
  add('startupTimeout', whole(tasks.startupTimeout, 1, 604_800));
  add('imagePullGrace', whole(tasks.imagePullGrace, 1, 604_800));
}

function moreClustersProblems({ clusters = [], defaultCluster }: OrchestratorArgs, add: Add): void {
  if (clusters.length > 0) clusterProblems({ clusters }, add);
  clusters.forEach((cluster, index) => {
    if (cluster.name === HOME) {
      add(
        `clusters[${index}].name`,
        `"${HOME}" is the cluster that this runs in; take another name`,
      );
    }
  });
  const names = [HOME, ...clusters.map((cluster) => cluster.name)];
  if (defaultCluster !== undefined && !names.includes(defaultCluster)) {
    add('defaultCluster', `"${defaultCluster}" is none of ${names.join(', ')}`);
  }
}

function partProblems({ scheduler = {}, webserver = {}, pods = {} }: OrchestratorArgs, add: Add) {
  podProblems(pods, under(add, 'pods'));
  podProblems(scheduler, under(add, 'scheduler'));
  add('scheduler.replicas', whole(scheduler.replicas, 1, 100));
  serviceAccountProblems(scheduler.serviceAccount, under(add, 'scheduler.serviceAccount'));
  podProblems(webserver, under(add, 'webserver'));
  add('webserver.replicas', whole(webserver.replicas, 1, 100));
  exposureProblems(webserver.exposure, under(add, 'webserver.exposure'));
  authProblems(webserver.auth, under(add, 'webserver.auth'));
}
