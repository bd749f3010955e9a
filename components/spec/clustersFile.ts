/**
 * The file of clusters that schedulers read (docs/clusters.md), from the records that users write. Kubeconfigs are
 * files beside it, one for each cluster that is not the scheduler's own.
 */
import * as pulumi from '@pulumi/pulumi';
import type { ClusterArgs } from '../args.ts';
import { KUBECONFIG_FOLDER } from './names.ts';
import { dnsLabelProblem } from '../../src/pods/names.ts';
import { type Add, dnsLabel, imageName, known, needed, under, whole } from './validate.ts';

export interface ClustersInput {
  clusters: readonly ClusterArgs[];
  /** Default: the first one. */
  defaultCluster?: string;
  /** Image of tasks where a cluster names none. */
  image: pulumi.Input<string>;
}

/** Text of the file, the same for the same input. */
export function clustersFile(input: ClustersInput): pulumi.Output<string> {
  const { clusters, defaultCluster = clusters[0]?.name } = input;
  return pulumi
    .all(clusters.map((cluster) => pulumi.output(entryOf(cluster, input.image))))
    .apply((entries) => {
      const named = entries.map((entry, index) => [clusters[index]?.name ?? '', entry]);
      const file = { default: defaultCluster, clusters: Object.fromEntries(named) as object };
      return `${JSON.stringify(file, sortKeys, 2)}\n`;
    });
}

/** Whether it is the cluster that the scheduler runs in. */
export function isHome({ inCluster, kubeconfig, kubeconfigSecret }: ClusterArgs): boolean {
  return inCluster ?? (kubeconfig === undefined && kubeconfigSecret === undefined);
}

function entryOf(cluster: ClusterArgs, image: pulumi.Input<string>) {
  const { name, inCluster: _home, kubeconfig: _text, kubeconfigSecret: _secret, ...rest } = cluster;
  const own = { ...rest, image: rest.image ?? image };
  if (isHome(cluster)) return { ...own, inCluster: true };
  return { ...own, kubeconfig: `${KUBECONFIG_FOLDER}/${name}` };
}

export function clusterProblems(
  { clusters: given, defaultCluster }: Pick<ClustersInput, 'clusters' | 'defaultCluster'>,
  add: Add,
): void {
  add('clusters', needed(given));
  const clusters = known(given);
  if (clusters === undefined) return;
  const names = clusters.map(({ name }) => name);
  clusters.forEach((cluster, index) =>
    oneCluster(cluster, names.indexOf(cluster.name) < index, under(add, `clusters[${index}]`)),
  );
  if (clusters.length === 0) add('clusters', 'it is empty; name one');
  if (defaultCluster !== undefined && !names.includes(defaultCluster)) {
    add('defaultCluster', `"${defaultCluster}" is none of ${names.join(', ')}`);
  }
}

function oneCluster(cluster: ClusterArgs, repeated: boolean, add: Add): void {
  const { name, namespaces, inCluster, kubeconfig, kubeconfigSecret } = cluster;
  add('name', needed(name) ?? dnsLabelProblem(name));
  if (repeated) add('name', `"${name}" is there twice`);
  add('namespaces', needed(namespaces));
  const list = known(namespaces);
  if (list?.length === 0) add('namespaces', 'it is empty; name one');
  list?.forEach((namespace, index) => add(`namespaces[${index}]`, dnsLabel(namespace)));
  const remote = kubeconfig !== undefined || kubeconfigSecret !== undefined;
  if (kubeconfig !== undefined && kubeconfigSecret !== undefined) {
    add('kubeconfig', 'there is kubeconfigSecret, too; give only one of them');
  }
  if (inCluster === true && remote)
    add('inCluster', 'there is a kubeconfig, too; take one of them');
  if (inCluster === false && !remote) add('kubeconfig', 'it is missing; or kubeconfigSecret');
  if (isHome(cluster) && cluster.context !== undefined) {
    add('context', 'it belongs to a kubeconfig, which is not given');
  }
  add('image', imageName(cluster.image));
  add('maxPods', whole(cluster.maxPods, 1, 100_000));
  add('startupTimeout', whole(cluster.startupTimeout, 1, 604_800));
  add('imagePullGrace', whole(cluster.imagePullGrace, 1, 604_800));
}

function sortKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
