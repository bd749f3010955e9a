/**
 * Finds the module of an npm package from a project folder, by the rules for `import`. Node's own
 * resolver takes a parent folder only for `require`, which misses packages that export for import alone.
 */
import { readFile } from 'node:fs/promises';
import { createRequire, findPackageJSON } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const CONDITIONS = new Set(['node', 'import', 'module-sync', 'default']);

/** A file: URL to import. Throws what the resolver says when there is no such package. */
export async function resolvePackage(specifier: string, folder: string): Promise<string> {
  const parent = path.join(path.resolve(folder), 'package.json');
  try {
    return pathToFileURL(createRequire(parent).resolve(specifier)).href;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_PACKAGE_PATH_NOT_EXPORTED') throw error;
    const file = findPackageJSON(specifier, pathToFileURL(parent));
    const target = file && (await exportedForImport(specifier, file));
    if (file === undefined || target === undefined) throw error;
    return pathToFileURL(path.join(path.dirname(file), target)).href;
  }
}

async function exportedForImport(specifier: string, file: string): Promise<string | undefined> {
  const { exports } = JSON.parse(await readFile(file, 'utf8')) as { exports?: unknown };
  const subpath = `.${specifier.replace(/^(@[^/]+\/)?[^/]+/, '')}`;
  const hasPaths =
    typeof exports === 'object' && exports !== null && Object.keys(exports)[0]?.startsWith('.');
  if (!hasPaths) return subpath === '.' ? byCondition(exports) : undefined;
  return byCondition((exports as Record<string, unknown>)[subpath]);
}

function byCondition(target: unknown): string | undefined {
  if (typeof target === 'string') return target;
  if (typeof target !== 'object' || target === null) return undefined;
  for (const [condition, next] of Object.entries(target)) {
    const found = CONDITIONS.has(condition) ? byCondition(next) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}
