/**
 * `npm run bench`: measures the engine on this machine, every figure beside its baseline from the same run.
 * `--json` prints an array of figures, `--short` takes about a minute, `--only latency|throughput`, `--write`
 * refreshes docs/benchmarks.md.
 * Exit 1 when a budget is missed and `--strict` is given.
 */
import Table from 'cli-table3';
import { writeDocument } from './document.ts';
import type { Figure } from './figure.ts';
import { latency } from './latency.ts';
import { throughput } from './throughput.ts';

const flags = new Set(process.argv.slice(2));
const short = flags.has('--short');
const only = process.argv[process.argv.indexOf('--only') + 1];
const suites = { latency, throughput };

const figures: Figure[] = [];
for (const [name, suite] of Object.entries(suites)) {
  if (flags.has('--only') && only !== name) continue;
  process.stderr.write(`measuring ${name} ...\n`);
  figures.push(...(await suite(short)));
}

if (flags.has('--json')) {
  process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
} else {
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
if (flags.has('--write')) await writeDocument(figures);
process.exit(flags.has('--strict') && figures.some(({ ok }) => ok === false) ? 1 : 0);
