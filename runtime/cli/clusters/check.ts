/** `podline clusters check`: is each cluster there, and may a scheduler do its work in each namespace? */
import { checkAccess } from '../../pods/accessCheck.ts';
import type { ClusterConfig } from '../../pods/clusterConfig.ts';
import { EXIT } from '../exit.ts';
import type { Session } from '../session.ts';
import { configuredClusters, findCluster } from './clusters.ts';

interface Finding {
  cluster: string;
  namespace: string | null;
  ok: boolean;
  says: string;
}

export async function checkClusters(
  { output }: Session,
  [name]: readonly [string?],
): Promise<number> {
  const clusters =
    name === undefined
      ? Object.values((await configuredClusters()).clusters)
      : [await findCluster(name)];
  const findings = (await Promise.all(clusters.map(check))).flat();
  const ok = findings.every((finding) => finding.ok);
  if (output.json) output.printJson({ ok, findings });
  else {
    output.printTable(findings, [
      { title: 'CLUSTER', value: (row) => row.cluster },
      { title: 'NAMESPACE', value: (row) => row.namespace },
      {
        title: 'CHECK',
        value: (row) => (row.ok ? 'ok' : 'fail'),
        style: (text) => (text.startsWith('ok') ? output.colours.green : output.colours.red)(text),
      },
      { title: 'SAYS', value: (row) => row.says, shrink: true },
    ]);
  }
  return ok ? EXIT.ok : EXIT.failed;
}

async function check(cluster: ClusterConfig): Promise<Finding[]> {
  const { name, image } = cluster;
  try {
    return (await checkAccess(cluster)).map(({ namespace, missing }) => ({
      cluster: name,
      namespace,
      ok: missing.length === 0,
      says:
        missing.length > 0
          ? `it may not ${missing.join(', ')}; \`podline clusters manifest ${name}\` prints the Role`
          : `all rights are there; image ${image ?? 'named by each task'}`,
    }));
  } catch (error) {
    return [{ cluster: name, namespace: null, ok: false, says: (error as Error).message }];
  }
}
