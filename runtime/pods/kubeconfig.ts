/**
 * Reads a kubeconfig: the server, the user and the namespace of one context. The parser of entries is that of
 * @kubernetes/client-node; importing all of it would cost a second and 90 MB (005 in docs/decisions).
 */
import fs from 'node:fs/promises';
import path from 'node:path';
import type { Cluster, User } from '@kubernetes/client-node/dist/config_types.js';
import { load } from 'js-yaml';

export interface KubeContext {
  cluster: Cluster;
  user: User & { tokenFile?: string };
  namespace: string | undefined;
}

interface KubeconfigFile {
  'current-context'?: string;
  clusters?: unknown;
  contexts?: unknown;
  users?: { name?: string; user?: { tokenFile?: string } }[];
}

/**
 * `files` may be several, separated as in PATH: the first one that has an entry wins, as with kubectl. Throws
 * errors with words for people.
 */
export async function readKubeconfig(files: string, context?: string): Promise<KubeContext> {
  const { newClusters, newContexts, newUsers } =
    await import('@kubernetes/client-node/dist/config_types.js');
  const clusters: Cluster[] = [];
  const users: KubeContext['user'][] = [];
  const contexts: { name: string; cluster: string; user: string; namespace?: string }[] = [];
  let current = context;

  for (const file of files.split(path.delimiter).filter((name) => name !== '')) {
    const content = parse(file, await fs.readFile(file, 'utf8'));
    const folder = path.dirname(path.resolve(file));
    // The parser reads token files with its own ideas; here they are read again and again (clusterLogin.ts).
    for (const cluster of newClusters(content.clusters)) {
      clusters.push({ ...cluster, ...absolute(folder, { caFile: cluster.caFile }) });
    }
    for (const user of newUsers(content.users)) {
      const entry = content.users?.find(({ name }) => name === user.name)?.user;
      const { certFile, keyFile } = user;
      const ownFiles = absolute(folder, { certFile, keyFile, tokenFile: entry?.tokenFile });
      users.push({ ...user, ...ownFiles });
    }
    contexts.push(...newContexts(content.contexts));
    current ??= content['current-context'] || undefined;
  }
  const found = contexts.find(({ name }) => name === current);
  if (!found) {
    const known = contexts.map(({ name }) => name).join(', ') || 'none';
    throw new Error(
      current === undefined
        ? `no context is chosen (it has ${known})`
        : `it has no context "${current}" (it has ${known})`,
    );
  }
  const cluster = clusters.find(({ name }) => name === found.cluster);
  if (!cluster) throw new Error(`its context "${found.name}" names no cluster of it`);
  const user = users.find(({ name }) => name === found.user) ?? { name: '' };
  return { cluster, user, namespace: found.namespace };
}

function parse(file: string, text: string): KubeconfigFile {
  let content: unknown;
  try {
    content = load(text);
  } catch (error) {
    throw new Error(`${file} is no YAML: ${(error as Error).message}`, { cause: error });
  }
  if (typeof content !== 'object' || content === null) throw new Error(`${file} is no kubeconfig`);
  return content;
}

/** Names of files in a kubeconfig are relative to its folder. */
function absolute<T extends Record<string, string | undefined>>(folder: string, files: T): T {
  return Object.fromEntries(
    Object.entries(files).map(([key, file]) => [
      key,
      file ? path.resolve(folder, file) : undefined,
    ]),
  ) as T;
}
