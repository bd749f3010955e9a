/** The example compose-into-platform: parts in namespaces, a database and an ingress that belong to others, and stay theirs. */
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { Deployed } from './deployed.ts';
import { Fixture } from './fixture.ts';
import { OutsideServer } from './outsideServer.ts';
import type { PulumiStack } from './pulumiStack.ts';

const KINDS = ['deployments', 'services', 'configmaps', 'secrets', 'serviceaccounts', 'jobs'];

describe('the stack from parts, in what a platform provides', () => {
  const fixture = new Fixture();
  let server: OutsideServer;
  let stack: PulumiStack;
  let deployed: Deployed;
  let namespace: string;
  let tasks: string;
  const canary = `canary-${crypto.randomBytes(12).toString('hex')}`;

  before(async () => {
    await fixture.open();
    server = await OutsideServer.start(fixture.cluster.hostAddress, 'not-used');
    fixture.atEnd(() => server.stop());
    namespace = await fixture.cluster.namespace({ restricted: true });
    tasks = await fixture.cluster.namespace({ restricted: true });
    stack = await fixture.stack({
      example: 'compose-into-platform',
      config: {
        image: fixture.images.podline,
        namespace,
        taskNamespace: tasks,
        host: 'podline.test',
        ingressClass: 'platform',
        team: 'payments',
      },
      secrets: { databaseUrl: await server.database('etl', canary) },
    });
  });
  after(() => fixture.close());

  it('runs a DAG in the namespaces given', async () => {
    await stack.up();
    deployed = await Deployed.of(fixture.cluster, await stack.outputs());
    assert.deepEqual([deployed.place.namespace, deployed.place.tasks], [namespace, tasks]);
    const run = await deployed.ended('hello', await deployed.trigger('hello'));
    assert.equal(run.state, 'success', JSON.stringify(run));
  });

  it('is reached by an ingress of the class given', async () => {
    const said = await deployed.kubectl('get', 'ingress', '-n', namespace, '-o', 'json');
    const { items } = JSON.parse(said) as {
      items: { spec: { ingressClassName: string; rules: { host: string }[] } }[];
    };
    assert.deepEqual(
      items.map(({ spec }) => [spec.ingressClassName, spec.rules.map(({ host }) => host)]),
      [['platform', ['podline.test']]],
    );
  });

  it('has the label of its team on every object that it made', async () => {
    for (const place of [namespace, tasks]) {
      const of = (...more: string[]) =>
        deployed.kubectl(
          ...['get', KINDS.join(','), '-n', place, '-o', 'name'],
          ...['-l', ['app.kubernetes.io/managed-by=pulumi', ...more].join(',')],
        );
      const all = await of();
      assert.ok(all.length > 0);
      assert.equal(await of('example.com/team=payments'), all);
    }
  });

  it('is unchanged in a preview of the same program, and has no password in its state', async () => {
    const { changes } = await stack.preview('--expect-no-changes');
    assert.deepEqual(changes, []);
    assert.ok(!(await stack.state()).includes(canary));
  });

  it('leaves to others what is theirs', async () => {
    await stack.destroy();
    for (const place of [namespace, tasks]) {
      const phase = ['get', 'namespace', place, '-o', 'jsonpath={.status.phase}'];
      assert.equal(await deployed.kubectl(...phase), 'Active');
      const left = ['get', KINDS.join(','), '-n', place, '-o', 'name'];
      const mine = ['-l', 'app.kubernetes.io/part-of=podline'];
      assert.equal(await deployed.kubectl(...left, ...mine), '');
    }
    assert.equal((await server.query(`SELECT 1 FROM pg_database WHERE datname = 'etl'`)).length, 1);
  });
});
