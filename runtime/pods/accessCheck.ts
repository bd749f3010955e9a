/**
 * Whether this process may do in a namespace what a scheduler needs, asked of the API server itself. Called by
 * `podline clusters check`; hands back every right that is missing, at once.
 */
import { SCHEDULER_RULES } from '../../src/pods/access.ts';
import { ApiConnection } from './apiConnection.ts';
import type { ClusterConfig } from './clusterConfig.ts';

export interface NamespaceAccess {
  namespace: string;
  /** Such as `create pods`; empty when all is well. */
  missing: string[];
}

const REVIEWS = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';

/** Throws ApiError when the API cannot be asked. */
export async function checkAccess(cluster: ClusterConfig): Promise<NamespaceAccess[]> {
  const connection = await ApiConnection.open(cluster);
  try {
    const results: NamespaceAccess[] = [];
    for (const namespace of cluster.namespaces) {
      const rights = SCHEDULER_RULES.flatMap(({ resources, verbs }) =>
        resources.flatMap((resource) => verbs.map((verb) => ({ verb, resource }))),
      );
      const allowed = await Promise.all(
        rights.map((right) => isAllowed(connection, namespace, right)),
      );
      const missing = rights.filter((_, index) => !allowed[index]);
      results.push({
        namespace,
        missing: missing.map(({ verb, resource }) => `${verb} ${resource}`),
      });
    }
    return results;
  } finally {
    connection.close();
  }
}

async function isAllowed(
  connection: ApiConnection,
  namespace: string,
  { verb, resource: full }: { verb: string; resource: string },
): Promise<boolean> {
  const [resource, subresource = ''] = full.split('/');
  const review = {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    spec: { resourceAttributes: { namespace, verb, resource, subresource } },
  };
  const answer = await connection.json({ method: 'POST', path: REVIEWS, body: review });
  return (answer as { status?: { allowed?: unknown } }).status?.allowed === true;
}
