/** Looks into /proc for processes by their environment, to prove that none is left. */
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** Living processes (no zombies) whose environment has NAME=value. */
export async function processesWith(name: string, value: string): Promise<number[]> {
  const found: number[] = [];
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const environ = await readFile(`/proc/${entry}/environ`, 'utf8').catch(() => '');
    if (environ.split('\u0000').includes(`${name}=${value}`)) found.push(Number(entry));
  }
  return found;
}

/** Resolves when none is left; the test's own timeout is the limit. */
export async function noneLeft(name: string, value: string): Promise<void> {
  while ((await processesWith(name, value)).length > 0) await sleep(20);
}
