/** F15: pods that the cluster refuses for good. One call, the server's words, and everybody else goes on. */
import assert from 'node:assert/strict';
import type { FaultProxy } from '../faultProxy.ts';
import { openCluster, type TestCluster } from '../harness.ts';
import { Rig } from '../rig.ts';
import { dagFile } from './faultDags.ts';

const POLICIES = '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies';
const BINDINGS = '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings';

describe('pods that the cluster refuses', function () {
  this.timeout(120_000);
  let cluster: TestCluster;
  let proxy: FaultProxy;
  let rig: Rig;
  let restricted: string;
  before(async () => {
    cluster = await openCluster();
    proxy = await cluster.proxy();
    restricted = await cluster.namespace({ restricted: true });
    // A template beyond the restricted profile: Podline lets it pass, the second namespace does not.
    const template = { spec: { securityContext: { seccompProfile: { type: 'Unconfined' } } } };
    rig = await Rig.open({
      cluster,
      config: { kubeconfig: proxy.kubeconfig, template },
      namespaces: [restricted],
    });
    await forbid(rig.namespace);
    await rig.register(
      dagFile(`
const many = { max: 5, delay: 0 };
const annotations = { colour: 'red' };
export const refused = dag('refused', { defaults: { retries: many } }, (d) => {
  d.task('policy', bash({ script: 'true' }), { pod: { annotations } });
  d.task('policyDirect', pod({ ...sh('true'), annotations }));
  d.task('profile', pod({ ...sh('true'), namespace: '${restricted}' }));
  d.task('neighbour', bash({ script: 'true' }));
  d.task('neighbourDirect', pod(sh('true')));
});`),
    );
    await rig.start();
  });
  after(async () => {
    for (const kind of [POLICIES, BINDINGS]) {
      await cluster.api.ask('DELETE', `${kind}/${rig.namespace}`);
    }
    await rig.close();
  });

  /** Red pods are refused in this namespace; in force when this resolves. */
  async function forbid(namespace: string): Promise<void> {
    const metadata = { name: namespace };
    await cluster.api.call('POST', POLICIES, {
      metadata,
      spec: {
        matchConstraints: {
          namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
          resourceRules: [
            { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] },
          ],
        },
        validations: [
          {
            expression: `!has(object.metadata.annotations) || !('colour' in object.metadata.annotations) || object.metadata.annotations.colour != 'red'`,
            message: 'no red pods, please',
          },
        ],
      },
    });
    await cluster.api.call('POST', BINDINGS, {
      metadata,
      spec: { policyName: namespace, validationActions: ['Deny'] },
    });
    const probe = {
      metadata: { name: 'probe', annotations: { colour: 'red' } },
      spec: { containers: [{ name: 'main', image: cluster.images.busybox }] },
    };
    const dry = `/api/v1/namespaces/${namespace}/pods?dryRun=All`;
    await rig.until('the policy is in force', async () => {
      const { status } = await cluster.api.ask('POST', dry, probe);
      return status === 422;
    });
  }

  it('fail at once in the words of the server, after one call, and nothing else does', async () => {
    const began = performance.now();
    const run = await rig.trigger('refused');
    await rig.until('the refusals', async () => {
      const attempts = await rig.attempts(run);
      return attempts.filter(({ cause }) => cause === 'admission').length === 3;
    });
    assert.ok(performance.now() - began < 5_000, `${performance.now() - began} ms`);
    assert.equal(await rig.ended(run), 'failed', rig.said());
    const attempts = new Map((await rig.attempts(run)).map((each) => [each.task, each]));
    assert.equal(attempts.size, 5);
    for (const [task, words] of [
      ['policy', /denied request: no red pods, please/],
      ['policyDirect', /denied request: no red pods, please/],
      ['profile', /violates PodSecurity "restricted:latest": seccompProfile/],
    ] as const) {
      const attempt = attempts.get(task);
      assert.deepEqual([attempt?.number, attempt?.cause], [1, 'admission'], attempt?.message ?? '');
      assert.match(attempt?.message ?? '', words);
    }
    for (const task of ['neighbour', 'neighbourDirect'])
      assert.equal(attempts.get(task)?.state, 'success');
    const creates = proxy.calls.filter(
      ({ method, path }) => method === 'POST' && /\/pods$/.test(path),
    );
    assert.deepEqual(
      creates.map(({ status }) => status).sort(),
      [201, 201, 403, 422, 422],
      'one call for each attempt',
    );
    assert.ok(rig.processes.every(({ alive }) => alive));
    await rig.noPods();
    await rig.sound();
  });
});
