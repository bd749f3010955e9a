/** The laws of components catch what breaks them. */
import assert from 'node:assert/strict';
import * as k8s from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import { metadataOf, type Part, selectorOf } from '../../components/spec/labels.ts';
import { podOf } from '../../components/spec/pod.ts';
import { componentLaws, type LawOptions } from './laws.ts';
import { record } from './mocks.ts';

const PART: Part = { instance: 'web', component: 'webserver' };
const METADATA = metadataOf(PART, {}, { namespace: 'control' });

async function breaches(build: () => unknown, options?: LawOptions): Promise<string> {
  const { children } = await record('preview', build);
  try {
    componentLaws(children, options);
  } catch (error) {
    return (error as Error).message;
  }
  return '';
}

type Change = (template: ReturnType<typeof podOf>) => unknown;

function deployment(change: Change, part: Part = PART) {
  const template = podOf({
    part,
    given: {},
    container: 'main',
    image: 'image:1',
    resources: { requests: { cpu: '1', memory: '1Gi' }, limits: { memory: '1Gi' } },
  });
  const changed = change(template) as typeof template;
  const selector = { matchLabels: selectorOf(PART) };
  return new k8s.apps.v1.Deployment('web', {
    metadata: METADATA,
    spec: { selector, template: changed },
  });
}

/** The template with other fields of the pod, or of its container. */
const pod =
  (fields: object): Change =>
  (template) => ({
    ...template,
    spec: pulumi.output(template.spec).apply((spec) => ({ ...spec, ...fields })),
  });
const container =
  (fields: object): Change =>
  (template) => ({
    ...template,
    spec: pulumi.output(template.spec).apply((spec) => ({
      ...spec,
      containers: spec!.containers.map((each) => ({ ...each, ...fields })),
    })),
  });

describe('the laws of components', () => {
  it('have nothing against a pod as the builder makes it', async () => {
    assert.equal(await breaches(() => deployment((template) => template)), '');
  });

  const pods: [what: string, change: Change, reason: RegExp][] = [
    ['root', pod({ securityContext: {} }), /may run as root/],
    ['the host', pod({ hostNetwork: true }), /shares namespaces/],
    ['a token', pod({ automountServiceAccountToken: true }), /only schedulers need/],
    ['its node', pod({ volumes: [{ name: 'a', hostPath: {} }] }), /mounts files of its node/],
    ['rights', container({ securityContext: {} }), /main may gain rights/],
    ['no request', container({ resources: {} }), /main asks for nothing/],
  ];
  for (const [what, change, reason] of pods) {
    it(`catch a pod with ${what}`, async () => {
      assert.match(await breaches(() => deployment(change)), reason);
    });
  }

  it('catch pods that their own selector does not find, and selectors with a version', async () => {
    const other = { instance: 'other', component: 'webserver' };
    assert.match(await breaches(() => deployment((same) => same, other)), /does not find its own/);
    const selector = { ...selectorOf(PART), 'app.kubernetes.io/version': '1' };
    assert.match(
      await breaches(
        () => new k8s.core.v1.Service('web', { metadata: METADATA, spec: { selector } }),
      ),
      /selects by/,
    );
  });

  it('catch rights in the whole cluster, and those over Secrets', async () => {
    const rules = [{ apiGroups: [''], resources: ['secrets'], verbs: ['get'] }];
    assert.match(
      await breaches(() => new k8s.rbac.v1.ClusterRole('web', { metadata: METADATA, rules })),
      /in the whole cluster/,
    );
    assert.match(
      await breaches(() => new k8s.rbac.v1.Role('web', { metadata: METADATA, rules })),
      /a right to secrets/,
    );
    assert.match(
      await breaches(() => new k8s.core.v1.ServiceAccount('web', { metadata: METADATA })),
      /gives its token to every pod/,
    );
  });

  it('catch a secret that stands in a plain input, in any spelling of it', async () => {
    for (const text of ['canary', Buffer.from('canary').toString('base64')]) {
      const data = { file: `password=${text}` };
      assert.match(
        await breaches(() => new k8s.core.v1.ConfigMap('web', { metadata: METADATA, data }), {
          canaries: ['canary'],
        }),
        /shows a secret/,
      );
    }
    const stringData = { file: 'canary' };
    assert.match(
      await breaches(() => new k8s.core.v1.Secret('web', { metadata: METADATA, stringData })),
      /stringData/,
    );
  });

  it('catch objects without labels, and what a preview does not know', async () => {
    const metadata = { namespace: 'control' };
    assert.match(
      await breaches(() => new k8s.core.v1.ConfigMap('web', { metadata })),
      /no label app\.kubernetes\.io\/name/,
    );
    assert.match(
      await breaches(() => {
        const { id } = new k8s.core.v1.ConfigMap('first', { metadata: METADATA });
        return new k8s.core.v1.Service('web', { metadata: METADATA, spec: { externalName: id } });
      }),
      /spec\.externalName is not known in a preview/,
    );
  });
});
