/**
 * The import law: src is pure vocabulary; components (Pulumi) and runtime (processes) both build on it
 * and never on each other. Given one file, says what it imports against the law.
 */
import { posix } from 'node:path';
import ts from 'typescript';
import type { SourceFile } from './sources.ts';

/** What src may use beside itself: readers and checkers without I/O. */
const ALLOWED_IN_SRC = new Set([
  'ajv',
  'ajv-formats',
  'croner',
  'nunjucks',
  'zod',
  'node:crypto',
  'node:module',
  'podline/dag',
]);

const isPulumi = (name: string) => name.startsWith('@pulumi/');
const isCluster = (name: string) => name === '@kubernetes/client-node';
const isDatabase = (name: string) => name === 'pg' || name.startsWith('pg-');

/** All import specifiers of a file: static, dynamic, of types, re-exports and require(). */
export function importsOf(text: string): string[] {
  const { importedFiles } = ts.preProcessFile(text, true, true);
  const required = [...text.matchAll(/\brequire\(\s*['"]([^'"]+)['"]\s*\)/g)];
  const typed = [...text.matchAll(/\bimport\(\s*['"]([^'"]+)['"]\s*\)/g)];
  const names = [...importedFiles.map((file) => file.fileName)];
  for (const [, name] of [...required, ...typed]) if (name !== undefined) names.push(name);
  return [...new Set(names)];
}

export function importProblems({ path, text }: SourceFile): string[] {
  const area = path.split('/')[0];
  const problems: string[] = [];
  for (const name of importsOf(text)) {
    const reason = name.startsWith('.')
      ? forbiddenFile(path, posix.join(posix.dirname(path), name))
      : forbiddenPackage(area, name);
    if (reason) problems.push(`${path} imports ${name}: ${reason}`);
    if (name.startsWith('.') && !/\.(tsx?|json|css)$/.test(name)) {
      problems.push(`${path} imports ${name}: relative imports end in .ts or .tsx`);
    }
  }
  return problems;
}

/** The public door `podline`: it hands on components, and nothing inside looks through it. */
const DOOR = 'src/index.ts';

function forbiddenFile(path: string, target: string): string | null {
  const [area] = path.split('/');
  const into = target.split('/')[0];
  if (target === DOOR && area !== 'test') return 'the public door is for those outside';
  if (path === DOOR && into === 'components') return null;
  if (area === 'src' && into !== 'src') return 'src imports nothing outside itself';
  if (area === 'components' && into === 'runtime') return 'components never import runtime';
  if (area === 'runtime' && into === 'components') return 'runtime never imports components';
  if (['src', 'components', 'runtime'].includes(area ?? '') && into === 'test') {
    return 'only tests import tests';
  }
  return null;
}

function forbiddenPackage(area: string | undefined, name: string): string | null {
  const packageName = name
    .split('/')
    .slice(0, name.startsWith('@') || name.startsWith('podline/') ? 2 : 1)
    .join('/');
  switch (area) {
    case 'src':
      return ALLOWED_IN_SRC.has(packageName) ? null : 'src uses only what is pure';
    case 'runtime':
      return isPulumi(name) ? 'runtime never imports Pulumi' : null;
    case 'components':
      return isDatabase(packageName) || isCluster(packageName)
        ? 'components have no database or cluster client'
        : null;
    default:
      return null;
  }
}
