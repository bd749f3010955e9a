/** Connections in a deployment: a Secret that workers can read in each namespace, and a secret everywhere else. */
import assert from 'node:assert/strict';
import * as k8s from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import { Connection, type ConnectionArgs } from '../../components/connection.ts';
import { connectionEnv } from '../../runtime/pods/podIdentity.ts';
import { parseConnection } from '../../src/connections/connection.ts';
import { componentLaws } from './laws.ts';
import { type Child, failure, read, record, TWINS, type Twin } from './mocks.ts';

type Secret = k8s.types.output.core.v1.Secret;

const PASSWORD = 'p@ss/wörd "1"';
const args = (more: Partial<ConnectionArgs> = {}): ConnectionArgs => ({
  namespaces: ['etl'],
  ...more,
});
const make = (twin: Twin, more: Partial<ConnectionArgs>, name = 'warehouse') =>
  record(twin, () => new Connection(name, args(more)));
const valueOf = (secret: Child) =>
  Buffer.from((secret.inputs as unknown as Secret).data.value ?? '', 'base64').toString();
const metadataOf = (child: Child) => (child.inputs as unknown as Secret).metadata;

const problems = async (twin: Twin, more: object, name?: string) => {
  const error = await failure(twin, () => new Connection(name ?? 'warehouse', args(more)));
  assert.ok(error instanceof pulumi.InputPropertiesError, String(error));
  const { errors } = error as unknown as { errors: { propertyPath: string; reason: string }[] };
  return errors.map(({ propertyPath, reason }) => `${propertyPath}: ${reason}`);
};

describe('Connection', () => {
  for (const twin of TWINS) {
    describe(twin, () => {
      it('is the Secret that pods of tasks look for', async () => {
        const { one, value } = await make(twin, {
          connectionId: 'Warehouse.EU',
          uri: 'postgresql://loader:secret@db.example.org:5432/sales',
        });
        const secret = one('Secret');
        assert.equal(secret.name, 'warehouse-etl');
        const { name, namespace } = metadataOf(secret);
        assert.equal(namespace, 'etl');
        const [wanted] = connectionEnv(['Warehouse.EU'], true);
        assert.deepEqual(wanted?.valueFrom, {
          secretKeyRef: { name, key: 'value', optional: true },
        });
        assert.equal(await read(value.secretName), name);
        assert.equal(await read(value.connectionId), 'Warehouse.EU');
      });

      it('is a URI that workers read back to what was said', async () => {
        const { one } = await make(twin, {
          type: 'postgresql',
          host: 'db.example.org',
          port: 5433,
          login: 'loader',
          password: PASSWORD,
          schema: 'sales',
          extra: { sslmode: 'require' },
        });
        const { uri, ...read } = parseConnection('warehouse', valueOf(one('Secret')));
        assert.match(uri, /^postgresql:\/\/loader:/);
        assert.deepEqual(read, {
          id: 'warehouse',
          type: 'postgresql',
          host: 'db.example.org',
          port: 5433,
          login: 'loader',
          password: PASSWORD,
          schema: 'sales',
          extra: { sslmode: 'require' },
        });
      });

      it('keeps extras that are no text', async () => {
        const { one } = await make(twin, {
          type: 's3',
          login: 'KEY',
          password: 'SECRET',
          extra: { region: 'eu-central-1', path_style: true },
        });
        const { extra } = parseConnection('lake', valueOf(one('Secret')));
        assert.deepEqual(extra, { region: 'eu-central-1', path_style: true });
      });

      it('never shows what is secret, in its own inputs and in the Secret', async () => {
        const { one, all, children } = await make(twin, {
          type: 'http',
          host: 'api.example.org',
          password: 'plain from YAML',
          extra: { token: 'plain, too' },
        });
        componentLaws(children, { canaries: ['plain from YAML', 'plain, too'] });
        assert.deepEqual(one('Secret').secrets, ['data']);
        assert.deepEqual(one('Connection').secrets, ['extra', 'password']);
        const [uri] = (await make(twin, { uri: 'http://u:p@h' })).all('Connection');
        assert.deepEqual(uri?.secrets, ['uri']);
        assert.equal(all('Secret').length, 1);
      });

      it('is in every namespace that is named, known or not', async () => {
        const { all } = await record(twin, () => {
          const namespaces = ['etl', pulumi.output('ml')];
          return new Connection('warehouse', args({ namespaces, uri: 'http://h' }));
        });
        assert.deepEqual(
          all('Secret')
            .map((secret) => [secret.name, metadataOf(secret).namespace])
            .sort(),
          [
            ['warehouse-1', 'ml'],
            ['warehouse-etl', 'etl'],
          ],
        );
      });

      it('comes from a vault, and is then neither in the program nor in the state', async () => {
        const { one, all } = await make(twin, {
          externalSecret: { store: 'vault', key: 'prod/warehouse', property: 'uri' },
        });
        assert.deepEqual(all('Secret'), []);
        const { apiVersion, metadata, spec } = one('ExternalSecret').inputs as unknown as {
          apiVersion: string;
          metadata: { name: string; annotations: object };
          spec: object;
        };
        assert.equal(apiVersion, 'external-secrets.io/v1');
        assert.equal(metadata.name, 'podline-connection-warehouse');
        assert.deepEqual(metadata.annotations, { 'pulumi.com/waitFor': 'condition=Ready' });
        assert.deepEqual(spec, {
          refreshInterval: '1h',
          secretStoreRef: { name: 'vault', kind: 'ClusterSecretStore' },
          target: { name: 'podline-connection-warehouse' },
          data: [{ secretKey: 'value', remoteRef: { key: 'prod/warehouse', property: 'uri' } }],
        });
      });

      it('is put together from what a vault has and what is said', async () => {
        const { one } = await make(twin, {
          type: 'sftp',
          host: 'files.example.org',
          schema: 'in/{{day}}',
          extra: { host_key: 'SHA256:abc' },
          externalSecret: {
            store: 'team',
            storeKind: 'SecretStore',
            key: 'sftp',
            fields: { password: 'pass', login: 'user', 'extra.private_key': 'key' },
          },
        });
        const { spec } = one('ExternalSecret').inputs as unknown as {
          spec: {
            target: { template: { engineVersion: string; data: { value: string } } };
            data: { secretKey: string; remoteRef: { property: string } }[];
          };
        };
        const { engineVersion, data } = spec.target.template;
        assert.equal(engineVersion, 'v2');
        assert.deepEqual(
          spec.data.map(({ secretKey, remoteRef }) => [secretKey, remoteRef.property]),
          [
            ['extra.private_key', 'key'],
            ['login', 'user'],
            ['password', 'pass'],
          ],
        );
        const vault: Record<string, string> = {
          'extra.private_key': '-----BEGIN\nkey',
          login: 'a"b',
          password: PASSWORD,
        };
        // What Go's templates do with the few forms that are used.
        const text = data.value
          .replace(/\{\{ index \. "([^"]+)" \| toJson \}\}/g, (_all, field: string) =>
            JSON.stringify(vault[field]),
          )
          .replaceAll('{{ "{{" }}', '{{');
        const { uri: _uri, ...connection } = parseConnection('files', text);
        assert.deepEqual(connection, {
          id: 'files',
          type: 'sftp',
          host: 'files.example.org',
          port: undefined,
          login: 'a"b',
          password: PASSWORD,
          schema: 'in/{{day}}',
          extra: { host_key: 'SHA256:abc', private_key: '-----BEGIN\nkey' },
        });
        assert.deepEqual(one('ExternalSecret').secrets, []);
      });

      it('refuses what no worker could read, with the field', async () => {
        assert.deepEqual(await problems(twin, { type: 'postgresql', port: 70_000 }), [
          'port: "port" must be 1 to 65535',
        ]);
        assert.deepEqual(await problems(twin, { host: 'h' }), [
          'type: "type" must be set, such as "postgresql"',
        ]);
        assert.deepEqual(await problems(twin, { uri: 'db.example.org' }), [
          'uri: it has no scheme such as "postgresql://"',
        ]);
        assert.deepEqual(await problems(twin, { uri: 'http://h', host: 'h' }), [
          'uri: "uri" must be text and may have only "extra" beside it',
        ]);
      });

      it('refuses too many sources, and none, and says it all at once', async () => {
        assert.match((await problems(twin, {})).join(), /it says nothing/);
        const many = await problems(
          twin,
          {
            connectionId: '--',
            namespaces: ['etl', 'etl', 'NO'],
            uri: 'http://h',
            externalSecret: { store: '', key: 'k', property: 'p', fields: { nothing: 'x' } },
          },
          'a',
        );
        assert.deepEqual(
          many.map((problem) => problem.split(':')[0]),
          [
            'connectionId',
            'namespaces[1]',
            'namespaces[2]',
            '',
            'externalSecret.store',
            'externalSecret.property',
            'externalSecret.fields.nothing',
            'externalSecret.fields',
          ],
        );
        assert.deepEqual(await problems(twin, { namespaces: [], uri: 'http://h' }), [
          'namespaces: it names none',
        ]);
      });

      it('keeps secrets out of what a vault is asked with', async () => {
        const found = await problems(twin, {
          type: 'http',
          password: 'x',
          extra: { token: 'x' },
          externalSecret: { store: 'v', key: 'k', fields: { login: 'l' } },
        });
        assert.equal(found.filter((problem) => problem.includes('would stand in')).length, 2);
      });

      it('refuses a value that becomes known later and cannot be read', async () => {
        const error = await failure(
          twin,
          () => new Connection('warehouse', args({ uri: pulumi.output('nothing') })),
        );
        assert.match(error.message, /it has no scheme/);
        assert.ok(!error.message.includes('nothing'), 'it may be a secret');
      });
    });
  }

  describe('from a Secret that is there', () => {
    const existing = { namespace: 'vault', name: 'warehouse', key: 'url' };

    it('its value is copied, by the name of the Secret', async () => {
      const uri = 'postgresql://u:p@h/d';
      const asked: unknown[] = [];
      const { get } = k8s.core.v1.Secret;
      k8s.core.v1.Secret.get = (_name, id) => {
        asked.push(id);
        const data = { url: Buffer.from(uri).toString('base64') };
        const found: unknown = { data: pulumi.output(data) };
        return found as k8s.core.v1.Secret;
      };
      try {
        const { one } = await make('update', { existingSecret: existing });
        assert.equal(valueOf(one('Secret')), uri);
        assert.equal(await read(asked[0]), 'vault/warehouse');
      } finally {
        k8s.core.v1.Secret.get = get;
      }
    });

    it('a missing key is an error with a name', async () => {
      const error = await failure(
        'update',
        () => new Connection('warehouse', args({ existingSecret: existing })),
      );
      assert.match(error.message, /the Secret has no key "url"/);
    });
  });
});
