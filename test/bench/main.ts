/**
 * `npm run bench`: measures the engine on this machine, every figure beside its baseline from the same run.
 * `--json` prints an array of figures, `--short` takes about a minute, `--only latency|throughput`, `--write`
 * refreshes docs/benchmarks.md.
 * Exit 1 when a budget is missed and `--strict` is given.
 */
import { writeDocument } from './document.ts';
import type { Figure } from './figure.ts';
import { latency } from './latency.ts';
import { printFigures } from './print.ts';
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

printFigures(figures, flags.has('--json'));
if (flags.has('--write')) await writeDocument(figures);
process.exit(flags.has('--strict') && figures.some(({ ok }) => ok === false) ? 1 : 0);
