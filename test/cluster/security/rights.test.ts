/** What the identity of a scheduler may do in a cluster: exactly the Role that is printed, asked of the API server itself. */
import assert from 'node:assert/strict';
import { SCHEDULER_RULES } from '../../../src/pods/access.ts';
import { Api } from '../api.ts';
import { openCluster, type TestCluster } from '../harness.ts';

interface Rule {
  verbs: string[];
  apiGroups?: string[];
  resources?: string[];
  nonResourceURLs?: string[];
}

/** What any identity that is logged in may ask: about itself, and what every client needs to know of a server. */
const OF_EVERYBODY = new Set([
  'selfsubjectreviews',
  'selfsubjectaccessreviews',
  'selfsubjectrulesreviews',
]);

describe('the identity of a scheduler in a cluster', function () {
  this.timeout(60_000);
  let cluster: TestCluster;
  let namespace: string;
  let kubeconfig: string;
  let api: Api;
  before(async () => {
    cluster = await openCluster();
    namespace = await cluster.namespace();
    kubeconfig = await cluster.schedulerKubeconfig(namespace);
    api = await Api.open(kubeconfig);
  });
  after(() => api.close());

  async function rights(where: string): Promise<string[]> {
    const path = '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews';
    const { status } = await api.call<{
      status: { resourceRules: Rule[]; nonResourceRules: Rule[] };
    }>('POST', path, {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectRulesReview',
      spec: { namespace: where },
    });
    for (const { verbs } of status.nonResourceRules) assert.deepEqual(verbs, ['get']);
    return status.resourceRules
      .flatMap(({ verbs, apiGroups = [], resources = [] }) =>
        resources.flatMap((resource) =>
          verbs.map((verb) => `${verb} ${[...apiGroups].join()}/${resource}`),
        ),
      )
      .filter((right) => !OF_EVERYBODY.has(right.split('/')[1] ?? ''))
      .sort();
  }

  it('is this list in its namespace, and nothing elsewhere', async () => {
    assert.deepEqual(
      await rights(namespace),
      [
        'create /pods',
        'delete /pods',
        'get /pods',
        'get /pods/log',
        'list /events',
        'list /pods',
        'watch /pods',
      ].sort(),
    );
    for (const other of ['default', 'kube-system', await cluster.namespace()]) {
      assert.deepEqual(await rights(other), []);
    }
  });

  it('has no wildcard in the rules that are handed out', () => {
    const words = SCHEDULER_RULES.flatMap(({ apiGroups, resources, verbs }) => [
      ...apiGroups,
      ...resources,
      ...verbs,
    ]);
    assert.ok(words.every((word) => !word.includes('*')));
  });

  it('is refused everything else that would be of use to an intruder', async () => {
    const at = `/api/v1/namespaces/${namespace}`;
    await cluster.api.call('POST', `${at}/secrets`, {
      metadata: { name: 'hidden' },
      stringData: { value: 'canary' },
    });
    const container = { name: 'main', image: cluster.images.busybox, command: ['sleep', '60'] };
    await cluster.api.call('POST', `${at}/pods`, {
      metadata: { name: 'victim' },
      spec: { terminationGracePeriodSeconds: 0, containers: [container] },
    });
    const tries: [string, string][] = [
      ['GET', `${at}/secrets`],
      ['GET', `${at}/secrets/hidden`],
      ['GET', `${at}/configmaps`],
      ['GET', `${at}/serviceaccounts`],
      ['POST', `${at}/serviceaccounts/default/token`],
      ['POST', `${at}/pods/victim/exec?command=sh`],
      ['POST', `${at}/pods/victim/attach`],
      ['GET', `${at}/pods/victim/exec?command=sh`],
      ['POST', `${at}/pods/victim/portforward?ports=1`],
      ['GET', `${at}/pods/victim/proxy/`],
      ['PATCH', `${at}/pods/victim`],
      ['PUT', `${at}/pods/victim`],
      ['PATCH', `${at}/pods/victim/ephemeralcontainers`],
      ['POST', `${at}/pods/victim/eviction`],
      ['DELETE', `${at}/pods`],
      ['POST', `${at}/events`],
      ['POST', `${at}/secrets`],
      ['POST', `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/rolebindings`],
      ['POST', `/apis/apps/v1/namespaces/${namespace}/deployments`],
      ['POST', `/apis/batch/v1/namespaces/${namespace}/jobs`],
      ['GET', '/api/v1/pods'],
      ['GET', '/api/v1/secrets'],
      ['GET', '/api/v1/nodes'],
      ['GET', '/api/v1/namespaces'],
      ['GET', '/api/v1/namespaces/kube-system/pods'],
      ['POST', '/api/v1/namespaces/default/pods'],
      ['GET', '/metrics'],
    ];
    for (const [method, path] of tries) {
      const { status } = await api.ask(method, path, method === 'GET' ? undefined : {});
      assert.equal(status, 403, `${method} ${path}`);
    }
  });
});
