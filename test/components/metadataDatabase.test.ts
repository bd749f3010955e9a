/** MetadataDatabase: three ways to a PostgreSQL behind one record. */
import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import * as k8s from '@pulumi/kubernetes';
import * as postgresql from '@pulumi/postgresql';
import * as pulumi from '@pulumi/pulumi';
import { DatabaseMode, MetadataDatabase, type MetadataDatabaseArgs } from '../../src/index.ts';
import { poolUrl, workerUrl } from '../../src/model/databaseRoles.ts';
import { mainOf, problemsOf, secretTexts, workload } from './common.ts';
import { componentLaws } from './laws.ts';
import { failure, isSecret, read, record, TWINS, UNKNOWN } from './mocks.ts';

const OWNER = 'postgresql://podline:canary-password@db.example.com:5432/podline';
const canaries = ['canary-password'];

for (const twin of TWINS) {
  describe(`MetadataDatabase (${twin})`, () => {
    const make = (args: Omit<MetadataDatabaseArgs, 'namespace'>) =>
      record(twin, () => new MetadataDatabase('db', { namespace: 'control', ...args }));

    describe('External', () => {
      const external = (more: MetadataDatabaseArgs['external']) =>
        make({ mode: DatabaseMode.External, external: more });

      it('keeps a connection string in a Secret, with the ones that follow from it', async () => {
        const { one, children, value } = await external({ url: OWNER });
        componentLaws(children, { canaries });
        assert.deepEqual(
          children.map(({ type }) => type),
          ['podline:index:MetadataDatabase', 'kubernetes:core/v1:Secret'],
        );
        assert.deepEqual(secretTexts(one('Secret')), {
          url: OWNER,
          'worker-url': workerUrl(OWNER),
          'pool-url': poolUrl(OWNER),
        });
        assert.deepEqual(await read(value.connection), {
          secretName: 'db-connection-1a2b3c4d',
          url: OWNER,
          workerUrl: workerUrl(OWNER),
          poolUrl: poolUrl(OWNER),
        });
        assert.equal(await read(value.host), 'db.example.com');
        assert.equal(await read(value.port), 5432);
        assert.equal(await read(value.mode), 'External');
      });

      it('says where it is in the open, and how to log in as a secret', async () => {
        const { value } = await external({ url: pulumi.output(OWNER) });
        assert.equal(await isSecret(value.connection), true);
        for (const output of [value.secretName, value.host, value.port, value.mode]) {
          assert.equal(await isSecret(output), false);
        }
      });

      it('takes the parts of a connection string', async () => {
        const { one } = await external({
          host: pulumi.output('db'),
          port: 6543,
          database: 'orders & more',
          user: 'o@b',
          password: 'canary-password/?#',
          sslMode: 'require',
        });
        const { url } = secretTexts(one('Secret'));
        assert.equal(
          url,
          'postgresql://o%40b:canary-password%2F%3F%23@db:6543/orders%20%26%20more?sslmode=require',
        );
      });

      it('takes a Secret that is there, and makes nothing', async () => {
        const { children, value } = await external({
          existingSecret: { name: 'cnpg-app', key: 'uri' },
        });
        assert.equal(children.length, 1);
        assert.deepEqual(await read(value.connection), {
          secretName: 'cnpg-app',
          secretKey: 'uri',
        });
        assert.equal(await read(value.secretName), 'cnpg-app');
        assert.equal(await read(value.host), '');
      });

      it('passes a record on, with its Secret in the open', async () => {
        const { children, value } = await record(twin, () => {
          const first = new MetadataDatabase('first', {
            namespace: 'control',
            mode: DatabaseMode.External,
            external: { url: OWNER },
          });
          const { connection } = first;
          return new MetadataDatabase('second', {
            namespace: 'control',
            mode: DatabaseMode.External,
            external: { connection },
          });
        });
        componentLaws(children, { canaries });
        assert.equal(await read(value.secretName), 'first-connection-1a2b3c4d');
        assert.equal(await isSecret(value.secretName), false);
        assert.equal(await isSecret(value.connection), true);
        assert.equal(await read(value.host), 'db.example.com');
      });

      it('makes owner, roles and database, one after the other, where a provider is given', async () => {
        const { one, all, children, value } = await record(twin, () => {
          const provider = new postgresql.Provider('server', { host: 'db', username: 'admin' });
          return new MetadataDatabase(
            'db',
            {
              namespace: 'control',
              mode: DatabaseMode.External,
              external: {
                host: 'db',
                password: 'canary-password',
                provision: { workerConnectionLimit: 50 },
              },
            },
            { providers: { postgresql: provider } },
          );
        });
        componentLaws(children, { canaries });
        const owner = one('Role', '-owner');
        assert.equal(owner.inputs.name, 'podline');
        assert.equal(owner.inputs.password, 'canary-password');
        assert.ok(owner.provider.includes('server'), 'the provider of the caller');
        assert.equal(one('Database').inputs.owner, 'podline');
        const worker = one('Role', '-worker');
        const login = new URL(workerUrl('postgresql://podline:canary-password@db:5432/podline'));
        assert.equal(worker.inputs.name, login.username);
        assert.equal(worker.inputs.password, login.password);
        assert.equal(worker.inputs.connectionLimit, 50);
        assert.equal(one('Role', '-pool').inputs.name, 'podline_pool_podline');
        assert.deepEqual(
          all('Grant').map(({ inputs }) => [inputs.role, inputs.privileges]),
          [
            ['podline_worker_podline', ['CONNECT']],
            ['podline_pool_podline', ['CONNECT']],
          ],
        );
        assert.ok(one('Grant', '-pool-connect').after.includes('db-worker-connect'));
        assert.ok(one('Secret').after.includes('db-pool-connect'), 'nobody connects before');
        assert.equal(one('Database').retainOnDelete, false);
        assert.equal(await read(value.host), 'db');
      });

      it('keeps roles and database when they are asked to stay', async () => {
        const { one, all } = await external({
          host: 'db',
          provision: { keepData: true },
        });
        assert.ok([...all('Role'), one('Database')].every(({ retainOnDelete }) => retainOnDelete));
        assert.deepEqual(one('Stash').ignoreChanges, ['input'], 'a password of its own');
      });

      it('knows the names of roles before their passwords', async () => {
        const { all } = await external({ host: 'db', provision: {} });
        assert.deepEqual(
          all('Role')
            .map(({ inputs }) => inputs.name)
            .sort(),
          ['podline', 'podline_pool_podline', 'podline_worker_podline'],
        );
        for (const { inputs } of all('Role')) {
          assert.equal(inputs.password === UNKNOWN, twin === 'preview');
        }
      });
    });

    describe('with a pooler', () => {
      it('leads workers through it, and nobody else', async () => {
        const { one, children, value } = await make({
          mode: DatabaseMode.External,
          external: { url: `${OWNER}?sslmode=require` },
          pooler: { image: 'pgbouncer:1.24', poolSize: 7 },
        });
        componentLaws(children, { canaries });
        const {
          url,
          workerUrl: worker,
          poolUrl: pool,
        } = (await read(value.connection)) as {
          url: string;
          workerUrl: string;
          poolUrl: string;
        };
        assert.equal(new URL(worker).host, 'db-pooler-1a2b3c4d.control.svc:6432');
        assert.equal(new URL(worker).search, '');
        assert.equal(new URL(url).host, 'db.example.com:5432');
        assert.equal(new URL(pool).host, 'db.example.com:5432');
        const files = secretTexts(one('Secret', '-pooler'));
        const direct = new URL(workerUrl(OWNER));
        assert.equal(files['userlist.txt'], `"${direct.username}" "${direct.password}"\n`);
        const lines = files['pgbouncer.ini']!.split('\n');
        for (const line of [
          '* = host=db.example.com port=5432',
          'pool_mode = transaction',
          'default_pool_size = 7',
          'max_client_conn = 5000',
          'server_tls_sslmode = require',
        ]) {
          assert.ok(lines.includes(line), line);
        }
        assert.equal(workload(one('Deployment')).spec.replicas, 2);
        assert.deepEqual(mainOf(one('Deployment')).command, [
          'pgbouncer',
          '/etc/pgbouncer/pgbouncer.ini',
        ]);
      });

      it('says what is missing when a record has no login of workers', async () => {
        if (twin === 'preview') return;
        const error = await failure(
          twin,
          () =>
            new MetadataDatabase('db', {
              namespace: 'control',
              mode: DatabaseMode.External,
              external: { connection: pulumi.output({ secretName: 'other' }) },
              pooler: { image: 'pgbouncer:1.24' },
            }),
        );
        assert.match(error.message, /The pooler of db needs the workers' connection string/);
      });
    });

    it('shows no part of a connection string that turns out to be none', async () => {
      const error = await failure(
        twin,
        () =>
          new MetadataDatabase('db', {
            namespace: 'control',
            mode: DatabaseMode.External,
            external: { url: pulumi.output('canary-password') },
          }),
      );
      assert.match(error.message, /it is no connection string|must be like postgresql:/);
      assert.ok(!inspect(error, { depth: 9 }).includes('canary'), inspect(error, { depth: 9 }));
    });

    it('comes after what it depends on, with all its parts', async () => {
      const { children } = await record(twin, () => {
        const first = new k8s.core.v1.Namespace('first');
        return new MetadataDatabase(
          'db',
          { namespace: 'control', mode: DatabaseMode.Embedded },
          { dependsOn: [first] },
        );
      });
      const own = children.filter(({ parent }) => parent === 'db');
      assert.ok(own.length > 3);
      assert.deepEqual(
        own.filter(({ after }) => !after.includes('first')),
        [],
      );
    });
  });
}

describe('MetadataDatabase refuses', () => {
  const problems = (args: Partial<MetadataDatabaseArgs>) =>
    problemsOf(
      () => new MetadataDatabase('db', { namespace: 'control', ...args } as MetadataDatabaseArgs),
    );

  it('a mode that it does not know, and parts of other modes', () => {
    assert.deepEqual(problems({}), ['mode: it is missing']);
    assert.deepEqual(problems({ mode: 'SQLite' as DatabaseMode }), [
      'mode: "SQLite" is not known; choose one of External, CloudNativePg, Embedded',
    ]);
    assert.deepEqual(
      problems({ mode: DatabaseMode.Embedded, external: { url: OWNER }, cloudNativePg: {} }),
      [
        'external: it is for mode External, and the mode is Embedded',
        'cloudNativePg: it is for mode CloudNativePg, and the mode is Embedded',
      ],
    );
  });

  it('a server that is not said, or said twice', () => {
    assert.deepEqual(problems({ mode: DatabaseMode.External }), [
      'external: it is missing; mode External needs to know the server',
    ]);
    assert.deepEqual(problems({ mode: DatabaseMode.External, external: {} }), [
      'external: it says nothing; give one of connection, existingSecret, url, host',
    ]);
    assert.deepEqual(
      problems({
        mode: DatabaseMode.External,
        external: { url: OWNER, existingSecret: { name: '' }, user: 'x', provision: {} },
      }),
      [
        'external: it says existingSecret and url; give only one of connection, existingSecret, url, host',
        'external.existingSecret.name: it is missing',
        'external.user: it belongs to host, which is not given',
        'external.provision: it belongs to host, which is not given',
      ],
    );
  });

  it('connection strings that cannot be used, without showing them', () => {
    const like = 'give one like postgresql://user:password@host:5432/database';
    for (const [url, reason] of [
      ['db.example.com', `it is no connection string; ${like}`],
      ['mysql://a:b@c/d', `it is no connection string; ${like}`],
      ['postgresql://a:b@c/', `it names no host or no database; ${like}`],
      ['postgresql://a@c/d', `it has no user or no password; ${like}`],
    ] as const) {
      assert.deepEqual(problems({ mode: DatabaseMode.External, external: { url } }), [
        `external.url: ${reason}`,
      ]);
    }
  });

  it('a login without a password, and logins of workers that would follow by themselves', () => {
    assert.deepEqual(problems({ mode: DatabaseMode.External, external: { host: 'db' } }), [
      'external.password: it is missing; only `provision` makes one',
    ]);
    assert.deepEqual(
      problems({ mode: DatabaseMode.External, external: { url: OWNER, workerUrl: OWNER } }),
      [
        'external.workerUrl: it is for existingSecret; otherwise it follows from the login of the owner',
      ],
    );
  });

  it('sizes, images and numbers that Kubernetes would refuse', () => {
    assert.deepEqual(
      problems({
        mode: DatabaseMode.Embedded,
        embedded: { image: 'a b', storage: { size: 'big' }, runAsUser: 0 },
        pooler: { image: '', replicas: 0, poolSize: 0, maxClients: 1.5 },
      }),
      [
        'embedded.image: "a b" is no image: write for example registry.example/team/image:1.2',
        'embedded.storage.size: "big" is no quantity: write for example 2, "500m", "1.5" or "256Mi"',
        'embedded.runAsUser: 0 is not usable; give a whole number from 1 to 4294967295',
        'pooler.image: it is missing',
        'pooler.replicas: 0 is not usable; give a whole number from 1 to 100',
        'pooler.poolSize: 0 is not usable; give a whole number from 1 to 10000',
        'pooler.maxClients: 1.5 is not usable; give a whole number from 1 to 100000',
      ],
    );
  });

  it('a pooler for a Secret of which nobody knows the login of workers', () => {
    assert.deepEqual(
      problems({
        mode: DatabaseMode.External,
        external: { existingSecret: { name: 'there' } },
        pooler: { image: 'pgbouncer:1.24' },
      }),
      ['pooler: it needs the login of workers; give external.workerUrl'],
    );
  });

  it('choices that are outputs, because they decide what is made', () => {
    const mode = pulumi.output('Embedded') as unknown as DatabaseMode;
    assert.deepEqual(problems({ mode }), [
      'mode: it decides what is made, so it must be known when the program runs; it is an output',
    ]);
  });
});
