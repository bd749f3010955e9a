/** The project's own files, for the tests that look at sources. Paths are relative, with slashes. */
import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

export interface SourceFile {
  path: string;
  text: string;
}

const SKIPPED = /(^|\/)(node_modules|dist|\.podline|\.git)(\/|$)/;

export function filesMatching(...patterns: string[]): SourceFile[] {
  const paths = globSync(patterns, { cwd: ROOT, exclude: (path) => SKIPPED.test(path) });
  return [...new Set(paths)].sort().map((path) => ({ path, text: read(path) }));
}

export function read(path: string): string {
  return readFileSync(`${ROOT}${path}`, 'utf8');
}
