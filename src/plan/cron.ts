/**
 * Cron expressions with five fields: croner reads the syntax and finds the matching calendar days,
 * this file lays the minutes of such a day on the real time line of a zone. Called by schedule.ts.
 *
 * Why not croner alone: one step of it costs 40 to 85 microseconds in a zone, so 20 years of an
 * hourly DAG take 13 s (here 0.2 s); and its two DST rules take either lists of hours as repeating
 * or ranges of hours as fixed.
 *
 * - Fixed: the minute field has no `*`, `?`, `/` and the hour field is a number or a list of them.
 *   Each time runs once a day: in an autumn overlap at its first pass, in a spring gap at the first
 *   instant after the gap. Several times in one gap run together, once.
 * - Repeating: all others. They run at every real minute whose wall clock matches: both passes of
 *   an overlap, nothing in a gap.
 * - A date that does not exist at all (Samoa, 2011-12-30) has no ticks of either kind.
 */
import { Cron } from 'croner';
import { DAY, HOUR, MINUTE, firstInstantAt, instantsAt, zoneOf } from './zone.ts';
import type { Zone } from './zone.ts';

/** Ticks are looked for in these years only; what lies outside is a typing error. */
export const FIRST_YEAR = 1900;
export const LAST_YEAR = 2199;
const FIRST_DAY = Date.UTC(FIRST_YEAR, 0, 1) / DAY;
const LAST_DAY = Date.UTC(LAST_YEAR, 11, 31) / DAY;

export interface Calendar {
  /** The first tick strictly after the instant. */
  next(after: number): number | null;
  /** The last tick strictly before the instant. */
  previous(before: number): number | null;
}

const FIELDS = [
  { name: 'minute', low: 0, high: 59 },
  { name: 'hour', low: 0, high: 23 },
  { name: 'day of month', low: 1, high: 31 },
  { name: 'month', low: 1, high: 12 },
  { name: 'day of week', low: 0, high: 7 },
] as const;

/** Checks an expression; returns it with single spaces. Throws an Error with a plain reason. */
export function parseCron(text: string): string {
  const fields = text.trim().split(/\s+/);
  if (fields.length !== FIELDS.length) {
    const seconds = fields.length > FIELDS.length ? ' (seconds and years are not supported)' : '';
    throw new Error(
      `a cron expression has 5 fields, this one has ${text.trim() ? fields.length : 0}${seconds}`,
    );
  }
  const problems = fields.flatMap((field, index) => fieldProblems(field, index));
  if (problems.length > 0) throw new Error(problems.join('; '));
  const cron = fields.join(' ');
  try {
    utcCron(cron);
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    throw new Error(words.replace(/^\w+: (Syntax error, )?/, ''), { cause: error });
  }
  if (calendarOf(cron, 'UTC').next(Date.UTC(2000, 0, 1)) === null) {
    throw new Error('no date ever matches it');
  }
  return cron;
}

function fieldProblems(field: string, index: number): string[] {
  const rule = FIELDS[index];
  if (!rule) return [];
  const readable = /^[\w*,/?#+-]+$/.test(field) && !/^[,/-]|[,/-]$|,[,/-]/.test(field);
  if (!readable) return [`the ${rule.name} field "${field}" is not readable`];
  const numbers = field.replace(/[/#]\d+/g, '').match(/\d+/g) ?? [];
  return numbers
    .filter((number) => Number(number) < rule.low || Number(number) > rule.high)
    .map((number) => `${rule.name} ${number} is not between ${rule.low} and ${rule.high}`);
}

function utcCron(cron: string): Cron {
  return new Cron(cron, { timezone: 'UTC', mode: '5-part', paused: true });
}

const KNOWN_CALENDARS = 500;
const calendars = new Map<string, Calendar>();

/** Kept, so that a scheduler which asks for one tick at a time does not read the syntax again. */
export function calendarOf(cron: string, timezone: string): Calendar {
  const key = `${cron} ${timezone}`;
  const known = calendars.get(key);
  if (known) return known;
  const calendar = makeCalendar(cron, zoneOf(timezone));
  if (calendars.size >= KNOWN_CALENDARS) calendars.clear();
  calendars.set(key, calendar);
  return calendar;
}

function makeCalendar(cron: string, zone: Zone): Calendar {
  const [minute = '', hour = '', ...dayFields] = cron.split(' ');
  const fixed = /^[\d,-]+$/.test(minute) && /^[\d,]+$/.test(hour);
  const times = timesOfDay(minute, hour);
  const days = matchingDays(dayFields);
  const instants = remember(64, (day: number) => instantsOfDay(day, times, fixed, zone));
  const localDay = (instant: number) => Math.floor((instant + zone.offsetAt(instant)) / DAY);

  /**
   * Starts one day early and looks one day further than the first find: a clock that goes back
   * across midnight (St John's, at 00:01) puts times of two dates out of order.
   */
  function search(instant: number, step: 1 | -1): number | null {
    const better = (a: number, b: number) => (step === 1 ? a < b : a > b);
    let found: number | null = null;
    let last = step === 1 ? LAST_DAY : FIRST_DAY;
    let day = days(localDay(instant) - 2 * step, step);
    while (day !== null && (step === 1 ? day <= last : day >= last)) {
      const candidate = nearest(instants(day), instant, step);
      if (candidate !== undefined) {
        if (found === null) last = day + step;
        if (found === null || better(candidate, found)) found = candidate;
      }
      day = days(day, step);
    }
    return found;
  }

  return {
    next: (after) => search(after, 1),
    previous: (before) => search(before, -1),
  };
}

/** Wall times of a matching day, in milliseconds since midnight. Croner reads the two fields. */
function timesOfDay(minute: string, hour: string): number[] {
  const start = Date.UTC(2001, 0, 1);
  const collect = (cron: string, length: number) => {
    const found: number[] = [];
    const job = utcCron(cron);
    let at = job.nextRun(new Date(start - MINUTE));
    while (at && at.getTime() < start + length) {
      found.push(at.getTime() - start);
      at = job.nextRun(at);
    }
    return found;
  };
  const minutes = collect(`${minute} * * * *`, HOUR);
  return collect(`0 ${hour} * * *`, DAY).flatMap((at) => minutes.map((more) => at + more));
}

/** Gives the matching calendar day next to (and without) a day, as days since 1970. */
function matchingDays(fields: string[]): (day: number, step: 1 | -1) => number | null {
  if (fields.every((field) => field === '*' || field === '?')) return (day, step) => day + step;
  const job = utcCron(`0 0 ${fields.join(' ')}`);
  const following = remember(1024, (day: number) => job.nextRun(new Date(day * DAY)));
  const preceding = remember(1024, (day: number) => job.previousRuns(1, new Date(day * DAY))[0]);
  return (day, step) => {
    const found = step === 1 ? following(day) : preceding(day);
    return found ? Math.floor(found.getTime() / DAY) : null;
  };
}

function instantsOfDay(day: number, times: number[], fixed: boolean, zone: Zone): number[] {
  const midnight = day * DAY;
  const stretches = zone.stretches(day - 1, day + 1);
  const [only] = stretches;
  if (only && stretches.length === 1) return times.map((time) => midnight + time - only.offset);
  const exists = stretches.some(
    ({ from, to, offset }) => from + offset < midnight + DAY && to + offset > midnight,
  );
  if (!exists) return [];
  const found = new Set<number>();
  for (const time of times) {
    const wall = midnight + time;
    const at = fixed ? [firstInstantAt(wall, stretches)] : instantsAt(wall, stretches);
    for (const instant of at) if (instant !== null) found.add(instant);
  }
  return [...found].sort((a, b) => a - b);
}

/** The first element after (step 1) or the last before (step -1) `instant` in a sorted list. */
function nearest(sorted: number[], instant: number, step: 1 | -1): number | undefined {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const value = sorted[middle] ?? Infinity;
    if (step === 1 ? value <= instant : value < instant) low = middle + 1;
    else high = middle;
  }
  return sorted[step === 1 ? low : low - 1];
}

/** A memory of at most `size` answers; emptied when full, which suits walks along a time line. */
function remember<V>(size: number, ask: (key: number) => V): (key: number) => V {
  const known = new Map<number, V>();
  return (key) => {
    const value = known.get(key);
    if (value !== undefined) return value;
    if (known.size >= size) known.clear();
    const answer = ask(key);
    known.set(key, answer);
    return answer;
  };
}
