/** Errors of DAG files for people: place, words, remedy and a frame of the code. For `build` and `dev`. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { BuildError } from '../build/types.ts';
import type { Colours, Output } from './output.ts';

/** Lines before and after the mistake. */
const AROUND = 2;

export function printBuildErrors(output: Output, errors: readonly BuildError[]): void {
  const { colours } = output;
  for (const error of errors) {
    output.note(`${colours.red('error:')} ${colours.bold(placeOf(error))} ${error.message}`);
    const frame = codeFrame(error, colours);
    if (frame !== '') output.note(frame);
    output.note(`       ${error.remedy} (${error.code})`);
  }
}

export function placeOf({ file, line, column }: BuildError): string {
  const shown = path.relative(process.cwd(), file);
  const name = shown.startsWith('..') ? file : shown;
  return [name, line, column].filter((part) => part !== null).join(':');
}

/** The lines around the mistake with a mark below it; empty when the file cannot be read. */
export function codeFrame({ file, line, column }: BuildError, colours: Colours): string {
  if (line === null) return '';
  let lines: string[];
  try {
    lines = readFileSync(file, 'utf8').split('\n');
  } catch {
    return '';
  }
  const first = Math.max(1, line - AROUND);
  const last = Math.min(lines.length, line + AROUND);
  const width = String(last).length;
  const shown: string[] = [];
  for (let number = first; number <= last; number++) {
    const text = (lines[number - 1] ?? '').replaceAll('\t', '  ').slice(0, 160);
    const here = number === line;
    const head = `${here ? '>' : ' '} ${String(number).padStart(width)} |`;
    shown.push(`  ${here ? colours.red(head) : colours.dim(head)} ${text}`);
    if (here && column !== null) {
      const before = (lines[number - 1] ?? '').slice(0, column - 1).replaceAll('\t', '  ');
      shown.push(`  ${' '.repeat(width + 2)} | ${' '.repeat(before.length)}${colours.red('^')}`);
    }
  }
  return shown.join('\n');
}
