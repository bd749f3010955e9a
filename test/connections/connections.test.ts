/** Connections: both spellings, where they are found, and that bad ones are refused without a word of their secrets. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { formatUri, parseConnection } from '../../src/connections/connection.ts';
import type { JsonObject } from '../../src/plan/plan.ts';
import { Connections } from '../../runtime/connections/connections.ts';

describe('connection', () => {
  it('is read from a URI', () => {
    assert.deepEqual(
      parseConnection('w', 'PostgreSQL://ann:p%40ss%2F@db.example:5433/sales?sslmode=require'),
      {
        id: 'w',
        type: 'postgresql',
        host: 'db.example',
        port: 5433,
        login: 'ann',
        password: 'p@ss/',
        schema: 'sales',
        extra: { sslmode: 'require' },
        uri: 'PostgreSQL://ann:p%40ss%2F@db.example:5433/sales?sslmode=require',
      },
    );
  });

  it('is read from JSON text, from an object, and from an object with a URI', () => {
    const fields = { type: 's3', login: 'key', password: 'a/b+c', extra: { path_style: true } };
    const connection = parseConnection('store', JSON.stringify(fields));
    assert.equal(connection.password, 'a/b+c');
    assert.deepEqual(parseConnection('store', fields), connection);
    const again = parseConnection('store', { uri: connection.uri, extra: { region: 'eu' } });
    assert.deepEqual(again.extra, { path_style: true, region: 'eu' });
  });

  it('survives the way from fields to a URI and back', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(
        fc.record({
          login: fc.option(text, { nil: undefined }),
          password: fc.option(text, { nil: undefined }),
          schema: fc.option(text, { nil: undefined }),
          extra: fc.dictionary(fc.string({ minLength: 1, maxLength: 5 }), fc.jsonValue(), {
            maxKeys: 3,
            noNullPrototype: true,
          }),
        }),
        ({ login, password, schema, extra }) => {
          fc.pre(
            !Object.hasOwn(extra, '__extra__') &&
              !schema?.startsWith('/') &&
              schema !== '.' &&
              schema !== '..',
          );
          const given = {
            id: 'x',
            type: 'postgresql',
            host: 'db',
            port: 1,
            login,
            password,
            schema,
            extra: JSON.parse(JSON.stringify(extra)) as JsonObject,
          };
          const { uri: _uri, ...read } = parseConnection('x', formatUri(given));
          assert.deepEqual(read, given);
        },
      ),
      { numRuns: 500 },
    );
  });

  const bad: [string, unknown, RegExp][] = [
    ['no scheme', 'localhost/db', /scheme/],
    ['no JSON', '{"type": "x", "password": "hunter22"', /valid JSON/],
    ['a number', 7, /neither a URI nor an object/],
    ['no type', { host: 'x' }, /"type"/],
    ['a bad port', { type: 'http', port: 70000 }, /"port"/],
    ['a bad port in a URI', 'http://x:hunter22', /valid URI/],
    ['unknown fields', { type: 'http', hots: 'x' }, /hots/],
    ['bad percent-encoding', 'http://u:%zzhunter22@h', /percent/],
  ];
  for (const [name, value, expected] of bad) {
    it(`with ${name} is refused, without a word of its secrets`, () => {
      assert.throws(
        () => parseConnection('c', value),
        (error: Error) => {
          assert.match(error.message, /^connection\.bad: The connection "c"/);
          assert.match(error.message, expected);
          assert.ok(!error.message.includes('hunter22'));
          return true;
        },
      );
    });
  }
});

describe('connections', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'podline-connections-'));
  });
  after(() => rm(folder, { recursive: true }));

  it('come from the environment first, then from the file, and are listed without values', async () => {
    const file = path.join(folder, 'connections.json');
    await writeFile(
      file,
      JSON.stringify({
        warehouse: 'postgresql://file/db',
        'lake.eu': { type: 's3', password: 'x' },
      }),
    );
    const connections = new Connections(
      {
        PODLINE_CONN_WAREHOUSE: 'postgresql://environment/db',
        PODLINE_CONN_MAIL: 'smtp://m',
        PATH: '/',
      },
      file,
    );
    assert.equal((await connections.resolve('warehouse')).host, 'environment');
    assert.equal((await connections.resolve('lake.eu')).type, 's3');
    assert.deepEqual(await connections.list(), [
      { id: 'lake.eu', source: 'file' },
      { id: 'mail', source: 'environment' },
      { id: 'warehouse', source: 'environment' },
    ]);
  });

  it('that are unknown are named, with the variable to set', async () => {
    const connections = new Connections({}, path.join(folder, 'nothing.json'));
    await assert.rejects(
      connections.resolve('lake.eu-1'),
      /not_found\.connection.*"lake\.eu-1".*PODLINE_CONN_LAKE_EU_1/,
    );
  });

  it('that are bad in the environment do not fall through to the file', async () => {
    const file = path.join(folder, 'through.json');
    await writeFile(file, JSON.stringify({ c: 'http://x' }));
    const connections = new Connections({ PODLINE_CONN_C: 'nonsense' }, file);
    await assert.rejects(connections.resolve('c'), /connection\.bad/);
  });

  it('of a broken file are an error that names the file', async () => {
    const file = path.join(folder, 'broken.json');
    await writeFile(file, '[');
    await assert.rejects(new Connections({}, file).resolve('c'), /broken\.json.*no valid JSON/);
  });
});
