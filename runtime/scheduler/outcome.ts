/**
 * Reads what other processes left in the database for a decision: the outcome of an attempt, the words of a
 * person, the choice of a branch. Garbage throws, so that its run is set aside before anything is written.
 * Called by decide.ts and by the claim of events.
 */
import type { AttemptOutcome, Command } from './decision.ts';

/** Longest wait between two looks of a sensor that is believed: ten years. */
const MOST_SECONDS = 10 * 366 * 86_400;
const MOST_LENGTH = 2 ** 31 - 1;

export function readOutcome(value: unknown): AttemptOutcome {
  if (value === null || value === undefined) return {};
  if (typeof value !== 'object' || Array.isArray(value)) throw garbage('outcome', value);
  const { choice, delay, hasXcom, mapLength } = value as Record<string, unknown>;
  if (!isChoice(choice)) throw garbage('choice', choice);
  if (!isAbsentOrNumber(delay, 0, MOST_SECONDS)) throw garbage('delay', delay);
  const isLength = isAbsentOrNumber(mapLength, -1, MOST_LENGTH);
  if (!isLength || !Number.isInteger(mapLength ?? 0)) throw garbage('mapLength', mapLength);
  return {
    choice: choice ?? undefined,
    delay: delay ?? undefined,
    hasXcom: hasXcom === true,
    mapLength: mapLength ?? undefined,
  };
}

/** Null is the choice of an instance that a person marked: nothing is switched off by it. */
export function isChoice(value: unknown): value is string[] | boolean | null | undefined {
  if (value === undefined || value === null || typeof value === 'boolean') return true;
  return isListOfIds(value);
}

function isListOfIds(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((id) => typeof id === 'string');
}

export function readCommand(kind: Command['kind'], data: unknown): Command {
  if (kind === 'cancel') return { kind };
  if (typeof data !== 'object' || data === null) throw garbage(kind, data);
  const { tasks, mapIndex, state } = data as Record<string, unknown>;
  if (!isListOfIds(tasks)) {
    throw garbage(`${kind}: tasks`, tasks);
  }
  if (!isAbsentOrNumber(mapIndex, -1, MOST_LENGTH)) throw garbage(`${kind}: mapIndex`, mapIndex);
  const chosen = { tasks, mapIndex: mapIndex ?? undefined };
  if (kind === 'mark') {
    if (state !== 'success' && state !== 'failed') throw garbage('mark: state', state);
    return { kind, state, ...chosen };
  }
  const is = (name: string) => (data as Record<string, unknown>)[name] === true;
  return {
    kind,
    ...chosen,
    upstream: is('upstream'),
    downstream: is('downstream'),
    onlyFailed: is('onlyFailed'),
    latestVersion: is('latestVersion'),
  };
}

function isAbsentOrNumber(
  value: unknown,
  least: number,
  most: number,
): value is number | null | undefined {
  if (value === undefined || value === null) return true;
  return typeof value === 'number' && value >= least && value <= most;
}

function garbage(what: string, value: unknown): Error {
  return new Error(`${what} makes no sense: ${JSON.stringify(value ?? null).slice(0, 200)}`);
}
