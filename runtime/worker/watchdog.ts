/**
 * A thread that ends this process when its parent is gone, even while a task's endless loop keeps
 * the main thread from noticing. Started by runner.ts with the first body that runs in-process.
 */
import { Worker } from 'node:worker_threads';

const CODE = `
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL');
  }, 500);
`;

let started = false;

export function startWatchdog(): void {
  if (started) return;
  started = true;
  const thread = new Worker(CODE, { eval: true, execArgv: [], env: {} });
  thread.on('error', () => {});
  thread.unref();
}
