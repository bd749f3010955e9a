/** What a scheduler does to its clusters: calls that wait, were made, were pushed back, and namespaces without quota. */
import { Counter, Gauge } from 'prom-client';
import type { ApiQueueStats } from '../pods/apiQueue.ts';
import type { Metrics } from './metrics.ts';

export interface ClusterFigures {
  name: string;
  stats: ApiQueueStats;
}

/** `read` is asked at every scrape; it must not wait. */
export function clusterMetrics({ registry }: Metrics, read: () => ClusterFigures[]): void {
  const registers = [registry];
  const labelNames = ['cluster'] as const;
  const gauge = (name: string, help: string, of: (stats: ApiQueueStats) => number) =>
    new Gauge({
      name,
      help,
      labelNames,
      registers,
      collect() {
        for (const { name: cluster, stats } of read()) this.set({ cluster }, of(stats));
      },
    });
  gauge(
    'podline_cluster_calls_waiting',
    'Calls to the API server that wait for their turn or for their next try.',
    ({ waiting }) => waiting,
  );
  gauge('podline_cluster_calls_running', 'Calls that are being made.', ({ running }) => running);
  gauge(
    'podline_cluster_calls_limit',
    'Calls that may be made at a time: goes down when the API server pushes back, and up again.',
    ({ limit }) => limit,
  );
  gauge(
    'podline_cluster_namespaces_without_quota',
    'Namespaces in which nothing is created for now, because their quota is used up.',
    ({ pausedNamespaces }) => pausedNamespaces.length,
  );
  new Counter({
    name: 'podline_cluster_calls_total',
    help: 'Calls that change the cluster, tries included: `create`, `kill` and `cleanup` of pods.',
    labelNames: ['cluster', 'kind'] as const,
    registers,
    collect() {
      this.reset();
      for (const { name: cluster, stats } of read()) {
        for (const [kind, count] of Object.entries(stats.calls)) this.inc({ cluster, kind }, count);
      }
    },
  });
  new Counter({
    name: 'podline_cluster_calls_refused_total',
    help: 'Calls that were pushed back to be tried again (`later`), or given up (`failed`).',
    labelNames: ['cluster', 'how'] as const,
    registers,
    collect() {
      this.reset();
      for (const { name: cluster, stats } of read()) {
        this.inc({ cluster, how: 'later' }, stats.throttled);
        this.inc({ cluster, how: 'failed' }, stats.failed);
      }
    },
  });
}
