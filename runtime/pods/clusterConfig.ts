/**
 * The named clusters that this process may put pods in: from the file PODLINE_CLUSTERS, from a few variables for
 * one cluster, or the cluster that the process itself runs in. Called once at start; errors name the file and the
 * place in it.
 */
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { load } from 'js-yaml';
import { PodlineError } from '../../src/errors.ts';
import { clustersSchema, type ClusterEntry } from './clusterSchema.ts';
import { readKubeconfig } from './kubeconfig.ts';

export interface ClusterConfig extends Omit<ClusterEntry, 'namespaces'> {
  name: string;
  /** The first one is the default of tasks. Never empty. */
  namespaces: string[];
  /** Only in a cluster: where its API is. */
  apiServer?: string;
}

export interface ClustersConfig {
  default: string;
  clusters: Record<string, ClusterConfig>;
}

/** What every pod that may talk to its API server finds. */
const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

/** Null when no cluster is configured. The one place beside runtime/config.ts that is handed the environment. */
export async function readClusters(
  env: NodeJS.ProcessEnv,
  serviceAccount = SERVICE_ACCOUNT,
): Promise<ClustersConfig | null> {
  const file = env.PODLINE_CLUSTERS;
  const source = file ? await readFile(file) : shortcuts(env, await exists(serviceAccount));
  if (source === null) return null;

  const parsed = clustersSchema.safeParse(source.content);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw bad(source.name, issue?.path.join('.') ?? '', issue?.message ?? 'is not usable');
  }
  const names = Object.keys(parsed.data.clusters);
  const first = parsed.data.default ?? (names.length === 1 ? names[0] : undefined);
  if (first === undefined) {
    throw bad(source.name, 'default', `is needed: one of ${names.join(', ')}`);
  }
  if (!Object.hasOwn(parsed.data.clusters, first)) {
    throw bad(source.name, 'default', `is "${first}", which is none of ${names.join(', ')}`);
  }
  const clusters: Record<string, ClusterConfig> = {};
  for (const [name, entry] of Object.entries(parsed.data.clusters)) {
    const place = `clusters.${name}`;
    clusters[name] = await complete(name, entry, env, serviceAccount, source.folder).catch(
      (error: unknown) => {
        throw bad(source.name, place, (error as Error).message);
      },
    );
  }
  return { default: first, clusters };
}

interface Source {
  /** For messages. */
  name: string;
  /** Names of files in it are relative to this folder. */
  folder: string;
  content: unknown;
}

async function readFile(file: string): Promise<Source> {
  try {
    // JSON is YAML.
    const content = load(await fs.readFile(file, 'utf8'));
    return { name: file, folder: path.dirname(path.resolve(file)), content };
  } catch (error) {
    throw bad(file, '', `cannot be read: ${(error as Error).message}`);
  }
}

/** One cluster without a file. A kubeconfig that merely lies around is not enough: somebody must ask for pods. */
function shortcuts(env: NodeJS.ProcessEnv, hasServiceAccount: boolean): Source | null {
  const { PODLINE_KUBECONFIG, PODLINE_KUBE_CONTEXT, PODLINE_NAMESPACE, PODLINE_IMAGE } = env;
  const here = hasServiceAccount && Boolean(env.KUBERNETES_SERVICE_HOST);
  const asked = PODLINE_KUBECONFIG || PODLINE_KUBE_CONTEXT || PODLINE_NAMESPACE;
  if (!asked && !here) return null;
  const inCluster = here && !PODLINE_KUBECONFIG && !PODLINE_KUBE_CONTEXT;
  const entry = {
    ...(inCluster ? { inCluster } : {}),
    ...(PODLINE_KUBECONFIG ? { kubeconfig: PODLINE_KUBECONFIG } : {}),
    ...(PODLINE_KUBE_CONTEXT ? { context: PODLINE_KUBE_CONTEXT } : {}),
    ...(PODLINE_NAMESPACE ? { namespaces: PODLINE_NAMESPACE.split(',') } : {}),
    ...(PODLINE_IMAGE ? { image: PODLINE_IMAGE } : {}),
  };
  return {
    name: 'the environment (PODLINE_KUBECONFIG and its like)',
    folder: process.cwd(),
    content: { clusters: { default: entry } },
  };
}

/** Adds what the kubeconfig or the service account says. */
async function complete(
  name: string,
  entry: ClusterEntry,
  env: NodeJS.ProcessEnv,
  serviceAccount: string,
  folder: string,
): Promise<ClusterConfig> {
  if (entry.inCluster) {
    if (!(await exists(serviceAccount))) {
      throw new Error(`says inCluster, but there is no service account in ${serviceAccount}`);
    }
    const host = env.KUBERNETES_SERVICE_HOST ?? 'kubernetes.default.svc';
    const address = host.includes(':') ? `[${host}]` : host;
    const apiServer = `https://${address}:${env.KUBERNETES_SERVICE_PORT ?? 443}`;
    const own = async () => (await fs.readFile(`${serviceAccount}/namespace`, 'utf8')).trim();
    return { ...entry, name, apiServer, namespaces: entry.namespaces ?? [await own()] };
  }
  const files = entry.kubeconfig
    ? entry.kubeconfig.split(path.delimiter).map((file) => path.resolve(folder, file))
    : [env.KUBECONFIG || path.join(env.HOME ?? os.homedir(), '.kube', 'config')];
  const kubeconfig = files.join(path.delimiter);
  const { namespace } = await readKubeconfig(kubeconfig, entry.context);
  return { ...entry, name, kubeconfig, namespaces: entry.namespaces ?? [namespace ?? 'default'] };
}

async function exists(file: string): Promise<boolean> {
  return fs.access(file).then(
    () => true,
    () => false,
  );
}

function bad(file: string, place: string, reason: string): PodlineError {
  return new PodlineError('cluster.bad_config', { file, place: place ? ` ${place}` : '', reason });
}
