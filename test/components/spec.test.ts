/** The pure parts of components: names, labels, connection strings, order of environments, options of children. */
import assert from 'node:assert/strict';
import * as pulumi from '@pulumi/pulumi';
import fc from 'fast-check';
import { after, childOptions } from '../../components/spec/childOptions.ts';
import { atAddress, connectionUrl, partsOf } from '../../components/spec/connectionUrl.ts';
import { envOf } from '../../components/spec/env.ts';
import { labelsOf, tagOf } from '../../components/spec/labels.ts';
import { parameterArgs } from '../../components/spec/postgresScript.ts';
import { exactlyOne, known } from '../../components/spec/validate.ts';
import { labelValueProblem } from '../../src/pods/names.ts';
import { read, record } from './mocks.ts';

describe('connection strings', () => {
  const text = fc.string({ minLength: 1, unit: 'grapheme-ascii' });
  // A path that is only dots means a folder to every URL parser.
  const name = text.filter((database) => !/^\.+$/.test(database));

  it('come apart into what they were made of', () => {
    fc.assert(
      fc.property(
        name,
        text,
        text,
        fc.integer({ min: 1, max: 65_535 }),
        (database, user, password, port) => {
          const parts = { host: 'db.example.com', port, database, user, password };
          assert.deepEqual(partsOf(connectionUrl(parts)), parts);
          assert.deepEqual(partsOf(atAddress(connectionUrl(parts), 'pooler.svc', 6432)), {
            ...parts,
            host: 'pooler.svc',
            port: 6432,
          });
        },
      ),
    );
  });

  it('keep how the way is encrypted, and know the usual port', () => {
    const url = 'postgresql://u:p@db/x?sslmode=require';
    assert.equal(partsOf(url).sslMode, 'require');
    assert.equal(partsOf(url).port, 5432);
    assert.equal(partsOf(atAddress(url, 'pooler', 1)).sslMode, undefined);
  });
});

describe('the version of an image', () => {
  for (const [image, tag] of [
    ['podline:1.2.3', '1.2.3'],
    ['registry.example.com:5000/team/podline:1.2.3', '1.2.3'],
    ['registry.example.com:5000/team/podline', undefined],
    [`podline:1.2.3@sha256:${'a'.repeat(64)}`, '1.2.3'],
    [`podline@sha256:${'a'.repeat(64)}`, undefined],
    ['podline', undefined],
  ] as const) {
    it(`${image} is ${tag}`, () => {
      assert.equal(tagOf(image), tag);
    });
  }

  it('is a label that Kubernetes takes, however long the tag', async () => {
    const tag = `${'a'.repeat(62)}.${'b'.repeat(60)}`;
    const labels = await read(labelsOf({ instance: 'a', component: 'b', image: `podline:${tag}` }));
    const version = (labels as Record<string, string>)['app.kubernetes.io/version'];
    assert.equal(version, 'a'.repeat(62));
    assert.equal(labelValueProblem(version), undefined);
  });
});

describe('labels', () => {
  it('stand in the order of their names, and ours win', async () => {
    const labels = await read(
      labelsOf({ instance: 'a', component: 'b' }, { zebra: 'z', 'app.kubernetes.io/name': 'mine' }),
    );
    const keys = Object.keys(labels as object);
    assert.deepEqual(keys, [...keys].sort());
    assert.equal((labels as Record<string, string>)['app.kubernetes.io/name'], 'podline');
  });
});

describe('environments', () => {
  it('have our variables first and the others by name, and no other wins over ours', async () => {
    const env = envOf(
      { B: '1', SECRET: { secret: 's', key: 'k' }, NOTHING: undefined },
      { z: 'z', B: 'mine', a: pulumi.output('a') },
    );
    assert.deepEqual(await read(env), [
      { name: 'B', value: '1' },
      { name: 'SECRET', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } },
      { name: 'a', value: 'a' },
      { name: 'z', value: 'z' },
    ]);
  });
});

describe('parameters of a server', () => {
  it('are the same whatever their order', () => {
    assert.deepEqual(parameterArgs({ b: '2', a: '1' }), parameterArgs({ a: '1', b: '2' }));
  });
});

describe('values that are not known yet', () => {
  it('are looked at by nobody', () => {
    assert.equal(known(pulumi.output('a')), undefined);
    assert.equal(known(Promise.resolve('a')), undefined);
    assert.equal(known<string>(undefined), undefined);
    assert.equal(known('a'), 'a');
    assert.equal(known(0), 0);
  });

  it('are still given', () => {
    assert.equal(exactlyOne({ a: pulumi.output('x') }, ['a', 'b']), undefined);
    assert.equal(
      exactlyOne({ a: pulumi.output('x'), b: '' }, ['a', 'b']),
      'it says a and b; give only one of a, b',
    );
  });
});

describe('children of a component', () => {
  class Box extends pulumi.ComponentResource {
    constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
      super('podline:index:Box', name, {}, opts);
      new pulumi.Stash(`${name}-child`, { input: 1 }, childOptions(this, opts));
      const others = [new pulumi.Stash(`${name}-other`, { input: 1 }, { parent: this })];
      new pulumi.Stash(`${name}-last`, { input: 1 }, after(childOptions(this, opts), others));
      this.registerOutputs({});
    }
  }

  const first = () => new pulumi.Stash('first', { input: 1 });
  const ways: [string, (one: pulumi.Resource) => pulumi.ComponentResourceOptions['dependsOn']][] = [
    ['one resource', (one) => one],
    ['a list', (one) => [one]],
    ['an output of one', (one) => pulumi.output<pulumi.Resource>(Promise.resolve(one))],
    ['a promise of a list', (one) => Promise.resolve([one])],
  ];
  for (const [what, way] of ways) {
    it(`come after what the component depends on: ${what}`, async () => {
      const { children } = await record(
        'update',
        () => new Box('box', { dependsOn: way(first()) }),
      );
      const of = (name: string) => children.find((child) => child.name === name)?.after;
      assert.deepEqual(of('box-child'), ['first']);
      assert.deepEqual(of('box-last'), ['box-other', 'first']);
    });
  }

  it('come at once otherwise', async () => {
    const { children } = await record('update', () => new Box('box'));
    const of = (name: string) => children.find((child) => child.name === name)?.after;
    assert.deepEqual(of('box-child'), []);
    assert.deepEqual(of('box-last'), ['box-other']);
  });
});
