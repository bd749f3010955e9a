/**
 * One runner as its supervisor sees it: the child process, what it is at, and in words why it died. Starts
 * the process; supervisor.ts decides what it does.
 */
import { type ChildProcess, fork } from 'node:child_process';
import path from 'node:path';
import type { Cause } from '../../src/model/causes.ts';
import type { StopReason } from './stop.ts';

export interface Lost {
  cause: Cause;
  message: string;
}

export interface Runner {
  child: ChildProcess;
  attemptId: number | null;
  bundleId: string | null;
  groups: Set<number>;
  killing?: { reason: StopReason; timer: NodeJS.Timeout };
  /** Ends a runner whose task blocks it beyond its execution timeout. */
  deadline?: NodeJS.Timeout;
  /** The attempt is claimed: code of the task may have run. */
  started: boolean;
  /** The attempt runs, or ran, a program of its own: what ended this process is not that. */
  program: boolean;
  timedOut: boolean;
  /** The end of its attempt is reported, but code of the task may still run here. */
  left: boolean;
  /** Loaded and listening. */
  ready: boolean;
  retired: boolean;
}

const ENTRY = path.join(
  import.meta.dirname,
  import.meta.filename.endsWith('.ts') ? 'runner.ts' : 'runner.js',
);

/** `compileCache`: folder for compiled code; it takes a third off the start of a runner. */
export function forkRunner(compileCache: string): Runner {
  const child = fork(ENTRY, [], {
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { ...runnerEnvironment(), NODE_COMPILE_CACHE: compileCache },
    execArgv: [...process.execArgv.filter((arg) => arg.startsWith('--conditions'))],
  });
  return {
    child,
    attemptId: null,
    bundleId: null,
    groups: new Set(),
    started: false,
    program: false,
    timedOut: false,
    left: false,
    ready: false,
    retired: false,
  };
}

/**
 * Why an attempt is over whose process died without a word. It costs the author a try only when code of the
 * author can be the reason: it had begun, and it ran in that process.
 */
export function explain(runner: Runner, code: number | null, signal: NodeJS.Signals | null): Lost {
  const how = signal ? `was ended by ${signal}` : `ended with exit code ${code}`;
  if (runner.killing?.reason === 'interrupted') {
    return { cause: 'interrupted', message: 'the worker was stopped' };
  }
  if (!runner.started) {
    return { cause: 'launch_failed', message: `the process ${how} before the task began` };
  }
  if (runner.timedOut) {
    return {
      cause: 'timeout',
      message: 'the task gave its process no turn until its time was over',
    };
  }
  if (signal === 'SIGABRT' || code === 134) {
    return { cause: 'oom', message: 'the process ran out of memory' };
  }
  if (runner.program) {
    return { cause: 'worker_lost', message: `the process that watched the program ${how}` };
  }
  if (signal) return { cause: 'signal', message: `the process ${how}` };
  return { cause: 'exit_code', message: `the process ${how} before it reported` };
}

export function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Already gone.
  }
}

/** A runner needs no secrets of the scheduler: its connection string comes by message. */
function runnerEnvironment(): NodeJS.ProcessEnv {
  const hidden =
    /^(PG[A-Z]+|DATABASE_URL|PODLINE_([A-Z]+_)?DATABASE_URL|OTEL_EXPORTER_OTLP_([A-Z]+_)?HEADERS)$/;
  const env: NodeJS.ProcessEnv = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (!hidden.test(name)) env[name] = value;
  }
  return env;
}
