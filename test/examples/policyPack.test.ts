/** The policy pack: what the components make by default keeps its rules, and each rule finds what it is for. */
import assert from 'node:assert/strict';
import type { ResourceValidationArgs } from '@pulumi/policy';
import { Connection, DatabaseMode, Orchestrator, WorkerPool } from 'podline';
import { imageParts } from '../../examples/policy-pack/objects.ts';
import { policies } from '../../examples/policy-pack/policies.ts';
import { type Child, record, TWINS } from '../components/mocks.ts';

const IMAGE = 'registry.example.com/podline:1.2.3';

interface Shown {
  type: string;
  props: unknown;
  stack?: string;
  config?: Record<string, unknown>;
}

/** Violations as `rule: words`, with the settings that a policy has without any configuration. */
async function violations({ type, props, stack = 'prod', config = {} }: Shown): Promise<string[]> {
  const found: string[] = [];
  for (const policy of policies) {
    assert.ok('validateResource' in policy, policy.name);
    const properties = policy.configSchema?.properties ?? {};
    const settings = Object.fromEntries(
      Object.entries(properties).map(([name, { default: usual }]) => [name, config[name] ?? usual]),
    );
    const args = {
      type,
      props,
      urn: `urn:pulumi:${stack}::project::${type}::name`,
      name: 'name',
      getConfig: () => settings,
    } as unknown as ResourceValidationArgs;
    for (const validate of [policy.validateResource ?? []].flat()) {
      await validate(args, (message) => found.push(`${policy.name}: ${message}`));
    }
  }
  return found;
}

const ofChildren = async (children: readonly Child[], more: Partial<Shown> = {}) => {
  const all = await Promise.all(
    children.map(({ type, inputs }) => violations({ type, props: inputs, ...more })),
  );
  return all.flat();
};

/** A Deployment that keeps all rules, but for what a test changes. */
const deployment = (container: object = {}, pod: object = {}, labels: object = {}): Shown => ({
  type: 'kubernetes:apps/v1:Deployment',
  props: {
    spec: {
      template: {
        metadata: { labels },
        spec: {
          automountServiceAccountToken: false,
          securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
          containers: [
            {
              name: 'app',
              image: IMAGE,
              resources: { requests: { cpu: '1', memory: '1Gi' }, limits: { memory: '1Gi' } },
              securityContext: {
                allowPrivilegeEscalation: false,
                capabilities: { drop: ['ALL'] },
              },
              ...container,
            },
          ],
          ...pod,
        },
      },
    },
  },
});

describe('policy pack', () => {
  for (const twin of TWINS) {
    it(`has nothing to say about a production stack of Podline (${twin})`, async () => {
      const { children } = await record(twin, () => {
        const orchestrator = new Orchestrator('etl', {
          image: IMAGE,
          database: {
            mode: DatabaseMode.External,
            external: { url: 'postgresql://podline:secret@db.example.org:5432/podline' },
          },
        });
        new WorkerPool('gpu', {
          namespace: orchestrator.taskNamespace,
          image: IMAGE,
          database: orchestrator.connection,
        });
        return new Connection('warehouse', {
          namespaces: [orchestrator.taskNamespace],
          externalSecret: { store: 'vault', key: 'warehouse' },
        });
      });
      assert.ok(children.length > 20);
      assert.deepEqual(await ofChildren(children), []);
    });

    it(`lets the database inside the cluster be for development alone (${twin})`, async () => {
      const { children } = await record(
        twin,
        () =>
          new Orchestrator('etl', {
            image: IMAGE,
            database: {
              mode: DatabaseMode.Embedded,
              embedded: { image: 'registry.example.com/postgres:18' },
            },
          }),
      );
      assert.deepEqual(await ofChildren(children, { stack: 'dev' }), []);
      const found = await ofChildren(children, { stack: 'prod' });
      assert.equal(found.length, 1);
      assert.match(
        found[0]!,
        /^embedded-database-in-dev-only: stack prod has an Embedded database/,
      );
    });
  }

  const cases: [title: string, rule: string, shown: Shown][] = [
    ['a pod that may be root', 'restricted-pods', deployment({}, { securityContext: {} })],
    ['a pod on the network of its node', 'restricted-pods', deployment({}, { hostNetwork: true })],
    [
      'files of the node',
      'restricted-pods',
      deployment({}, { volumes: [{ name: 'x', hostPath: { path: '/' } }] }),
    ],
    ['a container with rights', 'restricted-pods', deployment({ securityContext: {} })],
    [
      'a privileged container',
      'restricted-pods',
      deployment({ securityContext: { privileged: true } }),
    ],
    [
      'a token for whoever is no scheduler',
      'tokens-for-schedulers',
      deployment(
        {},
        { automountServiceAccountToken: true },
        { 'app.kubernetes.io/component': 'webserver' },
      ),
    ],
    ['a container that asks for nothing', 'requests-and-limits', deployment({ resources: {} })],
    ['an image without a tag', 'fixed-images', deployment({ image: 'registry.example.com/app' })],
    ['the tag latest', 'fixed-images', deployment({ image: 'registry.example.com/app:latest' })],
    ['another registry', 'allowed-registries', deployment({ image: 'docker.io/library/app:1' })],
    [
      'an image of Docker Hub without its name',
      'allowed-registries',
      deployment({ image: 'app:1' }),
    ],
    [
      'rights in the whole cluster',
      'no-cluster-roles',
      { type: 'kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding', props: {} },
    ],
    [
      'a password in the program',
      'connections-by-reference',
      { type: 'podline:index:Connection', props: { type: 'http', password: 'x' } },
    ],
    [
      'a URI in the program',
      'connections-by-reference',
      { type: 'podline:index:Connection', props: { uri: 'http://a:b@c' } },
    ],
  ];
  for (const [title, rule, shown] of cases) {
    it(`finds ${title}`, async () => {
      const found = await violations(shown);
      assert.ok(found.length > 0, 'nothing was found');
      assert.deepEqual([...new Set(found.map((text) => text.split(':')[0]))], [rule]);
    });
  }

  it('lets a scheduler have its token, a digest be a version, and a registry be configured', async () => {
    assert.deepEqual(await violations(deployment()), []);
    const scheduler = { 'app.kubernetes.io/component': 'scheduler' };
    const token = { automountServiceAccountToken: true };
    assert.deepEqual(await violations(deployment({}, token, scheduler)), []);
    const image = `ghcr.io/a/b@sha256:${'0'.repeat(64)}`;
    const config = { registries: ['ghcr.io'] };
    assert.deepEqual(await violations({ ...deployment({ image }), config }), []);
  });

  it('looks into Jobs, CronJobs, StatefulSets, pods and init containers', async () => {
    const { spec } = deployment({ image: 'registry.example.com/app' }).props as {
      spec: { template: { spec: { containers: unknown[] } } };
    };
    const pod = spec.template.spec;
    const shapes: [string, object][] = [
      ['kubernetes:batch/v1:Job', { spec }],
      ['kubernetes:batch/v1:CronJob', { spec: { jobTemplate: { spec } } }],
      ['kubernetes:apps/v1:StatefulSet', { spec }],
      ['kubernetes:core/v1:Pod', { spec: pod }],
      [
        'kubernetes:core/v1:Pod',
        { spec: { ...pod, containers: [], initContainers: pod.containers } },
      ],
    ];
    for (const [type, props] of shapes) {
      const [first, ...rest] = await violations({ type, props });
      assert.match(first ?? '', /^fixed-images: /, type);
      assert.deepEqual(rest, []);
    }
  });

  it('reads images as registries name them', () => {
    assert.deepEqual(imageParts('app'), {
      registry: 'docker.io',
      tag: undefined,
      digest: undefined,
    });
    assert.equal(imageParts('team/app:1').registry, 'docker.io');
    assert.equal(imageParts('localhost/app:1').registry, 'localhost');
    assert.equal(imageParts('reg.example:5000/app').tag, undefined);
    assert.equal(imageParts('reg.example:5000/app').registry, 'reg.example:5000');
  });
});
