/**
 * Makes the tables of docs/components.md and docs/component-types.md from schema.json. Write them anew with
 * `node --conditions=podline-source test/schema/componentsDocument.ts --write`, after analyze.ts.
 */
import fs from 'node:fs/promises';
import prettier from 'prettier';
import { read, ROOT } from '../laws/sources.ts';

const script = 'test/schema/componentsDocument.ts';

interface Property {
  type?: string;
  $ref?: string;
  description?: string;
  items?: Property;
  additionalProperties?: Property;
}

interface Component {
  inputProperties: Record<string, Property>;
  requiredInputs?: string[];
  properties: Record<string, Property>;
}

interface Type {
  properties?: Record<string, Property>;
  required?: string[];
  enum?: { value: string; description?: string }[];
}

const schema = JSON.parse(read('test/schema/schema.json')) as {
  resources: Record<string, Component>;
  types: Record<string, Type>;
};
const PREFIX = 'podline:index:';

/** Fields that most components have are described once. */
const OBJECTS = ['labels', 'annotations'];
const CONTROL = ['namespace', 'image', 'database', 'logLevel', 'readyTimeout'];
const migration = schema.resources[`${PREFIX}SchemaMigration`]?.inputProperties ?? {};
const PODS = Object.keys(migration).filter(
  (name) => ![...OBJECTS, ...CONTROL, 'databaseTimeout'].includes(name),
);

/** Parts by document, each between marks that name it. */
const PARTS: Record<string, Record<string, () => string>> = {
  'docs/components.md': {
    ...Object.fromEntries(
      Object.entries(schema.resources).map(([token, component]) => [
        token.slice(PREFIX.length),
        () => componentTables(component),
      ]),
    ),
    pods: () => table(pick(migration, PODS), []),
    'control plane': () => table(pick(migration, CONTROL), CONTROL.slice(0, 3)),
  },
  'docs/component-types.md': { types: typeTables },
};

/** Each document as it should be: the text written by hand with the parts put in fresh. */
export async function componentDocuments(): Promise<Record<string, string>> {
  const made: Record<string, string> = {};
  for (const [document, parts] of Object.entries(PARTS)) {
    const text = Object.entries(parts).reduce(
      (all, [name, make]) => withPart(all, `test/schema/schema.json, ${name}`, make()),
      read(document),
    );
    const options = await prettier.resolveConfig(`${ROOT}${document}`);
    made[document] = await prettier.format(text, { ...options, parser: 'markdown' });
  }
  return made;
}

function withPart(text: string, source: string, part: string): string {
  const start = `<!-- made from ${source} by ${script} -->`;
  const from = text.indexOf(start);
  const to = text.indexOf('<!-- end -->', from);
  if (from < 0 || to < 0) throw new Error(`there are no marks "${start}" and "end"`);
  return `${text.slice(0, from + start.length)}\n\n${part}\n\n${text.slice(to)}`;
}

function componentTables({ inputProperties, requiredInputs = [], properties }: Component): string {
  const { own, shared } = split(inputProperties);
  return [
    ...(Object.keys(own).length > 0 ? [table(own, requiredInputs), ''] : []),
    ...(shared === '' ? [] : [shared, '']),
    '| output | meaning |',
    '| --- | --- |',
    ...Object.entries(properties).map(([name, property]) => `| \`${name}\` | ${words(property)} |`),
  ].join('\n');
}

/** Every type that arguments are made of, by its name; the ones that several have, once. */
function typeTables(): string {
  return Object.entries(schema.types)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([token, { properties, required = [], enum: values }]) => {
      const title = `## ${token.slice(PREFIX.length)}`;
      if (values) return [title, '', ...values.map(enumLine)].join('\n');
      const { own, shared } = split(properties ?? {});
      const links = shared.replaceAll('(#', '(components.md#');
      const parts = [title, table(own, required).replaceAll('(component-types.md#', '(#'), links];
      return parts.filter((text) => text !== '').join('\n\n');
    })
    .join('\n\n');
}

function enumLine({ value, description = '' }: { value: string; description?: string }): string {
  return `- \`${value}\`${description === '' ? '' : `: ${description}`}`;
}

/** What is said elsewhere: only where a component has all of it. */
function split(properties: Record<string, Property>) {
  // A field that means something else here is said here.
  const all = (names: string[]) =>
    names.every((name) => properties[name] && words(properties[name]) === words(migration[name]));
  const groups = [
    { names: all(CONTROL) ? CONTROL : [], link: '[every process](#arguments-of-every-process)' },
    { names: all(PODS) ? PODS : [], link: '[pods](#arguments-of-pods)' },
    { names: all(OBJECTS) ? OBJECTS : [], link: '[objects](#arguments-of-objects)' },
  ].filter(({ names }) => names.length > 0);
  const taken = new Set(groups.flatMap(({ names }) => names));
  const links = groups.map(({ link }) => link);
  return {
    own: Object.fromEntries(Object.entries(properties).filter(([name]) => !taken.has(name))),
    shared: links.length === 0 ? '' : `And those of ${links.join(', of ')}.`,
  };
}

function table(properties: Record<string, Property>, required: readonly string[]): string {
  if (Object.keys(properties).length === 0) return '';
  return [
    '| argument | type | meaning |',
    '| --- | --- | --- |',
    ...Object.entries(properties).map(([name, property]) => {
      const mark = required.includes(name) ? ', required' : '';
      return `| \`${name}\` | ${typeOf(property)}${mark} | ${words(property)} |`;
    }),
  ].join('\n');
}

function typeOf({ type, $ref, items, additionalProperties }: Property): string {
  if ($ref?.startsWith('pulumi.json')) return 'any';
  if ($ref) {
    const name = $ref.split(':').pop() ?? '';
    return `[${name}](component-types.md#${name.toLowerCase()})`;
  }
  if (items) return `list of ${typeOf(items)}`;
  if (additionalProperties) return `map of ${typeOf(additionalProperties)}`;
  return type === 'string' ? 'text' : (type ?? 'any');
}

function words({ description = '' }: Property = {}): string {
  return description.replaceAll('\n', ' ').replaceAll('|', '\\|');
}

function pick(from: Record<string, Property>, names: string[]): Record<string, Property> {
  return Object.fromEntries(Object.entries(from).filter(([name]) => names.includes(name)));
}

if (process.argv[1]?.endsWith(script) && process.argv.includes('--write')) {
  for (const [document, text] of Object.entries(await componentDocuments())) {
    await fs.writeFile(`${ROOT}${document}`, text);
  }
}
