/**
 * Runs one program in its own process group, with nothing inherited: clean environment, no stdin,
 * output into the log with backpressure. When the program ends or must end, the whole group goes.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

export interface ProgramOptions {
  program: string;
  args: readonly string[];
  cwd: string;
  env: Record<string, string>;
  signal: AbortSignal;
  graceSeconds: () => number;
  write: (source: 'stdout' | 'stderr', bytes: Uint8Array) => Promise<void> | undefined;
  log: (line: string) => void;
}

export interface ProgramEnd {
  exitCode: number | null;
  signal: NodeJS.Signals | null;
}

/** Process groups of running programs; the runner kills them when it must leave at once. */
const groups = new Set<number>();
let groupListener: (pid: number, alive: boolean) => void = () => {};

/** The runner tells its supervisor, who ends the groups of a runner that was killed. */
export function onGroup(listener: (pid: number, alive: boolean) => void): void {
  groupListener = listener;
}

export function killAllGroups(): void {
  for (const pid of groups) signalGroup(pid, 'SIGKILL');
}

/** Rejects with the spawn error (code ENOENT, EACCES) when the program cannot be started. */
export async function runProgram(options: ProgramOptions): Promise<ProgramEnd> {
  const child = spawn(options.program, options.args, {
    cwd: options.cwd,
    env: options.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const pid = child.pid;
  if (pid === undefined) throw await new Promise<Error>((resolve) => child.once('error', resolve));
  groups.add(pid);
  groupListener(pid, true);
  const exited = exitOf(child);
  const streams = Promise.all([
    pipe(child.stdout, (bytes) => options.write('stdout', bytes)),
    pipe(child.stderr, (bytes) => options.write('stderr', bytes)),
  ]);
  const stop = (): void => void stopGroup(pid, options, exited);
  if (options.signal.aborted) stop();
  else options.signal.addEventListener('abort', stop, { once: true });
  try {
    const end = await exited;
    await clearGroup(pid, options);
    // Pipes stay open only when a process left the group; it is not waited for.
    await Promise.race([streams, sleep(1000, undefined, { ref: false })]);
    return end;
  } finally {
    options.signal.removeEventListener('abort', stop);
    child.stdout.destroy();
    child.stderr.destroy();
    groups.delete(pid);
    groupListener(pid, false);
  }
}

function exitOf(child: ChildProcess): Promise<ProgramEnd> {
  return new Promise((resolve) =>
    child.once('exit', (exitCode, signal) => resolve({ exitCode, signal })),
  );
}

function pipe(
  stream: Readable,
  write: (bytes: Uint8Array) => Promise<void> | undefined,
): Promise<void> {
  return new Promise((resolve) => {
    stream.on('data', (bytes: Uint8Array) => {
      const room = write(bytes);
      if (!room) return;
      stream.pause();
      void room.then(() => stream.resume());
    });
    stream.once('close', resolve);
    stream.once('error', () => resolve());
  });
}

/** TERM, and KILL after the grace. */
async function stopGroup(
  pid: number,
  options: ProgramOptions,
  exited: Promise<unknown>,
): Promise<void> {
  const grace = options.graceSeconds();
  options.log(`stopping the process with SIGTERM, after ${grace} s with SIGKILL`);
  signalGroup(pid, 'SIGTERM');
  await Promise.race([exited, sleep(grace * 1000, undefined, { ref: false })]);
  signalGroup(pid, 'SIGKILL');
}

/** The program has ended: background processes that it left in its group end, too. */
async function clearGroup(pid: number, options: ProgramOptions): Promise<void> {
  if (!signalGroup(pid, 0)) return;
  if (!options.signal.aborted) {
    options.log('the process has ended and left background processes, which are stopped');
  }
  signalGroup(pid, 'SIGTERM');
  for (let waited = 0; waited < 2000 && signalGroup(pid, 0); waited += 20) await sleep(20);
  signalGroup(pid, 'SIGKILL');
}

function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-pid, signal);
    return true;
  } catch {
    return false;
  }
}
