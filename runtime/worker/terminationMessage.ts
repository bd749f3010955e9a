/**
 * The digest of an attempt that a pod worker leaves in the termination message of its container: what the
 * executor records when the database could not be reached by the worker. Written by once.ts, read from
 * the pod's status by the executor. At most 4096 bytes, the kubelet's limit. Pure.
 */
import { isCause, type Cause } from '../../src/model/causes.ts';
import type { Json } from '../../src/plan/plan.ts';
import type { Outcome } from './assignment.ts';

export const TERMINATION_LIMIT = 4096;

export interface TerminationMessage {
  v: 1;
  attempt: number;
  /** recorded: the database has it. unrecorded: only this digest has it. unclaimed: nothing ran. */
  report: 'recorded' | 'unrecorded' | 'unclaimed';
  /** Missing when nothing ran. */
  state?: Outcome['state'];
  cause?: Cause;
  exitCode?: number;
  message?: string;
  delay?: number;
  choice?: string[] | boolean;
  mapLength?: number;
  xcom?: Json;
  /** Parts of the outcome that did not fit; an outcome without them must not count as a success. */
  dropped?: ('xcom' | 'choice')[];
}

/** JSON of the digest in at most 4096 bytes: first the message is cut, then XCom and choice fall away. */
export function writeTermination(digest: TerminationMessage): string {
  const whole = JSON.stringify(digest);
  if (size(whole) <= TERMINATION_LIMIT) return whole;
  const { message, ...rest } = digest;
  const short = fitted({ ...rest, dropped: digest.dropped }, message);
  if (short !== undefined) return short;
  const { xcom, ...small } = rest;
  const dropped: ('xcom' | 'choice')[] = xcom === undefined ? [] : ['xcom'];
  const without = fitted({ ...small, ...(dropped.length > 0 && { dropped }) }, message);
  if (without !== undefined) return without;
  const { choice: _, ...least } = small;
  return fitted({ ...least, dropped: [...dropped, 'choice'] }, message) ?? JSON.stringify(least);
}

/** Null: not one of ours, for example the last lines of a log or a message of the kubelet. */
export function readTermination(text: string | undefined): TerminationMessage | null {
  if (text === undefined || !text.startsWith('{')) return null;
  let value: Partial<Record<keyof TerminationMessage, unknown>>;
  try {
    value = JSON.parse(text) as typeof value;
  } catch {
    return null;
  }
  if (value.v !== 1 || !Number.isSafeInteger(value.attempt)) return null;
  if (!['recorded', 'unrecorded', 'unclaimed'].includes(String(value.report))) return null;
  const states = ['success', 'failed', 'skipped', 'waiting', 'undefined'];
  if (!states.includes(String(value.state))) return null;
  if (value.cause !== undefined && !isCause(value.cause)) return null;
  return value as unknown as TerminationMessage;
}

/** The outcome to record for the worker, or null when nothing ran. */
export function outcomeOfTermination(digest: TerminationMessage): Outcome | null {
  const { state, cause, exitCode, message, delay, choice, mapLength, xcom, dropped } = digest;
  if (state === undefined) return null;
  if (state === 'success' && dropped !== undefined && dropped.length > 0) {
    const what = dropped.join(' and ');
    return {
      state: 'failed',
      cause: 'worker_lost',
      message: `The task succeeded, but the database was away and its ${what} did not fit into the pod's status.`,
    };
  }
  const outcome: Outcome = { state };
  if (cause !== undefined) outcome.cause = cause;
  if (exitCode !== undefined) outcome.exitCode = exitCode;
  if (message !== undefined) outcome.message = message;
  if (delay !== undefined) outcome.delay = delay;
  if (choice !== undefined) outcome.choice = choice;
  if (mapLength !== undefined) outcome.mapLength = mapLength;
  if (xcom !== undefined) outcome.xcom = xcom;
  return outcome;
}

function fitted(rest: Omit<TerminationMessage, 'message'>, message = ''): string | undefined {
  const room = TERMINATION_LIMIT - size(JSON.stringify({ ...rest, message: '' }));
  if (room < 0) return undefined;
  // JSON may write one character as six bytes.
  let cut = message.slice(0, room);
  while (size(JSON.stringify(cut)) - 2 > room) cut = cut.slice(0, Math.floor(cut.length * 0.8));
  // Half a surrogate pair at the cut becomes U+FFFD on the way through UTF-8.
  cut = Buffer.from(cut).toString();
  return JSON.stringify({ ...rest, ...(cut !== '' && { message: cut }) });
}

function size(text: string): number {
  return Buffer.byteLength(text);
}
