/**
 * Opens the cluster for the end-to-end tests before the first, and tidies up after the last. Where something of the
 * machine is missing, says loudly what, and skips everything. One run at a time on a machine: they share the cluster.
 */
import { once } from 'node:events';
import { EventEmitter } from 'node:events';
import { closeClusters, openCluster } from '../cluster/harness.ts';
import { locked } from '../cluster/lock.ts';
import { reportFigures } from './figures.ts';
import { obstacles } from './tools.ts';

const closing = new EventEmitter();
let released: Promise<unknown> = Promise.resolve();
let missing: string[] = [];

export async function mochaGlobalSetup(): Promise<void> {
  missing = await obstacles();
  if (missing.length > 0) {
    const message = `end-to-end tests need ${missing.join(', and ')}`;
    if (process.env.PODLINE_TEST_FULL) throw new Error(message);
    console.warn(`SKIPPED: ${message}`);
    return;
  }
  await new Promise<void>((resolve) => {
    released = locked('end-to-end tests', async () => {
      const closed = once(closing, 'closed');
      resolve();
      await closed;
    });
  });
  await openCluster([]);
}

export async function mochaGlobalTeardown(): Promise<void> {
  await reportFigures();
  await closeClusters();
  closing.emit('closed');
  await released;
}

export const mochaHooks = {
  beforeAll(this: Mocha.Context): void {
    if (missing.length > 0) this.skip();
  },
};
