/**
 * `npm run bench:cluster`: measures on a real cluster, Podline and bare pods turn by turn in the same run.
 * `--short` takes about a minute, `--only NAME` one suite, `--json` prints an array of figures, `--verbose` says where
 * time goes, `--write` refreshes docs/benchmarks.md. Exit 1 when a suite failed, or a budget is missed and `--strict`
 * is given.
 */
import os from 'node:os';
import { closeClusters, openCluster } from '../../cluster/harness.ts';
import { writeDocument } from '../document.ts';
import type { Figure } from '../figure.ts';
import { printFigures } from '../print.ts';
import { BarePods } from './barePods.ts';
import type { Bench } from './bench.ts';
import { chain } from './chain.ts';
import { cost } from './cost.ts';
import { direct } from './direct.ts';
import { parallel } from './parallel.ts';
import { scale } from './scale.ts';
import { Stage } from './stage.ts';
import { warm } from './warm.ts';

/** In the order of the table, with the seconds that each may take at most. */
const SUITES: Record<string, [suite: (bench: Bench) => Promise<Figure[]>, seconds: number]> = {
  chain: [chain, 180],
  parallel: [parallel, 300],
  direct: [direct, 180],
  cost: [cost, 90],
  warm: [warm, 120],
  scale: [scale, 600],
};
const CLOSE_SECONDS = 60;

const flags = new Set(process.argv.slice(2));
const only = flags.has('--only') ? process.argv[process.argv.indexOf('--only') + 1] : undefined;
if (only !== undefined && !Object.hasOwn(SUITES, only)) {
  throw new Error(`no suite ${only}; there are ${Object.keys(SUITES).join(', ')}`);
}
const say = (line: string) => process.stderr.write(`${line}\n`);

const load = () => os.loadavg()[0] ?? 0;
if (load() > 2) say(`the load of this machine is ${load().toFixed(1)}: figures will be too high`);
const figures: Figure[] = [];
let hasFailed = false;
let stage: Promise<Stage> | undefined;
try {
  const cluster = await within('opening the cluster', 1800, openCluster());
  const bare = new BarePods(cluster, await cluster.namespace());
  const kept = await cluster.namespace();
  const bench: Bench = {
    cluster,
    short: flags.has('--short'),
    bare,
    kept,
    stage: () => (stage ??= openStage()),
    detail: (line) => {
      if (flags.has('--verbose')) say(`  ${line}`);
    },
  };
  const openStage = async () => {
    const { podline } = cluster.images;
    const config = { image: podline, imagePullPolicy: 'IfNotPresent' as const, namespaces: [kept] };
    const kubeconfig = await cluster.schedulerKubeconfig(kept);
    const others = { kept: { ...config, kubeconfig, keepPods: 'always' as const } };
    return Stage.open(cluster, {}, others, [kept]);
  };
  for (const [name, [suite, seconds]] of Object.entries(SUITES)) {
    if (only !== undefined && only !== name) continue;
    const started = performance.now();
    say(`measuring ${name} ...`);
    try {
      figures.push(...(await within(name, seconds, suite(bench))));
    } catch (error) {
      hasFailed = true;
      say(`${name} failed: ${(error as Error).stack}`);
    }
    const took = ((performance.now() - started) / 1000).toFixed(1);
    say(`  ${took} s, load ${load().toFixed(1)}`);
  }
} finally {
  const closed = Promise.resolve(stage)
    .then((each) => each?.close())
    .catch((error: unknown) => say(String(error)))
    .then(closeClusters);
  await within('cleaning up', CLOSE_SECONDS, closed).catch((error: unknown) => say(String(error)));
}
printFigures(figures, flags.has('--json'));
if (flags.has('--write') && !hasFailed)
  await writeDocument(figures, 'npm run bench:cluster -- --write');
const isMissed = figures.some(({ ok }) => ok === false);
process.exit(hasFailed || (flags.has('--strict') && isMissed) ? 1 : 0);

async function within<T>(what: string, seconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = new Error(`${what} took longer than ${seconds} s`);
    timer = setTimeout(() => reject(error), seconds * 1000);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
