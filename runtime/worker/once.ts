/**
 * Runs exactly one attempt, as in a pod: who it is comes from the environment and from files, everything
 * else from the claim. `runOnce` returns the exit code of the process; podMain.ts is the process.
 */
import { readFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Connections } from '../connections/connections.ts';
import { CONNECTION_PREFIX } from '../../src/connections/names.ts';
import { PodlineError } from '../../src/errors.ts';
import type { Outcome } from './assignment.ts';
import { BundleCache } from './bundleCache.ts';
import { captureOutput } from './captureOutput.ts';
import { oomKills, outcomeAfterOom, preferForOom } from './oom.ts';
import { PodReportClient } from './podReport.ts';
import { killAllGroups, onGroup } from './process.ts';
import { chooseScratch } from './scratch.ts';
import { Stop } from './stop.ts';

/** Exit codes: the work is recorded (whatever its outcome), refused, or could not be recorded. */
export const EXIT = { recorded: 0, refused: 5, failed: 4 } as const;

export interface OnceOptions {
  /** Seconds between SIGTERM and SIGKILL: terminationGracePeriodSeconds of the pod. */
  graceSeconds?: number;
  /** How long an outcome is offered to a database that is away. */
  reportMs?: number;
}

/** Operators whose code runs in processes of their own: the output of this one is not theirs. */
const OTHER_PROCESS = new Set(['bash', 'python', 'r', 'empty', 'greatExpectations']);

export async function runOnce(
  env: Record<string, string | undefined>,
  options: OnceOptions = {},
): Promise<number> {
  if (env.PODLINE_INHERIT === 'all') chooseScratch(process.env);
  const attemptId = Number(required(env, 'PODLINE_ATTEMPT'));
  const token = await secretOf(env, 'PODLINE_TOKEN');
  const url = await secretOf(env, 'PODLINE_WORKER_DATABASE_URL');
  const leaseSeconds = seconds(env, 'PODLINE_LEASE_SECONDS') ?? 300;
  const grace = options.graceSeconds ?? seconds(env, 'PODLINE_GRACE_SECONDS') ?? 30;
  const report = new PodReportClient({
    url,
    attemptId,
    leaseSeconds,
    graceMs: options.reportMs ?? (seconds(env, 'PODLINE_REPORT_SECONDS') ?? 600) * 1000,
    terminationFile: env.PODLINE_TERMINATION_FILE ?? '/dev/termination-log',
  });
  // The server makes its process for us while the rest is loaded.
  report.connect();
  const loading = import('./attempt.ts');
  const connections = new Connections(env, env.PODLINE_CONNECTIONS);
  // In a pod of its own the other names are the author's: a password for a program of the task, say.
  const secrets = env.PODLINE_INHERIT === 'all' ? SECRETS_OF_POD : SECRETS;
  for (const name of Object.keys(process.env)) {
    if (name.startsWith(CONNECTION_PREFIX) || secrets.test(name)) delete process.env[name];
  }
  const stop = new Stop();
  const late = new Deadline();
  const interrupt = (): void => {
    stop.request('interrupted', graceOfTask(grace));
    late.start(grace * 1000 - REPORT_MARGIN_MS);
  };
  const stray = (error: unknown): void =>
    stop.crashed(error instanceof Error ? error : new Error(String(error)));
  process.on('SIGTERM', interrupt);
  process.on('SIGINT', interrupt);
  process.on('uncaughtException', stray);
  process.on('unhandledRejection', stray);
  onGroup((pid, alive) => {
    if (alive) preferForOom(pid);
  });
  // The connection does not hold the process; this does.
  const alive = setInterval(() => {}, 2 ** 30);
  const { runAttempt } = await loading;
  const running = runAttempt(
    attemptId,
    Buffer.from(token, 'hex'),
    {
      report,
      connections,
      bundles: new BundleCache(env.PODLINE_BUNDLES ?? path.join(os.tmpdir(), 'podline-bundles')),
      projectFolder: env.PODLINE_PROJECT ?? process.cwd(),
      host: env.PODLINE_HOST ?? os.hostname(),
      leaseSeconds,
    },
    stop,
    {
      started({ task }, log) {
        const kills = oomKills();
        const release = OTHER_PROCESS.has(task.operator) ? undefined : captureOutput(log, stop);
        return (executed) => {
          release?.();
          const outcome = outcomeAfterOom(executed, kills, oomKills());
          if (outcome !== executed) log.system(`out of memory: ${outcome.message}`);
          report.note(outcome);
          return outcome;
        };
      },
    },
  );
  try {
    const end = await Promise.race([running, late.passed]);
    if (end === 'late') {
      if (!report.noted) report.note(INTERRUPTED);
      return EXIT.failed;
    }
    if (end.reply === 'refused') return EXIT.refused;
    return end.reply === 'failed' ? EXIT.failed : EXIT.recorded;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    report.noteUnclaimed(`The database could not be reached to claim the attempt: ${reason}`);
    console.error(`podline: attempt ${attemptId} could not be claimed:`, error);
    return EXIT.failed;
  } finally {
    process.off('SIGTERM', interrupt);
    process.off('SIGINT', interrupt);
    process.off('uncaughtException', stray);
    process.off('unhandledRejection', stray);
    killAllGroups();
    void report.close();
    clearInterval(alive);
    late.cancel();
  }
}

const INTERRUPTED: Outcome = {
  state: 'failed',
  cause: 'interrupted',
  message: 'The worker was asked to stop, and its task had not ended in time.',
};

/** What is left of the pod's grace for killing the task, its last log and the report. */
function graceOfTask(grace: number): number {
  return Math.max(0, Math.min(grace - 2.5, grace * 0.85));
}

/** After SIGTERM the process must be gone by itself before SIGKILL, whatever it waits for. */
const REPORT_MARGIN_MS = 1000;

class Deadline {
  readonly passed: Promise<'late'>;
  #pass: (late: 'late') => void = () => {};
  #timer: NodeJS.Timeout | undefined;

  constructor() {
    this.passed = new Promise((resolve) => (this.#pass = resolve));
  }

  start(milliseconds: number): void {
    this.#timer ??= setTimeout(() => this.#pass('late'), Math.max(200, milliseconds));
  }

  cancel(): void {
    clearTimeout(this.#timer);
  }
}

const SECRETS_OF_POD = /^PODLINE_(TOKEN|WORKER_DATABASE_URL)/;
const SECRETS = /^(DATABASE_URL|PGPASSWORD|PODLINE_TOKEN|PODLINE_WORKER_DATABASE_URL)/;

function required(env: Record<string, string | undefined>, name: string): string {
  const value = env[name];
  if (value !== undefined && value !== '') return value;
  throw new PodlineError('config.bad_value', { name, value: 'not set', reason: 'it is needed' });
}

function seconds(env: Record<string, string | undefined>, name: string): number | undefined {
  const text = env[name];
  if (text === undefined || text === '') return undefined;
  const value = Number(text);
  if (Number.isFinite(value) && value >= 0) return value;
  throw new PodlineError('config.bad_value', {
    name,
    value: JSON.stringify(text),
    reason: 'it must be a number of seconds',
  });
}

/** NAME itself, or the contents of the file that NAME_FILE names. */
async function secretOf(env: Record<string, string | undefined>, name: string): Promise<string> {
  const file = env[`${name}_FILE`];
  return file === undefined ? required(env, name) : (await readFile(file, 'utf8')).trim();
}
