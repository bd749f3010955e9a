/** SchemaMigration: the Job that everything else waits for. */
import assert from 'node:assert/strict';
import * as k8s from '@pulumi/kubernetes';
import { SchemaMigration, type SchemaMigrationArgs } from '../../src/index.ts';
import { CONTROL, envOf, mainOf, podOf, problemsOf } from './common.ts';
import { componentLaws } from './laws.ts';
import { at, read, record, TWINS } from './mocks.ts';

for (const twin of TWINS) {
  describe(`SchemaMigration (${twin})`, () => {
    const make = (more: Partial<SchemaMigrationArgs> = {}) =>
      record(twin, () => new SchemaMigration('schema', { ...CONTROL, ...more }));

    it('migrates when the database answers', async () => {
      const { one, children, value } = await make();
      componentLaws(children);
      assert.deepEqual(mainOf(one('Job')).args, ['db', 'migrate', '--wait', '300']);
      assert.equal(envOf(one('Job')).PODLINE_DATABASE_URL, 'database/url');
      assert.equal(podOf(one('Job')).restartPolicy, 'Never');
      assert.equal(await read(value.jobName), 'schema-1a2b3c4d');
    });

    it('is tried again by the next update when it failed, and stays when it is done', async () => {
      const { one } = await make();
      const { annotations } = one('Job').inputs.metadata as { annotations: object };
      assert.deepEqual(annotations, { 'pulumi.com/replaceUnready': 'true' });
      assert.equal(at(one('Job').inputs, 'spec.ttlSecondsAfterFinished'), undefined);
    });

    it('has no name of its own, so that a new one is done before the old one goes', async () => {
      const { one } = await make();
      assert.equal(at(one('Job').inputs, 'metadata.name'), undefined);
    });

    it('waits longer than its database', async () => {
      const { one } = await make({ databaseTimeout: 900, readyTimeout: 100 });
      assert.deepEqual(mainOf(one('Job')).args, ['db', 'migrate', '--wait', '900']);
      assert.equal(one('Job').timeout, '1000s');
    });

    it('comes after what the component depends on', async () => {
      const { one } = await record(twin, () => {
        const first = new k8s.core.v1.Namespace('first');
        return new SchemaMigration('schema', CONTROL, { dependsOn: first });
      });
      assert.deepEqual(one('Job').after, ['first']);
    });

    it('reads the key that a record names', async () => {
      const { one } = await make({ database: { secretName: 'cnpg-app', secretKey: 'uri' } });
      assert.equal(envOf(one('Job')).PODLINE_DATABASE_URL, 'cnpg-app/uri');
    });
  });
}

describe('SchemaMigration refuses', () => {
  it('what cannot work, all of it at once, by property', () => {
    const problems = problemsOf(
      () =>
        new SchemaMigration('Schema', {
          namespace: 'Control',
          image: 'no image',
          database: { secretName: '' },
          databaseTimeout: 0,
          logLevel: 'loud',
          resources: { requests: { memory: '2Gi' }, limits: { memory: '1Gi', cpu: 'much' } },
          env: { 'a b': '1', PODLINE_DATABASE_URL: 'x' },
          runAsUser: 0,
          labels: { 'a/b/c': 'x', ok: 'no value!' },
        }),
    );
    assert.deepEqual(problems, [
      'name: "Schema" is no name of a component: use at most 40 lower-case letters, digits and "-", a letter first',
      'namespace: "Control" is no name: use at most 63 lower-case letters, digits and "-"',
      'image: "no image" is no image: write for example registry.example/team/image:1.2',
      'database.secretName: it is missing',
      'logLevel: "loud" is not known; choose one of error, warn, info, debug',
      'labels.a/b/c: "a/b/c" is no key: write name or prefix/name, with at most 63 characters of letters, digits, "-", "_" and "."',
      'labels.ok: "no value!" is no label value: letters, digits, "-", "_" and ".", with a letter or digit at both ends',
      'resources.limits.cpu: "much" is no quantity: write for example 2, "500m", "1.5" or "256Mi"',
      'resources.requests.memory: 2Gi is more than the limit of 1Gi',
      'runAsUser: 0 is not usable; give a whole number from 1 to 4294967295',
      'env.a b: "a b" is no name of a variable: use letters, digits and "_"',
      'env.PODLINE_DATABASE_URL: "PODLINE_DATABASE_URL" is taken: names that begin with PODLINE_ belong to Podline',
      'databaseTimeout: 0 is not usable; give a whole number from 1 to 86400',
    ]);
  });

  it('nothing that is missing without a word', () => {
    const nothing = {} as SchemaMigrationArgs;
    assert.deepEqual(
      problemsOf(() => new SchemaMigration('schema', nothing)),
      ['namespace: it is missing', 'image: it is missing', 'database: it is missing'],
    );
  });
});
