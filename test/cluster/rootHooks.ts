/** Brings the cluster up before the first cluster test, with no time limit of a test, and tidies up after the last. */
import { closeClusters, openCluster } from './harness.ts';

export async function mochaGlobalSetup(): Promise<void> {
  await openCluster();
}

export async function mochaGlobalTeardown(): Promise<void> {
  await closeClusters();
}
