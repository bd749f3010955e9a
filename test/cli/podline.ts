/** Starts the real CLI as a child process, for the tests of test/cli: once to its end, or for as long as needed. */
import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';

const ROOT = path.resolve(import.meta.dirname, '../..');
const MAIN = path.join(ROOT, 'runtime/main.ts');

export interface Surroundings {
  /** Goes to --database. */
  url?: string;
  home?: string;
  env?: Record<string, string>;
  input?: string;
  cwd?: string;
}

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

export function argumentsOf(args: string[], { url, home }: Surroundings): string[] {
  return [
    '--conditions=podline-source',
    MAIN,
    ...args,
    ...(url === undefined ? [] : ['--database', url]),
    ...(home === undefined ? [] : ['--home', home]),
  ];
}

export function environment(extra: Record<string, string> = {}): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR } = process.env;
  return { PATH, HOME, TMPDIR, NO_COLOR: '1', ...extra };
}

/** Runs a command to its end. */
export async function podline(args: string[], surroundings: Surroundings = {}): Promise<Ended> {
  const running = startPodline(args, surroundings);
  running.child.stdin?.end(surroundings.input ?? '');
  const code = await running.ended;
  return { code, stdout: running.stdout(), stderr: running.stderr() };
}

export interface Running {
  child: ChildProcess;
  stdout(): string;
  stderr(): string;
  /** Both, as they came. */
  all(): string;
  /** Resolves when the output (from a place in `all` on) matches; fails when the process ends before. */
  sees(pattern: RegExp, from?: number): Promise<RegExpExecArray>;
  ended: Promise<number | null>;
}

export function startPodline(args: string[], surroundings: Surroundings = {}): Running {
  const child = spawn(process.execPath, argumentsOf(args, surroundings), {
    cwd: surroundings.cwd ?? ROOT,
    env: environment(surroundings.env),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const texts = { stdout: '', stderr: '', all: '' };
  const waiting = new Set<() => void>();
  let over = false;
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      texts[name] += text;
      texts.all += text;
      for (const look of waiting) look();
    });
  }
  const ended = new Promise<number | null>((resolve) => {
    child.once('close', (code) => {
      over = true;
      for (const look of waiting) look();
      resolve(code);
    });
  });
  const sees = (pattern: RegExp, from = 0) =>
    new Promise<RegExpExecArray>((resolve, reject) => {
      const look = () => {
        const found = pattern.exec(texts.all.slice(from));
        if (!found && !over) return;
        clearTimeout(timer);
        waiting.delete(look);
        if (found) resolve(found);
        else reject(new Error(`never saw ${String(pattern)} in:\n${texts.all}`));
      };
      const timer = setTimeout(() => {
        waiting.delete(look);
        reject(new Error(`did not see ${String(pattern)} for 15 s in:\n${texts.all}`));
      }, 15_000);
      waiting.add(look);
      look();
    });
  const { stdout, stderr, all } = {
    stdout: () => texts.stdout,
    stderr: () => texts.stderr,
    all: () => texts.all,
  };
  return { child, stdout, stderr, all, sees, ended };
}
