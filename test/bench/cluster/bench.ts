/** What main.ts hands to each suite, and what the suites share. */
import type { TestCluster } from '../../cluster/harness.ts';
import type { BarePods } from './barePods.ts';
import type { Stage } from './stage.ts';

export interface Bench {
  cluster: TestCluster;
  short: boolean;
  /** In a namespace of their own. */
  bare: BarePods;
  /** Podline on this cluster; opened when first asked for. */
  stage(): Promise<Stage>;
  /** Namespace of the cluster `kept`, whose pods stay when they have ended. */
  kept: string;
  /** With --verbose. */
  detail(line: string): void;
}

/** In pods: as little as a Node process can be. */
export const NOTHING = ['node', '-e', '0'];

export const mean = (values: number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

export const milliseconds = (values: number[]) =>
  values.map((value) => Math.round(value)).join(' ');
