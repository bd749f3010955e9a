/** The files of a version as its navigation lists them, and how an address names one of them. Pure. */
import type { Version } from '../../../api/types.ts';

export type VersionFileName = Version['files'][number];

export const MAP_FILE = 'code.mjs.map';
/** In an address: the plan, which is no file. */
export const PLAN = 'plan';

export function nameOf({ path, origin }: { path: string; origin: string }): string {
  return `${origin}:${path}`;
}

/** What is shown: the file that the address names, else what people wrote first, else the plan. */
export function chosenFile(
  files: readonly VersionFileName[],
  name: string | undefined,
): VersionFileName | undefined {
  if (name === PLAN) return undefined;
  const found = files.find((file) => nameOf(file) === name);
  return found ?? files.find(({ origin }) => origin !== 'bundle');
}

/** Path as it is shown: from the DAG file on. */
export function shortPath(files: readonly VersionFileName[], path: string): string {
  const folder = /^(.*\/)?/.exec(files[0]?.origin === 'source' ? files[0].path : '')?.[0] ?? '';
  return path.startsWith(folder) ? path.slice(folder.length) : path;
}

/** Those that people wrote: the workers' bundle holds files that lie beside scripts, too. */
export function isWritten({ path, origin }: VersionFileName): boolean {
  return !isBuilt({ path, origin });
}

/** What a build made, and nobody reads. */
export function isBuilt({ path, origin }: { path: string; origin: string }): boolean {
  return origin === 'bundle' && (path === 'code.mjs' || path === MAP_FILE);
}
