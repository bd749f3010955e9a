/**
 * Reads what an author writes as `schedule`, `startDate` and `endDate`. Called by the compiler of
 * plans; each function throws an Error with a plain reason, which the caller puts into words for
 * the DAG at hand.
 */
import { parseDuration } from '../dag/duration.ts';
import type { Schedule } from './plan.ts';
import { FIRST_YEAR, LAST_YEAR, parseCron } from './cron.ts';
import { DAY, SECOND, firstInstantAt, zoneOf } from './zone.ts';

export type ScheduleInput = string | { every: number | string } | null | undefined;

const PRESETS: Readonly<Record<string, string>> = {
  '@hourly': '0 * * * *',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@weekly': '0 0 * * 0',
  '@monthly': '0 0 1 * *',
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
};

/** Presets become the cron expression they stand for. */
export function parseSchedule(input: ScheduleInput): Schedule {
  if (input === null || input === undefined) return { kind: 'none' };
  if (typeof input === 'object' && 'every' in input) {
    return { kind: 'interval', seconds: parseEvery(input.every) };
  }
  if (typeof input !== 'string') throw new Error('it is neither text, { every } nor null');
  const text = input.trim();
  if (text === '@once') return { kind: 'once' };
  if (text === '@continuous') return { kind: 'continuous' };
  if (text.startsWith('@')) {
    const cron = Object.hasOwn(PRESETS, text) ? PRESETS[text] : undefined;
    if (cron !== undefined) return { kind: 'cron', cron };
    const known = [...Object.keys(PRESETS), '@once', '@continuous'].join(', ');
    throw new Error(`there is no preset "${text}"; known are ${known}`);
  }
  return { kind: 'cron', cron: parseCron(text) };
}

const LONGEST_INTERVAL = 10 * 366 * 86_400;

function parseEvery(every: number | string): number {
  let seconds: number;
  try {
    seconds = parseDuration(every);
  } catch (error) {
    throw new Error(`every: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (!Number.isInteger(seconds) || seconds < 1) {
    throw new Error(`every: ${String(every)} is not a whole number of seconds of at least 1`);
  }
  if (seconds > LONGEST_INTERVAL) throw new Error('every: the interval is longer than ten years');
  return seconds;
}

const INSTANT =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,3})\d*)?)?)?(Z|[+-]\d\d:?\d\d)?$/i;

/**
 * An ISO 8601 date or date with time. Without an offset it is the reading of a clock in `timezone`:
 * in an overlap the first of the two, in a gap the first instant after it.
 */
export function parseInstant(text: string, timezone = 'UTC'): Date {
  const match = INSTANT.exec(text.trim());
  if (!match) throw new Error(`"${text}" is no ISO 8601 date or date with time`);
  const part = (index: number) => Number(match[index] ?? 0);
  const [year, month, day] = [part(1), part(2), part(3)];
  const [hour, minute, second] = [part(4), part(5), part(6)];
  if (year < FIRST_YEAR || year > LAST_YEAR) {
    throw new Error(`"${text}" is not between the years ${FIRST_YEAR} and ${LAST_YEAR}`);
  }
  const millis = Number((match[7] ?? '').padEnd(3, '0'));
  const wall = Date.UTC(year, month - 1, day, hour, minute, second, millis);
  const read = new Date(wall);
  const same =
    read.getUTCMonth() === month - 1 &&
    read.getUTCDate() === day &&
    hour < 24 &&
    minute < 60 &&
    second < 60;
  if (!same) throw new Error(`"${text}" names a date or time that does not exist`);
  const offset = match[8]?.toUpperCase();
  if (offset === 'Z') return read;
  if (offset) {
    const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(-2));
    if (minutes > 15 * 60) throw new Error(`"${text}" has an impossible offset`);
    return new Date(wall - (offset.startsWith('-') ? -1 : 1) * minutes * 60 * SECOND);
  }
  const utcDay = Math.floor(wall / DAY);
  const instant = firstInstantAt(wall, zoneOf(timezone).stretches(utcDay - 1, utcDay + 1));
  return new Date(instant ?? wall);
}
