/** The example external-postgres: roles, database and grants on a real server by the provider, and PgBouncer before it. */
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { Deployed } from './deployed.ts';
import { measured } from './figures.ts';
import { Fixture } from './fixture.ts';
import { OutsideServer } from './outsideServer.ts';
import type { PulumiStack } from './pulumiStack.ts';
import { needsPlugin } from './tools.ts';

const ROLES = ['etl', 'podline_pool_etl', 'podline_worker_etl'];

describe('the stack on a server outside of the cluster', () => {
  const fixture = new Fixture();
  let server: OutsideServer;
  let stack: PulumiStack;
  let deployed: Deployed;
  const canary = `canary-${crypto.randomBytes(12).toString('hex')}`;

  before(async function () {
    await needsPlugin(this, 'postgresql');
    await fixture.open();
    server = await OutsideServer.start(fixture.cluster.hostAddress, canary);
    fixture.atEnd(() => server.stop());
    stack = await fixture.stack({
      example: 'external-postgres',
      config: {
        image: fixture.images.podline,
        poolerImage: fixture.images.pgbouncer,
        host: server.host,
        port: String(server.port),
        adminUser: server.adminUser,
        sslMode: 'disable',
        database: 'etl',
        keepData: 'false',
      },
      secrets: { adminPassword: canary },
    });
  });
  after(() => fixture.close());

  it('makes owner, roles and database, and runs a DAG whose workers come through the pooler', async () => {
    const { seconds, counts } = await stack.up();
    measured('external-postgres: pulumi up', seconds, 's');
    measured('external-postgres: resources', counts.create ?? 0, 'resources');
    deployed = await Deployed.of(fixture.cluster, await stack.outputs());
    const run = await deployed.ended('hello', await deployed.trigger('hello'));
    assert.equal(run.state, 'success', JSON.stringify(run));
    const { namespace } = deployed.place;
    const pods = await deployed.names(namespace, 'pods');
    const poolers = pods.filter((name) => name.includes('pooler'));
    assert.equal(poolers.length, 2);
    const said = await Promise.all(
      poolers.map((pod) => deployed.kubectl('logs', '-n', namespace, pod)),
    );
    assert.match(said.join('\n'), /podline_worker_etl@.*login attempt/);
  });

  it('gives each role what it needs and no more', async () => {
    const roles = await server.query(
      `SELECT rolname, rolsuper, rolcreaterole, rolcreatedb, rolinherit, rolconnlimit
         FROM pg_roles WHERE rolname LIKE '%etl' ORDER BY rolname`,
    );
    assert.deepEqual(
      roles.map(({ rolname }) => rolname),
      ROLES,
    );
    for (const role of roles) {
      assert.equal(role.rolsuper, false);
      assert.equal(role.rolcreaterole, false);
      assert.equal(role.rolcreatedb, false);
    }
    assert.equal(roles[2]?.rolconnlimit, 200);
  });

  it('is unchanged in a preview of the same program', async () => {
    const { changes } = await stack.preview('--expect-no-changes');
    assert.deepEqual(changes, []);
  });

  it('has no password in its state that can be read', async () => {
    const state = await stack.state();
    assert.ok(!state.includes(canary));
    const { namespace, tasks } = deployed.place;
    let count = 0;
    for (const place of [namespace, tasks]) {
      const said = await deployed.kubectl('get', 'secrets', '-n', place, '-o', 'json');
      const { items } = JSON.parse(said) as { items: { data: Record<string, string> }[] };
      for (const encoded of items.flatMap(({ data }) => Object.values(data))) {
        count += 1;
        assert.ok(!state.includes(encoded));
        assert.ok(!state.includes(Buffer.from(encoded, 'base64').toString()));
      }
    }
    assert.ok(count >= 4);
  });

  it('takes roles and database away with it', async () => {
    await stack.destroy();
    assert.deepEqual(await server.query(`SELECT 1 FROM pg_roles WHERE rolname LIKE '%etl'`), []);
    assert.deepEqual(await server.query(`SELECT 1 FROM pg_database WHERE datname = 'etl'`), []);
  });
});
