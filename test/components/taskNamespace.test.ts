/** TaskNamespace: the border of trust around tasks. */
import assert from 'node:assert/strict';
import * as k8s from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import { setupManifest } from '../../runtime/pods/setupManifest.ts';
import { TaskNamespace, type TaskNamespaceArgs } from '../../src/index.ts';
import { LAUNCHER_RULES, SCHEDULER_RULES } from '../../src/pods/access.ts';
import { problemsOf, secretTexts } from './common.ts';
import { componentLaws } from './laws.ts';
import { at, failure, read, record, TWINS } from './mocks.ts';

const SCHEDULER = { serviceAccountName: 'brain', namespace: 'control' };
const WORKER = 'postgresql://podline_worker_podline:canary-login@db:5432/podline';

for (const twin of TWINS) {
  describe(`TaskNamespace (${twin})`, () => {
    const make = (more: Partial<TaskNamespaceArgs> = {}) =>
      record(twin, () => new TaskNamespace('tasks', { scheduler: SCHEDULER, ...more }));
    const network = async (more: Partial<TaskNamespaceArgs>) =>
      (await make(more)).one('NetworkPolicy').inputs.spec;

    it('refuses pods that are not restricted, and says so at once', async () => {
      const { one, children, value } = await make({ labels: { team: 'data' } });
      componentLaws(children);
      const labels = at(one('Namespace').inputs, 'metadata.labels') as Record<string, string>;
      for (const verb of ['enforce', 'warn', 'audit']) {
        assert.equal(labels[`pod-security.kubernetes.io/${verb}`], 'restricted');
      }
      assert.equal(labels.team, 'data');
      assert.equal(await read(value.name), 'tasks-1a2b3c4d');
      assert.equal(at(one('Role', '-scheduler').inputs, 'metadata.labels.team'), 'data');
      const own = at(one('Role', '-scheduler').inputs, 'metadata.labels') as object;
      assert.ok(!Object.keys(own).some((key) => key.startsWith('pod-security')));
    });

    it('gives schedulers one Role, the one that the documents print', async () => {
      const { one } = await make();
      const role = one('Role');
      assert.deepEqual(role.inputs.rules, SCHEDULER_RULES);
      const { rules } = setupManifest({
        name: 'home',
        namespaces: ['tasks'],
      } as Parameters<typeof setupManifest>[0]).find(
        (item) => at(item, 'kind') === 'Role',
      ) as unknown as { rules: object };
      assert.deepEqual(role.inputs.rules, rules);
      assert.deepEqual(one('RoleBinding').inputs.subjects, [
        { kind: 'ServiceAccount', name: 'brain', namespace: 'control' },
      ]);
      assert.deepEqual(one('RoleBinding').inputs.roleRef, {
        apiGroup: 'rbac.authorization.k8s.io',
        kind: 'Role',
        name: 'tasks-scheduler-1a2b3c4d',
      });
    });

    it('knows schedulers of another cluster by their user or group', async () => {
      const apiGroup = 'rbac.authorization.k8s.io';
      const user = await make({ scheduler: { user: 'podline' } });
      assert.deepEqual(user.one('RoleBinding').inputs.subjects, [
        { kind: 'User', name: 'podline', apiGroup },
      ]);
      const group = await make({ scheduler: { group: 'schedulers' } });
      assert.deepEqual(group.one('RoleBinding').inputs.subjects, [
        { kind: 'Group', name: 'schedulers', apiGroup },
      ]);
    });

    it('makes all of it in the cluster of its provider', async () => {
      const { children } = await record(twin, () => {
        const provider = new k8s.Provider('gpu', { kubeconfig: '{}' });
        return new TaskNamespace('tasks', { scheduler: { user: 'podline' } }, { provider });
      });
      const own = children.filter(({ parent }) => parent === 'tasks');
      assert.ok(own.length > 5);
      assert.ok(own.every(({ provider }) => provider.includes('::gpu::')));
    });

    it('puts the login of workers where their pods look for it', async () => {
      const { one, children, value } = await make({
        database: { secretName: 'database', workerUrl: WORKER },
      });
      componentLaws(children, { canaries: ['canary-login'] });
      assert.equal(at(one('Secret').inputs, 'metadata.name'), 'podline-worker-database');
      assert.equal(at(one('Secret').inputs, 'metadata.namespace'), 'tasks-1a2b3c4d');
      assert.deepEqual(secretTexts(one('Secret')), { url: WORKER });
      assert.equal(await read(value.workerDatabaseSecret), 'podline-worker-database');
    });

    it('leaves that Secret alone when it is there: no database, or a record without the login', async () => {
      assert.deepEqual((await make()).all('Secret'), []);
      assert.deepEqual((await make({ database: { secretName: 'database' } })).all('Secret'), []);
    });

    it('says what to do when an output turns out to have no login of workers', async () => {
      const database = pulumi.output({ secretName: 'database' });
      const error = await failure(
        twin,
        () => new TaskNamespace('tasks', { scheduler: SCHEDULER, database }),
      );
      assert.match(
        error.message,
        /TaskNamespace "tasks": database has no workerUrl. Make the Secret podline-worker-database yourself, and leave database out/,
      );
    });

    it('lets nobody in, and pods out to everything but the metadata service of the cloud', async () => {
      assert.deepEqual(await network({}), {
        podSelector: {},
        policyTypes: ['Ingress', 'Egress'],
        ingress: [],
        egress: [
          {
            to: [
              { ipBlock: { cidr: '0.0.0.0/0', except: ['169.254.169.254/32'] } },
              { ipBlock: { cidr: '::/0', except: ['fd00:ec2::254/128'] } },
              { namespaceSelector: {} },
            ],
          },
        ],
      });
    });

    it('lets pods out only to what is named, DNS and the database beside the schedulers', async () => {
      const name = (namespace: string) => ({
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
      });
      assert.deepEqual(
        await network({
          egress: [
            { cidr: '10.0.0.0/8', except: ['10.9.0.0/16'], ports: [443] },
            { namespace: 'warehouse' },
          ],
        }),
        {
          podSelector: {},
          policyTypes: ['Ingress', 'Egress'],
          ingress: [],
          egress: [
            {
              ports: [
                { protocol: 'UDP', port: 53 },
                { protocol: 'TCP', port: 53 },
              ],
            },
            {
              to: [name('control')],
              ports: [
                { protocol: 'TCP', port: 5432 },
                { protocol: 'TCP', port: 6432 },
              ],
            },
            {
              to: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.9.0.0/16'] } }],
              ports: [{ protocol: 'TCP', port: 443 }],
            },
            { to: [name('warehouse')] },
          ],
        },
      );
    });

    it('opens the metadata service, or the whole network, when asked to', async () => {
      assert.deepEqual(await network({ metadataService: true }), {
        podSelector: {},
        policyTypes: ['Ingress'],
        ingress: [],
      });
      assert.deepEqual((await make({ networkPolicy: false })).all('NetworkPolicy'), []);
    });

    it('bounds what tasks may take', async () => {
      const plain = await make();
      assert.deepEqual(at(plain.one('ResourceQuota').inputs, 'spec.hard'), { pods: '1000' });
      assert.deepEqual(at(plain.one('LimitRange').inputs, 'spec.limits'), [
        { type: 'Container', defaultRequest: { cpu: '10m', memory: '64Mi' } },
      ]);
      const more = await make({
        quota: { pods: '5', 'requests.cpu': '10' },
        limits: {
          defaultRequest: { cpu: '1' },
          defaultLimit: { memory: '1Gi' },
          max: { cpu: '8' },
        },
      });
      assert.deepEqual(at(more.one('ResourceQuota').inputs, 'spec.hard'), {
        pods: '5',
        'requests.cpu': '10',
      });
      assert.deepEqual(at(more.one('LimitRange').inputs, 'spec.limits'), [
        {
          type: 'Container',
          defaultRequest: { cpu: '1' },
          default: { memory: '1Gi' },
          max: { cpu: '8' },
        },
      ]);
    });

    it('has an account for tasks that launch pods and Jobs themselves, on request', async () => {
      const { one, children, value } = await make({ launcher: true });
      componentLaws(children);
      assert.equal(at(one('ServiceAccount').inputs, 'metadata.name'), 'podline-launcher');
      assert.deepEqual(one('Role', '-launcher').inputs.rules, LAUNCHER_RULES);
      assert.deepEqual(one('RoleBinding', '-launcher').inputs.subjects, [
        { kind: 'ServiceAccount', name: 'podline-launcher', namespace: 'tasks-1a2b3c4d' },
      ]);
      assert.deepEqual(await read(value.serviceAccounts), ['podline-launcher']);
    });

    it('has accounts with the identity of a cloud, by the names that tasks say', async () => {
      const { one, children, value } = await make({
        serviceAccounts: [{ name: 'loader', annotations: { role: 'arn' } }],
      });
      componentLaws(children);
      assert.deepEqual(at(one('ServiceAccount').inputs, 'metadata.annotations'), { role: 'arn' });
      assert.deepEqual(await read(value.serviceAccounts), ['loader']);
    });

    it('uses a namespace that is there', async () => {
      const { all, one, value } = await make({ create: false, name: pulumi.output('etl') });
      assert.deepEqual(all('Namespace'), []);
      assert.equal(at(one('Role').inputs, 'metadata.namespace'), 'etl');
      assert.equal(await read(value.name), 'etl');
    });
  });
}

describe('TaskNamespace refuses', () => {
  it('what cannot work, all of it at once, by property', () => {
    const problems = problemsOf(
      () =>
        new TaskNamespace('tasks', {
          scheduler: { serviceAccountName: 'brain', user: 'podline' },
          create: false,
          quota: { pods: 'many' },
          limits: { max: { memory: 'much' } },
          egress: [
            {},
            { cidr: 'everywhere' },
            { namespace: 'Warehouse', except: ['10.0.0.0/8'], ports: [0] },
          ],
          metadataService: true,
          serviceAccounts: [
            { name: 'loader' },
            { name: 'loader' },
            { name: 'podline-launcher' },
            { name: 'A' },
          ],
        }),
    );
    assert.deepEqual(problems, [
      'name: it is missing',
      'scheduler: it says serviceAccountName and user; give only one of serviceAccountName, user, group',
      'scheduler.namespace: it is missing',
      'quota.pods: "many" is no quantity: write for example 2, "500m", "1.5" or "256Mi"',
      'limits.max.memory: "much" is no quantity: write for example 2, "500m", "1.5" or "256Mi"',
      'metadataService: egress already says what is open; name its address there',
      'egress[0]: it says nothing; give one of cidr, namespace',
      'egress[1].cidr: "everywhere" is no range of addresses; give one like 10.1.0.0/16',
      'egress[2].namespace: "Warehouse" is no name: use at most 63 lower-case letters, digits and "-"',
      'egress[2].except: it belongs to cidr',
      'egress[2].ports[0]: 0 is not usable; give a whole number from 1 to 65535',
      'serviceAccounts[1].name: "loader" is there twice',
      'serviceAccounts[2].name: "podline-launcher" is made by launcher: true',
      'serviceAccounts[3].name: "A" is no name: use lower-case letters, digits, "-" and "."',
    ]);
  });

  it('nobody to launch, and a network that is said and not made', () => {
    assert.deepEqual(
      problemsOf(() => new TaskNamespace('tasks', {} as TaskNamespaceArgs)),
      ['scheduler: it is missing; say who launches pods here'],
    );
    assert.deepEqual(
      problemsOf(
        () =>
          new TaskNamespace('tasks', {
            scheduler: { group: 'a' },
            networkPolicy: false,
            egress: [],
          }),
      ),
      ['egress: it needs the NetworkPolicy, and networkPolicy is false'],
    );
  });
});
