/**
 * Makes the tables of docs/metrics.md from the metrics that the processes register. Write them anew with
 * `node --conditions=podline-source test/laws/metricsDocument.ts --write`.
 */
import { Heartbeat } from '../../runtime/observe/heartbeat.ts';
import { clusterMetrics } from '../../runtime/observe/clusterMetrics.ts';
import { loadMetrics } from '../../runtime/observe/loadMetrics.ts';
import { openLog } from '../../runtime/observe/log.ts';
import { Metrics } from '../../runtime/observe/metrics.ts';
import { schedulerMetrics } from '../../runtime/observe/schedulerMetrics.ts';
import { traceMetrics } from '../../runtime/observe/traces/traceMetrics.ts';
import { workerMetrics } from '../../runtime/observe/workerMetrics.ts';
import type { Queryable } from '../../runtime/database/pool.ts';
import { type MadePart, writeDocument } from './document.ts';

const script = 'test/laws/metricsDocument.ts';

/** Nobody scrapes here. */
const nowhere = { query: () => Promise.reject(new Error('not asked')) } as unknown as Queryable;

interface Described {
  name: string;
  type: string;
  help: string;
  labelNames: string[];
}

/** What `add` registers, without what every process has. */
function registered(add: (metrics: Metrics) => void): Described[] {
  const metrics = new Metrics('web', openLog('silent'));
  const before = new Set(metrics.registry.getMetricsAsArray().map(({ name }) => name));
  add(metrics);
  const all = metrics.registry.getMetricsAsArray() as unknown as Described[];
  return all.filter(({ name }) => !before.has(name));
}

function table(metrics: Described[]): string {
  return [
    '| metric | type | labels | meaning |',
    '| --- | --- | --- | --- |',
    ...metrics.map(({ name, type, labelNames, help }) => {
      const labels = labelNames.map((label) => `\`${label}\``).join(', ');
      return `| \`${name}\` | ${type} | ${labels} | ${help} |`;
    }),
  ].join('\n');
}

function part(source: string, make: () => Described[]): MadePart {
  return { document: 'docs/metrics.md', source, script, make: () => table(make()) };
}

export const metricTables: MadePart[] = [
  part('runtime/observe/metrics.ts', () => {
    const all = new Metrics(
      'web',
      openLog('silent'),
    ).registry.getMetricsAsArray() as unknown as Described[];
    return all.filter(({ name }) => name.startsWith('podline_'));
  }),
  part('runtime/observe/schedulerMetrics.ts', () =>
    registered((metrics) => schedulerMetrics(metrics, new Heartbeat(1))),
  ),
  part('runtime/observe/traces/traceMetrics.ts', () =>
    registered((metrics) => traceMetrics(metrics)),
  ),
  part('runtime/observe/clusterMetrics.ts', () =>
    registered((metrics) => {
      clusterMetrics(metrics, () => []);
    }),
  ),
  part('runtime/observe/loadMetrics.ts', () =>
    registered((metrics) => {
      loadMetrics(metrics, nowhere);
    }),
  ),
  part('runtime/observe/workerMetrics.ts', () =>
    registered((metrics) => {
      workerMetrics(metrics, nowhere, { pool: 'x', slots: 1, beat: '/nowhere' });
    }),
  ),
];

if (process.argv[1]?.endsWith(script) && process.argv.includes('--write')) {
  for (const each of metricTables) await writeDocument(each);
  process.exit();
}
