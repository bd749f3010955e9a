/** Measures the bare pods, each figure once for a run of the benchmark. Called by main.ts; Podline's figures take it as their baseline. */
import type { TestCluster } from '../../cluster/harness.ts';
import { type Figure, figure, median, quantile } from '../figure.ts';
import { BarePods, type Program } from './barePods.ts';

/** Milliseconds, and pods per second for each number of pods at once. */
export interface Baseline {
  running: number[];
  succeeded: number[];
  rates: { count: number; image: 'node' | 'busybox'; rate: number }[];
}

export const COUNTS = [20, 60];

export async function measureBaseline(
  cluster: TestCluster,
  namespace: string,
  short: boolean,
): Promise<Baseline> {
  const pods = new BarePods(cluster, namespace);
  const nothing: Record<'node' | 'busybox', Program> = {
    node: { image: cluster.images.node, command: ['node', '-e', '0'] },
    busybox: { image: cluster.images.busybox, command: ['true'] },
  };
  const repeated = async (measure: () => Promise<number>) => {
    // Two to warm up: images are unpacked, files are in memory.
    for (let i = 0; i < 2; i++) await measure();
    const values: number[] = [];
    for (let i = 0; i < (short ? 5 : 15); i++) values.push(await measure());
    return values;
  };
  const running = await repeated(() => pods.untilRunning(cluster.images.node));
  const succeeded = await repeated(() => pods.untilSucceeded(nothing.busybox));
  const rates: Baseline['rates'] = [];
  for (const count of short ? [20] : COUNTS) {
    for (const image of ['node', 'busybox'] as const) {
      rates.push({ count, image, rate: await pods.rate(count, nothing[image]) });
    }
  }
  return { running, succeeded, rates };
}

export function baselineFigures({ running, succeeded, rates }: Baseline): Figure[] {
  const floor = 'this is the floor';
  return [
    figure('bare pod: create -> process running, p50', median(running), 'ms', null, floor),
    figure('bare pod: create -> process running, p90', quantile(running, 0.9), 'ms', null, floor),
    figure('bare pod: create -> Succeeded seen, p50', median(succeeded), 'ms', null, floor),
    figure('bare pod: create -> Succeeded seen, p90', quantile(succeeded, 0.9), 'ms', null, floor),
    ...rates.map(({ count, image, rate }) =>
      figure(`bare pods: ${count} at once, ${image}`, rate, 'pods/s', null, floor),
    ),
  ];
}
