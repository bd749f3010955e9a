/**
 * Processes that outlive the one that starts them: each with a link to its program, a log and a pid file in the folder
 * of its cluster. A pid counts only when that process still runs under the link's path.
 */
import { spawn } from 'node:child_process';
import { openSync, closeSync } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Starts STATE/bin/NAME, a link to the program: the name tells the program what it is. */
export async function startDaemon(
  state: string,
  name: string,
  program: string,
  args: string[],
): Promise<void> {
  const link = path.join(state, 'bin', name);
  await linkProgram(state, name, program);
  await Promise.all(
    ['logs', 'run'].map((each) => fs.mkdir(path.join(state, each), { recursive: true })),
  );
  const log = openSync(path.join(state, 'logs', `${name}.log`), 'a');
  const child = spawn(link, args, {
    cwd: state,
    detached: true,
    stdio: ['ignore', log, log],
    env: { ...process.env, PATH: `${process.env.PATH ?? ''}:/usr/sbin:/sbin` },
  });
  closeSync(log);
  child.unref();
  await new Promise((resolve, reject) => child.on('spawn', resolve).on('error', reject));
  await fs.writeFile(path.join(state, 'run', `${name}.pid`), String(child.pid));
}

export async function linkProgram(state: string, name: string, program: string): Promise<string> {
  const link = path.join(state, 'bin', name);
  await fs.mkdir(path.dirname(link), { recursive: true });
  await fs.rm(link, { force: true });
  await fs.symlink(program, link);
  return link;
}

/** Pid of a daemon that runs. */
export async function pidOf(state: string, name: string): Promise<number | null> {
  try {
    const pid = Number(await fs.readFile(path.join(state, 'run', `${name}.pid`), 'utf8'));
    const line = await fs.readFile(`/proc/${pid}/cmdline`, 'utf8');
    return line.split('\0')[0] === path.join(state, 'bin', name) ? pid : null;
  } catch {
    return null;
  }
}

/** TERM, then KILL after five seconds. */
export async function stopDaemon(state: string, name: string): Promise<void> {
  const pid = await pidOf(state, name);
  if (pid === null) return;
  process.kill(pid, 'SIGTERM');
  for (let i = 0; i < 100; i++) {
    await sleep(50);
    if ((await pidOf(state, name)) === null) return;
  }
  process.kill(pid, 'SIGKILL');
}

/** Asks until the answer is yes; the end of the daemon's log is in the error. */
export async function waitFor(
  state: string,
  name: string,
  asked: () => Promise<boolean>,
  seconds = 60,
): Promise<void> {
  const end = Date.now() + seconds * 1000;
  let last = '';
  while (Date.now() < end) {
    try {
      if (await asked()) return;
    } catch (error) {
      last = String(error);
    }
    if ((await pidOf(state, name)) === null) {
      throw new Error(`${name} ended: ${await tail(state, name)}`);
    }
    await sleep(100);
  }
  throw new Error(`${name} is not ready after ${seconds} s: ${last}\n${await tail(state, name)}`);
}

async function tail(state: string, name: string): Promise<string> {
  const text = await fs.readFile(path.join(state, 'logs', `${name}.log`), 'utf8').catch(() => '');
  return text.trim().split('\n').slice(-10).join('\n');
}
