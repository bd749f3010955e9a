/**
 * One attempt from claim to finish. All that a worker says to the database about it goes through the
 * report client; what the task does is execute.ts. Called by runner.ts and once.ts.
 */
import { PodlineError } from '../../src/errors.ts';
import type { Connections } from '../connections/connections.ts';
import type { Assignment, FinishReply, Outcome } from './assignment.ts';
import type { BundleCache } from './bundleCache.ts';
import { execute } from './execute.ts';
import { AttemptLog } from './log.ts';
import { storedBytes, XCOM_LIMIT } from './output.ts';
import { isPassing } from './reconnect.ts';
import type { ReportClient } from './report.ts';
import type { Stop } from './stop.ts';

export interface AttemptServices {
  report: ReportClient;
  connections: Connections;
  bundles: BundleCache;
  projectFolder: string;
  host: string;
  leaseSeconds: number;
  logCapBytes?: number;
}

export interface AttemptHooks {
  /**
   * After the claim, before the task runs. What it returns is called when the task has ended, and may
   * answer with what is to be recorded instead.
   */
  started?(assignment: Assignment, log: AttemptLog): ((outcome: Outcome) => Outcome | void) | void;
}

export interface AttemptEnd {
  /** `refused`: the claim was; nothing ran. `failed`: the outcome could not be recorded. */
  reply: FinishReply | 'refused' | 'failed';
  state: Outcome['state'] | undefined;
  /** Code of the task may still run in this process. */
  left?: boolean;
  bundleId: string | null;
}

export async function runAttempt(
  attemptId: number,
  token: Buffer,
  services: AttemptServices,
  stop: Stop,
  hooks: AttemptHooks = {},
): Promise<AttemptEnd> {
  const { report } = services;
  // `node` is the pod's.
  const facts = { pid: process.pid, runtime: process.version };
  const claim = await report.claim(attemptId, token, services.host, facts);
  if (!claim) return { reply: 'refused', state: undefined, bundleId: null };

  const { assignment, secret } = claim;
  const { bundleId } = assignment;
  const log = new AttemptLog({
    send: (seq, content) => report.appendLog(attemptId, secret, seq, content),
    capBytes: services.logCapBytes,
  });
  const beat = setInterval(
    () => void heartbeat(report, attemptId, secret, stop),
    (services.leaseSeconds * 1000) / 3,
  ).unref();
  const after = hooks.started?.(assignment, log);
  const executed = await execute(assignment, {
    connections: services.connections,
    log,
    stop,
    projectFolder: services.projectFolder,
    pushXCom: (key, value) => report.pushXCom(attemptId, secret, key, value),
    pullXCom: (task, key) => report.pullXCom(attemptId, secret, task, key),
    noteRendered: (rendered) =>
      void report.noteRendered(attemptId, secret, rendered).catch(() => {}),
    bundleFolder: async () =>
      bundleId === null
        ? undefined
        : services.bundles.folder(bundleId, () => report.bundle(attemptId, secret)),
  });
  const outcome = after?.(executed) ?? executed;
  clearInterval(beat);
  const last = await log.end();
  const send = (what: Outcome): Promise<FinishReply> =>
    report.finish(attemptId, secret, what, last.seq, last.content);
  const left = outcome.left === true;
  try {
    return { reply: await send(outcome), state: outcome.state, left, bundleId };
  } catch (error) {
    if (!isAboutValue(error)) {
      console.error(`podline: the end of attempt ${attemptId} could not be reported:`, error);
      return { reply: 'failed', state: outcome.state, left, bundleId };
    }
    const second = refusedOutcome(assignment, outcome, error);
    try {
      return { reply: await send(second), state: second.state, left, bundleId };
    } catch (again) {
      console.error(`podline: attempt ${attemptId} could not be finished:`, again);
      return { reply: 'failed', state: outcome.state, left, bundleId };
    }
  }
}

async function heartbeat(
  report: ReportClient,
  attemptId: number,
  secret: Buffer,
  stop: Stop,
): Promise<void> {
  try {
    if (!(await report.heartbeat(attemptId, secret))) stop.request('cancelled');
  } catch {
    // The lease is slow: the next beat comes before it ends.
  }
}

/** Data, limits and our own checks. All else is about the way to the database: another outcome would fare no better. */
const OF_VALUE = /^(22|54|PL)/;

function isAboutValue(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? OF_VALUE.test(code) : !isPassing(error);
}

/** The database refused to store the outcome: nearly always the output, in spite of our own check. */
function refusedOutcome(assignment: Assignment, outcome: Outcome, error: unknown): Outcome {
  const task = assignment.task.id;
  const { code, message: reason } = error as { code?: unknown; message: string };
  const bytes = outcome.xcom === undefined ? 0 : storedBytes(outcome.xcom);
  const problem =
    code === 'PL003'
      ? new PodlineError('xcom.too_large', { task, bytes, limit: XCOM_LIMIT })
      : new PodlineError('xcom.not_json', { task, reason });
  if (outcome.state === 'success') {
    return { state: 'failed', cause: 'xcom', message: problem.message };
  }
  const { state, cause, exitCode, delay, left } = outcome;
  return {
    state,
    cause,
    exitCode,
    delay,
    left,
    message: 'The message of the task could not be stored.',
  };
}
