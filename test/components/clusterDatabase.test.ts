/** MetadataDatabase in the cluster: Embedded for evaluation, CloudNativePg for production. */
import assert from 'node:assert/strict';
import { DatabaseMode, MetadataDatabase, type MetadataDatabaseArgs } from '../../src/index.ts';
import { workerUrl } from '../../src/model/databaseRoles.ts';
import { mainOf, podOf, secretTexts } from './common.ts';
import { componentLaws } from './laws.ts';
import { at, read, record, TWINS } from './mocks.ts';

const canaries = ['canary-password'];

for (const twin of TWINS) {
  describe(`MetadataDatabase in the cluster (${twin})`, () => {
    const make = (args: Omit<MetadataDatabaseArgs, 'namespace'>) =>
      record(twin, () => new MetadataDatabase('db', { namespace: 'control', ...args }));

    describe('Embedded', () => {
      const embedded = (more: MetadataDatabaseArgs['embedded'] = {}) =>
        make({ mode: DatabaseMode.Embedded, embedded: more });

      it('is one PostgreSQL with a name that stays and a volume that outlives it', async () => {
        const { one, children, value } = await embedded();
        componentLaws(children);
        const server = one('StatefulSet');
        assert.equal(at(server.inputs, 'metadata.name'), 'db');
        assert.equal(at(server.inputs, 'spec.replicas'), 1);
        assert.deepEqual(at(server.inputs, 'spec.persistentVolumeClaimRetentionPolicy'), {
          whenDeleted: 'Retain',
          whenScaled: 'Retain',
        });
        const [claim] = at(server.inputs, 'spec.volumeClaimTemplates') as object[];
        assert.deepEqual(at(claim, 'spec'), {
          accessModes: ['ReadWriteOnce'],
          resources: { requests: { storage: '10Gi' } },
        });
        assert.equal(mainOf(server).image, 'docker.io/library/postgres:18');
        assert.equal(podOf(server).securityContext.runAsUser, 999);
        assert.equal(await read(value.host), 'db.control.svc');
        assert.equal(await read(value.secretName), 'db-connection-1a2b3c4d');
      });

      it('would be replaced by no other image or label: its claim and selector say neither', async () => {
        const first = await embedded({ image: 'postgres:18.1' });
        const second = await make({
          mode: DatabaseMode.Embedded,
          embedded: { image: 'postgres:18.2' },
          labels: { team: 'data' },
        });
        for (const field of ['selector', 'volumeClaimTemplates', 'serviceName']) {
          const of = ({ one }: typeof first) => at(one('StatefulSet').inputs, `spec.${field}`);
          assert.deepEqual(of(first), of(second), field);
        }
      });

      it('has a random password that stays, in no place but Secrets', async () => {
        const { one, children } = await embedded();
        const stash = one('Stash');
        assert.deepEqual(stash.ignoreChanges, ['input']);
        assert.deepEqual(stash.secrets, ['input']);
        const random = stash.inputs.input as string;
        assert.ok(random.length >= 32);
        componentLaws(children, { canaries: [random] });
        const again = await embedded();
        assert.notEqual(again.one('Stash').inputs.input, random);
      });

      it('takes a password, size, class, parameters and user', async () => {
        const { one, all, children } = await embedded({
          password: 'canary-password',
          storage: { size: '1Gi', storageClass: 'fast' },
          parameters: { work_mem: '8MB', max_connections: '50' },
          runAsUser: 26,
          keepData: false,
        });
        componentLaws(children, { canaries });
        assert.deepEqual(all('Stash'), []);
        assert.deepEqual(secretTexts(one('Secret', '-password')), { password: 'canary-password' });
        const server = one('StatefulSet');
        assert.equal(
          at(server.inputs, 'spec.persistentVolumeClaimRetentionPolicy.whenDeleted'),
          'Delete',
        );
        assert.deepEqual(at(server.inputs, 'spec.volumeClaimTemplates[0].spec'), {
          accessModes: ['ReadWriteOnce'],
          storageClassName: 'fast',
          resources: { requests: { storage: '1Gi' } },
        });
        assert.deepEqual(mainOf(server).args, ['-c', 'max_connections=50', '-c', 'work_mem=8MB']);
        assert.equal(podOf(server).securityContext.fsGroup, 26);
      });

      it('lives as long as its pod, if wanted', async () => {
        const { one, children } = await embedded({ persistent: false });
        componentLaws(children);
        const server = one('StatefulSet');
        assert.equal(at(server.inputs, 'spec.volumeClaimTemplates'), undefined);
        assert.deepEqual(
          podOf(server).volumes.find(({ name }) => name === 'data'),
          {
            name: 'data',
            emptyDir: {},
          },
        );
      });
    });

    describe('CloudNativePg', () => {
      const cluster = (more: MetadataDatabaseArgs['cloudNativePg'] = {}) =>
        make({ mode: DatabaseMode.CloudNativePg, cloudNativePg: more });

      it('is a Cluster that is ready before anybody connects', async () => {
        const { one, children, value } = await cluster({ password: 'canary-password' });
        componentLaws(children, { canaries });
        const { inputs } = one('Cluster');
        assert.equal(inputs.apiVersion, 'postgresql.cnpg.io/v1');
        assert.equal(at(inputs, 'metadata.name'), 'db');
        assert.deepEqual(at(inputs, 'metadata.annotations'), {
          'pulumi.com/waitFor': 'condition=Ready',
        });
        assert.deepEqual(inputs.spec, {
          instances: 3,
          storage: { size: '10Gi' },
          bootstrap: {
            initdb: {
              database: 'podline',
              owner: 'podline',
              secret: { name: 'db-owner-1a2b3c4d' },
            },
          },
          managed: {
            roles: [
              {
                name: 'podline_worker_podline',
                login: true,
                inherit: false,
                passwordSecret: { name: 'db-worker-1a2b3c4d' },
              },
              {
                name: 'podline_pool_podline',
                login: true,
                inherit: false,
                passwordSecret: { name: 'db-pool-1a2b3c4d' },
              },
            ],
          },
        });
        assert.equal(await read(value.host), 'db-rw.control.svc');
        assert.ok(one('Secret', '-connection').after.includes('db'));
      });

      it('gives the operator the logins that follow from the owner', async () => {
        const { one } = await cluster({ password: 'canary-password' });
        const login = new URL(
          workerUrl('postgresql://podline:canary-password@db-rw.control.svc:5432/podline'),
        );
        assert.equal(one('Secret', '-owner').inputs.type, 'kubernetes.io/basic-auth');
        assert.deepEqual(secretTexts(one('Secret', '-owner')), {
          username: 'podline',
          password: 'canary-password',
        });
        assert.deepEqual(secretTexts(one('Secret', '-worker')), {
          username: login.username,
          password: login.password,
        });
      });

      it('takes more of the spec, but not what it needs itself', async () => {
        const { one } = await cluster({
          instances: 1,
          image: 'pg:18',
          storage: { storageClass: 'fast' },
          walStorage: { size: '1Gi' },
          parameters: { max_connections: '500' },
          keepData: true,
          spec: { affinity: { nodeSelector: { disk: 'fast' } }, managed: { roles: [] } },
        });
        const spec = one('Cluster').inputs.spec;
        assert.equal(at(spec, 'imageName'), 'pg:18');
        assert.deepEqual(at(spec, 'storage'), { size: '10Gi', storageClass: 'fast' });
        assert.deepEqual(at(spec, 'walStorage'), { size: '1Gi' });
        assert.deepEqual(at(spec, 'postgresql'), { parameters: { max_connections: '500' } });
        assert.deepEqual(at(spec, 'affinity'), { nodeSelector: { disk: 'fast' } });
        assert.equal((at(spec, 'managed.roles') as object[]).length, 2);
        assert.equal(one('Cluster').retainOnDelete, true);
      });
    });
  });
}
