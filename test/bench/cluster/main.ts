/**
 * `npm run bench:cluster`: measures on a real cluster, bare pods first, then Podline beside them in the same run.
 * `--json` prints an array of figures, `--short` takes about a minute. Exit 1 when a budget is missed and `--strict` is given.
 */
import { closeClusters, openCluster, type TestCluster } from '../../cluster/harness.ts';
import type { Figure } from '../figure.ts';
import { printFigures } from '../print.ts';
import { type Baseline, baselineFigures, measureBaseline } from './baseline.ts';

/** What a suite of Podline gets: the cluster, a namespace of its own and the bare pods of this run. */
export interface Bench {
  cluster: TestCluster;
  namespace: string;
  baseline: Baseline;
  short: boolean;
}

/** Podline's side, in the order of the table. A suite returns figures with the bare pods as their baseline. */
const SUITES: Record<string, (bench: Bench) => Promise<Figure[]>> = {};

const flags = new Set(process.argv.slice(2));
const short = flags.has('--short');
const say = (line: string) => process.stderr.write(`${line}\n`);

const cluster = await openCluster();
const figures: Figure[] = [];
try {
  say('measuring bare pods ...');
  const baseline = await measureBaseline(cluster, await cluster.namespace(), short);
  figures.push(...baselineFigures(baseline));
  for (const [name, suite] of Object.entries(SUITES)) {
    say(`measuring ${name} ...`);
    figures.push(
      ...(await suite({ cluster, namespace: await cluster.namespace(), baseline, short })),
    );
  }
} finally {
  await closeClusters();
}
printFigures(figures, flags.has('--json'));
process.exit(flags.has('--strict') && figures.some(({ ok }) => ok === false) ? 1 : 0);
