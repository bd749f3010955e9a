/**
 * The schema that Pulumi reads from the components for all languages, by its own analyzer. Written to schema.json
 * with `node --conditions=podline-source test/schema/analyze.ts --write`; the difference in that file is the
 * review of a change of the public arguments and outputs.
 */
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Analyzer } from '@pulumi/pulumi/provider/experimental/analyzer.js';
import { getPulumiComponents } from '@pulumi/pulumi/provider/experimental/provider.js';
import { generateSchema } from '@pulumi/pulumi/provider/experimental/schema.js';
import { format } from 'prettier';

const root = path.join(import.meta.dirname, '../..');
export const SCHEMA_FILE = path.join(import.meta.dirname, 'schema.json');

export type PackageSchema = ReturnType<typeof generateSchema>;

/** Names of the components that the public door hands on, as a plugin of Pulumi finds them. */
export async function componentNames(): Promise<string[]> {
  const door = (await import('../../src/index.ts')) as Record<string, unknown>;
  return getPulumiComponents(door)
    .map(({ name }) => name)
    .sort();
}

/** Of the sources alone: the tests and examples beside them would double the time. */
export async function analyze(): Promise<PackageSchema> {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'podline-schema-'));
  try {
    const door = path.join(root, 'src/index.ts');
    const settings = { extends: path.join(root, 'tsconfig.json'), include: [], files: [door] };
    await fs.writeFile(path.join(folder, 'tsconfig.json'), JSON.stringify(settings));
    const names = new Set(await componentNames());
    const analyzer = new Analyzer(folder, 'podline', { exports: { '.': door } }, names);
    const { components, typeDefinitions, dependencies } = analyzer.analyze();
    return generateSchema('podline', '0.0.0', '', components, typeDefinitions, dependencies);
  } finally {
    await fs.rm(folder, { recursive: true });
  }
}

/** As the file has it: formatted, with everything in the order of its name. */
export async function schemaText(schema: PackageSchema): Promise<string> {
  const text = JSON.stringify(schema, (_key, value: unknown) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
  return format(text, { parser: 'json', printWidth: 100 });
}

if (process.argv[1] === import.meta.filename && process.argv.includes('--write')) {
  await fs.writeFile(SCHEMA_FILE, await schemaText(await analyze()));
}
