/**
 * Runs attempts in child processes of this machine: forks runners, keeps warm ones, hands each one attempt
 * at a time (a warm one that ends soon is worth more than a new one: processes start a few at a time), ends what is no longer wanted, reports what died without a word. Used by the local executor;
 * pool workers are the same thing in another place. Runners claim and report by themselves over SQL.
 */
import os from 'node:os';
import path from 'node:path';
import type { Launch } from '../database/queries/launchAttempts.ts';
import type { Log } from '../observe/log.ts';
import type { FromRunner, InitMessage, ToRunner } from './messages.ts';
import { explain, forkRunner, killGroup, type Lost, type Runner } from './runnerProcess.ts';
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
  /** Its end was reported while its code still ran: the database waits to hear that the process is gone. */
  left?: boolean;
}

const GIVEN_BACK: Lost = { cause: 'interrupted', message: 'the worker stopped before it began' };
/** Above the grace that a task gets, before the runner itself is killed. */
const RUNNER_GRACE_MS = 3_000;
const LONGEST_TIMER = 2 ** 31 - 1;
/**
 * Runners that start at the same time. With one for each waiting attempt, 20 short tasks on two cores took
 * three times as long, all spent in starting processes.
 */
const MOST_STARTING = os.availableParallelism();

export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #runners = new Set<Runner>();
  readonly #waiting: Launch[] = [];
  #stopping = false;
  #exitWaiters: (() => void)[] = [];

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

  /** Attempts that this supervisor has, those that wait for a process included. */
  running(): number[] {
    const busy = [...this.#runners].map(({ attemptId }) => attemptId).filter((id) => id !== null);
    return [...busy, ...this.#waiting.map(({ attemptId }) => attemptId)];
  }

  run(launch: Launch): void {
    this.#waiting.push(launch);
    this.#serve();
  }

  /** Ends the process of an attempt; `onEnded` follows when it is gone. Saying it twice does no harm. */
  kill(attemptId: number, reason: StopReason, graceSeconds: number): void {
    const index = this.#waiting.findIndex((each) => each.attemptId === attemptId);
    if (index >= 0) {
      this.#waiting.splice(index, 1);
      const lost = reason === 'interrupted' ? GIVEN_BACK : undefined;
      this.#options.onEnded({ attemptId, lost });
      return;
    }
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
    for (const { attemptId } of [...this.#waiting]) this.kill(attemptId, 'interrupted', 0);
    for (const runner of this.#runners) if (runner.attemptId === null) this.#retire(runner);
    const interrupt = setTimeout(() => {
      for (const id of this.running()) this.kill(id, 'interrupted', 2);
    }, drainSeconds * 1000);
    while (this.#runners.size > 0) await this.#nextExit();
    clearTimeout(interrupt);
  }

  #nextExit(): Promise<void> {
    return new Promise((resolve) => this.#exitWaiters.push(resolve));
  }

  /** Gives waiting attempts to idle runners, and starts runners for those that are left. */
  #serve(): void {
    for (const launch of [...this.#waiting]) {
      const runner = this.#pick(launch.bundleId);
      if (!runner) continue;
      this.#waiting.splice(this.#waiting.indexOf(launch), 1);
      this.#assign(runner, launch);
    }
    const all = [...this.#runners].filter(({ retired }) => !retired);
    let starting = all.filter(({ ready }) => !ready).length;
    let room = this.#options.slots - all.length;
    while (starting < Math.min(MOST_STARTING, this.#waiting.length)) {
      if (room <= 0) {
        // All slots are taken by processes; an idle one here holds the code of another bundle.
        const idle = all.find(
          ({ attemptId, ready, retired }) => attemptId === null && ready && !retired,
        );
        if (!idle) break;
        this.#retire(idle);
      }
      this.#fork();
      room -= 1;
      starting += 1;
    }
  }

  /** The same bundle loaded is best, then an unused process. */
  #pick(bundleId: string | null): Runner | undefined {
    const idle = [...this.#runners].filter(
      (each) => each.attemptId === null && each.ready && !each.retired,
    );
    return (
      idle.find((each) => each.bundleId === bundleId) ??
      idle.find((each) => each.bundleId === null || bundleId === null)
    );
  }

  #assign(runner: Runner, launch: Launch): void {
    runner.attemptId = launch.attemptId;
    runner.started = false;
    runner.program = false;
    runner.bundleId ??= launch.bundleId;
    const token = launch.token.toString('hex');
    this.#send(runner, { type: 'run', attemptId: launch.attemptId, token });
  }

  #fork(): Runner {
    const runner = forkRunner(path.join(this.#options.init.bundleCache, '..', 'compiled'));
    const { child } = runner;
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
    if (message.type === 'ready') {
      runner.ready = true;
      this.#serve();
    } else if (message.type === 'group') {
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
    } else {
      const { attemptId, reply, reusable } = message;
      this.#clearTimers(runner);
      runner.bundleId = message.bundleId ?? runner.bundleId;
      if (message.left && reply !== 'failed') {
        runner.left = true;
        this.#retire(runner);
        return;
      }
      runner.attemptId = null;
      if (!reusable || this.#stopping) this.#retire(runner);
      const lost =
        reply === 'failed'
          ? {
              cause:
                message.state === undefined ? ('launch_failed' as const) : ('worker_lost' as const),
              message: 'the worker could not reach the database',
            }
          : undefined;
      this.#options.onEnded({ attemptId, lost });
      this.#serve();
    }
  }

  #gone(runner: Runner, lost: Lost): void {
    if (!this.#runners.delete(runner)) return;
    this.#clearTimers(runner);
    for (const pid of runner.groups) killGroup(pid);
    if (runner.attemptId !== null) {
      const { attemptId, left } = runner;
      this.#options.onEnded(left ? { attemptId, left } : { attemptId, lost });
    } else if (!runner.ready) {
      // It cannot even start: one attempt is told so, else this would go round and round.
      const launch = this.#waiting.shift();
      if (launch) this.#options.onEnded({ attemptId: launch.attemptId, lost });
    }
    if (!this.#stopping) this.#serve();
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
