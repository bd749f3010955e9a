/** Prints figures as a table, or as JSON with `--json`. Called by the mains of the benchmarks. */
import Table from 'cli-table3';
import type { Figure } from './figure.ts';

export function printFigures(figures: Figure[], json: boolean): void {
  if (json) {
    process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
    return;
  }
  const table = new Table({
    head: ['what', 'value', 'unit', 'baseline', 'ratio', 'budget', 'ok', 'baseline is'],
    style: { head: [], border: [] },
  });
  for (const each of figures) {
    const ok = each.ok === null ? '' : each.ok ? 'yes' : 'NO';
    table.push([
      each.name,
      each.value,
      each.unit,
      each.baseline ?? '',
      each.ratio ?? '',
      each.budget ?? '',
      ok,
      each.note,
    ]);
  }
  process.stdout.write(`${table.toString()}\n`);
}
