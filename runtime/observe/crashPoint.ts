/**
 * Named places of the protocol at which a test may kill the process: PODLINE_CRASH_AT=name, or name:3 for
 * the third time. Called wherever something was promised and is not yet kept; test/crash proves each.
 * Without the variable a call is one comparison.
 */
import { writeFileSync } from 'node:fs';

/** Every place, in the order in which a run meets them. */
export const CRASH_POINTS = [
  /** A DAG is written, not committed. */
  'register.before_commit',
  /** Runs that are due are written, not committed. */
  'timetable.before_commit',
  'timetable.after_commit',
  /** Events are taken, nothing is decided. */
  'tick.after_claim',
  /** Decisions and launches are written, not committed. */
  'tick.before_commit',
  /** Attempts are launched, and nobody but this process knows their tokens. */
  'tick.after_commit',
  /** The executor has them, no process does. */
  'executor.before_send',
  'executor.after_send',
  /** An attempt is to get a pod, and has none. */
  'pods.before_create',
  /** The pod is there, nobody has noted it. */
  'pods.after_create',
  /** A pod has ended without a report of its worker; nobody else knows. */
  'pods.before_record',
  /** Its end is recorded, the pod is still there. */
  'pods.after_record',
  /** In the runner: the attempt is its own, the task has not begun. */
  'runner.after_claim',
  /** A program of the task runs. */
  'runner.during_task',
  /** The task has ended, nobody else knows. */
  'runner.before_finish',
  /** The end is recorded, the supervisor does not know. */
  'runner.after_finish',
  /** A callback is delivered, not recorded. */
  'outbox.before_commit',
] as const;

export type CrashPoint = (typeof CRASH_POINTS)[number];

// Not part of the configuration: only tests set these, and a runner must see them before its first message.
const [wanted, count = '1'] = (process.env.PODLINE_CRASH_AT ?? '').split(':');
/** The first process that makes this file is the one that dies; unset: every one does. */
const once = process.env.PODLINE_CRASH_ONCE;
const armed = wanted !== undefined && wanted !== '';
if (armed && !(CRASH_POINTS as readonly string[]).includes(wanted)) {
  throw new Error(`PODLINE_CRASH_AT names no crash point: ${wanted}`);
}
let left = Number(count);

export function crashPoint(name: CrashPoint): void {
  if (armed && name === wanted) crash();
}

function crash(): void {
  left -= 1;
  if (left > 0 || !mayCrash()) return;
  process.kill(process.pid, 'SIGKILL');
  // The signal is on its way; nothing else may happen before it is here.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

function mayCrash(): boolean {
  if (once === undefined) return true;
  try {
    writeFileSync(once, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    return false;
  }
}
