/**
 * Programs that tests build from Go modules, each with the folder of its go.mod below test/tools/pulumi. What is built is kept
 * under a name that follows from its sources. Used by pulumi.ts and pulumiLanguages.ts.
 */
import crypto from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { CACHE, run, step } from '../cluster/command.ts';

export const MODULES = path.join(import.meta.dirname, 'pulumi');

export type GoPrograms = Record<string, { module: string; of: string }>;

/** One after the other, into the folder. `ldflags`: beside those that leave symbols out. */
export async function buildGo(
  programs: GoPrograms,
  folder: string,
  { ldflags = '', hint = '' } = {},
): Promise<void> {
  for (const [name, { module, of }] of Object.entries(programs)) {
    const flags = ['-ldflags', `-s -w ${ldflags}`.trim()];
    await step(`building ${name}${hint}`, () =>
      run('go', ['build', ...flags, '-o', path.join(folder, name), of], {
        cwd: path.join(MODULES, module),
        env: { CGO_ENABLED: '0' },
      }),
    );
  }
}

/** A folder of the cache for what is built from these facts, the modules of these names, and these files below MODULES. */
export function folderOfSources(
  name: string,
  facts: unknown[],
  modules: string[],
  files: string[] = [],
): string {
  const hash = crypto.createHash('sha256');
  hash.update(JSON.stringify([...facts, process.platform, process.arch]));
  const sums = modules.flatMap((module) => [`${module}/go.mod`, `${module}/go.sum`]);
  for (const file of [...sums, ...files]) hash.update(readFileSync(path.join(MODULES, file)));
  return path.join(CACHE, name, hash.digest('hex').slice(0, 12));
}
