/** Runs the programs that the test cluster is made with, and says what takes long. Used by everything in this folder. */
import { execFile } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';

/** Programs, images and state of the test cluster; safe to delete when the cluster is down. */
export const CACHE =
  process.env.PODLINE_TEST_CACHE ?? path.join(os.homedir(), '.cache/podline-test');

export interface RunOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  input?: string;
}

/** Output of a program; its words are in the error when it fails. */
export function run(program: string, args: string[], options: RunOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      program,
      args,
      { ...options, maxBuffer: 64 << 20, env: { ...process.env, ...SBIN, ...options.env } },
      (error, stdout, stderr) => {
        if (error === null) {
          resolve(stdout);
          return;
        }
        const said = stderr.trim().split('\n').slice(-15).join('\n');
        reject(new Error(`${program} ${args.join(' ').slice(0, 200)}: ${said || error.message}`));
      },
    );
    // A program that does not read its input closes it; its exit code says what matters.
    child.stdin?.on('error', () => {});
    child.stdin?.end(options.input);
  });
}

const SBIN = { PATH: `${process.env.PATH ?? ''}:/usr/sbin:/sbin` };

/** Does one long step and says how long it took; repeats that it is still at it. */
export async function step<T>(title: string, action: () => Promise<T>): Promise<T> {
  const started = performance.now();
  const seconds = () => ((performance.now() - started) / 1000).toFixed(1);
  say(`${title} ...`);
  const timer = setInterval(() => say(`${title}: ${seconds()} s so far`), 15_000);
  try {
    const result = await action();
    say(`${title}: ${seconds()} s`);
    return result;
  } finally {
    clearInterval(timer);
  }
}

export function say(line: string): void {
  process.stderr.write(`test cluster: ${line}\n`);
}
