/** Writes the tables of docs/benchmarks.md, each from the figures of one full run (`npm run bench -- --write`). */
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Figure } from './figure.ts';

const FILE = path.join(import.meta.dirname, '..', '..', 'docs', 'benchmarks.md');
const END = '<!-- end of figures -->';

export async function writeDocument(
  figures: Figure[],
  command = 'npm run bench -- --write',
): Promise<void> {
  const text = await fs.readFile(FILE, 'utf8');
  const begin = `<!-- figures: written by ${command} -->`;
  const at = text.indexOf(begin);
  if (at < 0) throw new Error(`${FILE} has no line ${begin}`);
  const before = text.slice(0, at + begin.length);
  const after = text.slice(text.indexOf(END, at));
  const date = new Date().toISOString().slice(0, 10);
  const cpus = os.cpus();
  const machine = `${cpus.length} cores (${cpus[0]?.model.trim() ?? 'unknown'}), ${Math.round(os.totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}, embedded PostgreSQL 18 with its durable settings`;
  await fs.writeFile(
    FILE,
    `${before}\n\nMeasured on ${date}: ${machine}.\n\n${table(figures)}\n\n${after}`,
  );
}

function table(figures: Figure[]): string {
  const head = ['what', 'value', 'baseline', 'ratio', 'budget', 'met', 'baseline is'];
  const rows = figures.map((each) => [
    each.name,
    `${each.value} ${each.unit}`,
    each.baseline === null ? '' : `${each.baseline} ${each.unit}`,
    each.ratio === null ? '' : `${each.ratio}x`,
    each.budget ?? '',
    each.ok === null ? '' : each.ok ? 'yes' : '**no**',
    each.note,
  ]);
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [line(head), rule, ...rows.map(line)].join('\n');
}
