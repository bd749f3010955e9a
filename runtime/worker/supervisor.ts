/**
 * Runs attempts in child processes of this machine: forks runners, keeps warm ones, hands each one attempt
 * at a time, ends what is no longer wanted, reports what died without a word. Used by the local executor;
 * pool workers are the same thing in another place. Runners claim and report by themselves over SQL.
 */
import { type ChildProcess, fork } from 'node:child_process';
import path from 'node:path';
import type { Cause } from '../../src/model/causes.ts';
import type { Launch } from '../database/queries/launchAttempts.ts';
import type { Log } from '../observe/log.ts';
import type { FromRunner, InitMessage, ToRunner } from './messages.ts';
import type { StopReason } from './stop.ts';

export interface SupervisorOptions {
  slots: number;
  init: Omit<InitMessage, 'type'>;
  log: Log;
  /** An attempt is over and its process is free or gone. */
  onEnded(end: AttemptEnd): void;
}

export interface AttemptEnd {
  attemptId: number;
  /** Set when the process died, or could not start, without reporting. */
  lost?: Lost;
}

interface Lost {
  cause: Cause;
  message: string;
}

interface Runner {
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
  retired: boolean;
}

const ENTRY = path.join(
  import.meta.dirname,
  import.meta.filename.endsWith('.ts') ? 'runner.ts' : 'runner.js',
);
/** Above the grace that a task gets, before the runner itself is killed. */
const RUNNER_GRACE_MS = 3_000;
const LONGEST_TIMER = 2 ** 31 - 1;

export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #runners = new Set<Runner>();
  #stopping = false;

  constructor(options: SupervisorOptions) {
    this.#options = options;
  }

  /** Starts one warm process, so that the first task need not wait for it. */
  warmUp(): void {
    if (this.#runners.size === 0) this.#fork();
  }

  freeSlots(): number {
    if (this.#stopping) return 0;
    return this.#options.slots - this.running().length;
  }

  running(): number[] {
    return [...this.#runners].map(({ attemptId }) => attemptId).filter((id) => id !== null);
  }

  run(launch: Launch): void {
    const runner = this.#pick(launch.bundleId);
    runner.attemptId = launch.attemptId;
    runner.started = false;
    runner.program = false;
    runner.bundleId ??= launch.bundleId;
    this.#send(runner, {
      type: 'run',
      attemptId: launch.attemptId,
      token: launch.token.toString('hex'),
    });
  }

  /** Ends the process of an attempt; `onEnded` follows when it is gone. Saying it twice does no harm. */
  kill(attemptId: number, reason: StopReason, graceSeconds: number): void {
    const runner = [...this.#runners].find((each) => each.attemptId === attemptId);
    if (!runner || runner.killing) return;
    const timer = setTimeout(
      () => runner.child.kill('SIGKILL'),
      graceSeconds * 1000 + RUNNER_GRACE_MS,
    );
    runner.killing = { reason, timer };
    this.#send(runner, { type: 'kill', attemptId, reason, graceSeconds });
  }

  /** Takes no more work, gives what runs `drainSeconds` to end, then interrupts it. */
  async stop(drainSeconds: number): Promise<void> {
    this.#stopping = true;
    for (const runner of this.#runners) if (runner.attemptId === null) this.#retire(runner);
    const interrupt = setTimeout(() => {
      for (const id of this.running()) this.kill(id, 'interrupted', 2);
    }, drainSeconds * 1000);
    while (this.#runners.size > 0) await this.#nextExit();
    clearTimeout(interrupt);
  }

  #exitWaiters: (() => void)[] = [];

  #nextExit(): Promise<void> {
    return new Promise((resolve) => this.#exitWaiters.push(resolve));
  }

  /** The same bundle loaded is best, then an unused process, then a new one in place of an idle one. */
  #pick(bundleId: string | null): Runner {
    const idle = [...this.#runners].filter((each) => each.attemptId === null && !each.retired);
    const fitting =
      idle.find((each) => each.bundleId === bundleId) ??
      idle.find((each) => each.bundleId === null || bundleId === null);
    if (fitting) return fitting;
    const stale = idle[0];
    if (stale && this.#runners.size >= this.#options.slots) this.#retire(stale);
    return this.#fork();
  }

  #fork(): Runner {
    const child = fork(ENTRY, [], {
      serialization: 'advanced',
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      env: runnerEnvironment(),
      execArgv: [...process.execArgv.filter((arg) => arg.startsWith('--conditions'))],
    });
    const runner: Runner = {
      child,
      attemptId: null,
      bundleId: null,
      groups: new Set(),
      started: false,
      program: false,
      timedOut: false,
      retired: false,
    };
    this.#runners.add(runner);
    child.on('message', (message) => {
      this.#hear(runner, message as FromRunner);
    });
    child.on('error', (error) => {
      this.#options.log.error({ error: String(error) }, 'runner failed');
      if (child.pid === undefined)
        this.#gone(runner, { cause: 'launch_failed', message: error.message });
    });
    child.on('exit', (code, signal) => {
      this.#gone(runner, explain(runner, code, signal));
    });
    this.#send(runner, { type: 'init', ...this.#options.init });
    return runner;
  }

  #hear(runner: Runner, message: FromRunner): void {
    if (message.type === 'group') {
      if (message.alive) {
        runner.groups.add(message.pid);
        runner.program = true;
      } else runner.groups.delete(message.pid);
    } else if (message.type === 'started') {
      runner.started = true;
      if (message.executionTimeout === undefined) return;
      // The runner keeps the timeout itself; this is for code that never gives it a turn.
      const milliseconds = message.executionTimeout * 1000 + 2 * RUNNER_GRACE_MS;
      if (milliseconds > LONGEST_TIMER) return;
      runner.deadline = setTimeout(() => {
        runner.timedOut = true;
        runner.child.kill('SIGKILL');
      }, milliseconds);
    } else if (message.type === 'ended') {
      const { attemptId, reply, reusable } = message;
      this.#clearTimers(runner);
      runner.attemptId = null;
      runner.bundleId = message.bundleId ?? runner.bundleId;
      if (!reusable || this.#stopping) this.#retire(runner);
      const lost =
        reply === 'failed'
          ? {
              cause: message.state === undefined ? ('launch_failed' as const) : ('worker_lost' as const),
              message: 'the worker could not reach the database',
            }
          : undefined;
      this.#options.onEnded({ attemptId, lost });
    }
  }

  #gone(runner: Runner, lost: Lost): void {
    if (!this.#runners.delete(runner)) return;
    this.#clearTimers(runner);
    for (const pid of runner.groups) killGroup(pid);
    if (runner.attemptId !== null) {
      this.#options.onEnded({ attemptId: runner.attemptId, lost });
    }
    for (const resolve of this.#exitWaiters.splice(0)) resolve();
  }

  #clearTimers(runner: Runner): void {
    clearTimeout(runner.killing?.timer);
    clearTimeout(runner.deadline);
    runner.killing = undefined;
    runner.deadline = undefined;
  }

  #retire(runner: Runner): void {
    if (runner.retired) return;
    runner.retired = true;
    this.#send(runner, { type: 'exit' });
    const timer = setTimeout(() => runner.child.kill('SIGKILL'), RUNNER_GRACE_MS);
    runner.child.once('exit', () => {
      clearTimeout(timer);
    });
  }

  #send(runner: Runner, message: ToRunner): void {
    if (runner.child.connected) runner.child.send(message, () => {});
  }
}

/**
 * Why an attempt is over whose process died without a word. It costs the author a try only when code of the
 * author can be the reason: it had begun, and it ran in that process.
 */
function explain(runner: Runner, code: number | null, signal: NodeJS.Signals | null): Lost {
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

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Already gone.
  }
}

/** A runner needs no secrets of the scheduler: its connection string comes by message. */
function runnerEnvironment(): NodeJS.ProcessEnv {
  const hidden = /^(PG[A-Z]+|DATABASE_URL|PODLINE_DATABASE_URL|PODLINE_WORKER_DATABASE_URL)$/;
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !hidden.test(name)),
  ) as NodeJS.ProcessEnv;
}
