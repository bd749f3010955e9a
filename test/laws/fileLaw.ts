/** House rules that a single file can break. Given one file, says which. */
import type { SourceFile } from './sources.ts';

export const MOST_LINES = 400;

export function fileProblems({ path, text }: SourceFile): string[] {
  const problems: string[] = [];
  const lines = text.trimEnd().split('\n').length;
  if (lines > MOST_LINES) problems.push(`${path} has ${lines} lines, more than ${MOST_LINES}`);
  if (!startsWithComment(path, text)) {
    problems.push(`${path} does not start with a comment on what it is`);
  }
  const name = path.split('/').at(-1) ?? '';
  if (path.endsWith('.ts') && !/^[a-z][A-Za-z0-9]*(\.test)?\.ts$/.test(name)) {
    problems.push(`${path} is not named in camelCase`);
  }
  // The brackets keep this file from breaking its own rule.
  const silenced = /eslint[-]disable|@ts[-](ignore|nocheck)/.exec(text);
  if (silenced) problems.push(`${path} silences a check with ${silenced[0]}`);
  if (/^(src|runtime|components)\//.test(path) && /^export default\b/m.test(text)) {
    problems.push(`${path} has a default export`);
  }
  return problems;
}

function startsWithComment(path: string, text: string): boolean {
  const start = text.replace(/^#!.*\n/, '').trimStart();
  if (path.endsWith('.ts')) return start.startsWith('/*') || start.startsWith('//');
  if (path.endsWith('.sql')) return start.startsWith('--');
  return start.startsWith('#');
}
