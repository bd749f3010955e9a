/** The public arguments and outputs, as other languages see them, change only on purpose. */
import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import { filesMatching, read } from '../laws/sources.ts';
import { analyze, componentNames, type PackageSchema, SCHEMA_FILE, schemaText } from './analyze.ts';
import { componentDocuments } from './componentsDocument.ts';

describe('the schema for all languages', function () {
  this.timeout(180_000);
  let schema: PackageSchema;
  const sources = filesMatching('components/**/*.ts');

  before(async () => {
    schema = await analyze();
  });

  it('is the one in schema.json', async () => {
    const hint = 'run: node --conditions=podline-source test/schema/analyze.ts --write';
    assert.equal(await schemaText(schema), await fs.readFile(SCHEMA_FILE, 'utf8'), hint);
  });

  it('has every component', async () => {
    const declared = sources.flatMap(({ text }) =>
      [...text.matchAll(/^export class (\w+) extends pulumi\.ComponentResource/gm)].map(
        ([, name]) => name,
      ),
    );
    assert.deepEqual(await componentNames(), declared.sort());
    assert.deepEqual(
      Object.keys(schema.resources).sort(),
      declared.map((name) => `podline:index:${name}`),
    );
  });

  it('says what every argument and output means', () => {
    const silent: string[] = [];
    for (const [token, { inputProperties, properties }] of Object.entries(schema.resources)) {
      for (const [name, { description }] of Object.entries({ ...inputProperties, ...properties })) {
        if (!description?.trim()) silent.push(`${token} ${name}`);
      }
    }
    for (const [token, type] of Object.entries(schema.types)) {
      const { properties = {} } = type as { properties?: Record<string, { description?: string }> };
      for (const [name, { description }] of Object.entries(properties)) {
        if (!description?.trim()) silent.push(`${token} ${name}`);
      }
    }
    assert.deepEqual(silent, []);
  });

  it('is what docs/components.md and docs/component-types.md list', async () => {
    const hint = 'run: node --conditions=podline-source test/schema/componentsDocument.ts --write';
    for (const [document, text] of Object.entries(await componentDocuments())) {
      assert.equal(read(document), text, hint);
    }
    const parts = [...read('docs/components.md').matchAll(/schema\.json, (\w+) by/g)];
    const described = parts.map(([, name]) => `podline:index:${name}`);
    const missing = Object.keys(schema.resources).filter((token) => !described.includes(token));
    assert.deepEqual(missing, []);
  });

  it('asks for four things at most', () => {
    for (const [token, { requiredInputs = [] }] of Object.entries(schema.resources)) {
      assert.ok(requiredInputs.length <= 4, `${token} needs ${requiredInputs.join(', ')}`);
    }
    assert.deepEqual(schema.resources['podline:index:Orchestrator']?.requiredInputs, [
      'database',
      'image',
    ]);
  });

  it('has one meaning for each name: types of one name would merge without a word', () => {
    const seen = new Map<string, string>();
    const twice: string[] = [];
    for (const { path, text } of sources) {
      for (const [, name = ''] of text.matchAll(/^export interface (\w+)/gm)) {
        if (seen.has(name)) twice.push(`${name} in ${seen.get(name)} and ${path}`);
        seen.set(name, path);
      }
    }
    assert.deepEqual(twice, []);
  });

  it('is made of types that TypeScript gets from the same door', () => {
    const textOf = (file: string) => sources.find(({ path }) => path === file)?.text ?? '';
    const door = filesMatching('src/index.ts')[0]!.text;
    const exported = new Set(
      [...door.matchAll(/export \{([^}]*)\}/g)].flatMap(([, names = '']) =>
        names.split(',').map((name) => name.replace('type ', '').trim()),
      ),
    );
    for (const [, file = ''] of door.matchAll(/export \* from '\.\.\/([^']*)'/g)) {
      for (const [, name = ''] of textOf(file).matchAll(/^export (?:interface|const) (\w+)/gm)) {
        exported.add(name);
      }
    }
    const used = Object.keys(schema.types).map((token) => token.split(':').pop() ?? '');
    assert.deepEqual(
      used.filter((name) => !exported.has(name)),
      [],
    );
  });

  it('has no output that a component forgets to register', () => {
    for (const { path, text } of sources) {
      const [, body] = /registerOutputs\(\{([^}]*)\}/.exec(text) ?? [];
      if (body === undefined) continue;
      const registered = [...body.matchAll(/^\s*(\w+):|(\w+): this/gm)].map(([, a, b]) => a ?? b);
      const declared = [...text.matchAll(/^ {2}readonly (\w+):/gm)].map(([, name]) => name);
      assert.deepEqual(registered.sort(), declared.sort(), path);
    }
  });
});
