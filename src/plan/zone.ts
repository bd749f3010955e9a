/**
 * Arithmetic with IANA time zones on top of Intl: the offset at an instant, and the stretches of
 * constant offset around a day. Called by cron.ts and schedule.ts. Instants are milliseconds UTC;
 * a "wall" time is the reading of a local clock, written as if it were UTC.
 */
export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** The clock runs evenly from `from` to `to` (exclusive): wall = instant + offset. */
export interface Stretch {
  from: number;
  to: number;
  offset: number;
}

export interface Zone {
  offsetAt(instant: number): number;
  /** Stretches over the whole UTC days `first` to `last` (numbers of days since 1970). */
  stretches(first: number, last: number): Stretch[];
}

/** True for names of the IANA database. Plain offsets such as "+02:00" have no DST rules: refused. */
export function isTimezone(zone: string): boolean {
  if (!/^[A-Za-z]/.test(zone)) return false;
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

const KNOWN_ZONES = 100;
const KNOWN_DAYS = 4096;
const zones = new Map<string, Zone>();

/** Zones are kept, because making an Intl formatter costs about 50 microseconds. */
export function zoneOf(name: string): Zone {
  const known = zones.get(name);
  if (known) return known;
  if (!isTimezone(name)) throw new Error(`unknown time zone "${name}"`);
  if (zones.size >= KNOWN_ZONES) zones.clear();
  const zone = makeZone(name);
  zones.set(name, zone);
  return zone;
}

function makeZone(name: string): Zone {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: name,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const days = new Map<number, Stretch[]>();

  function readOffset(instant: number): number {
    const whole = Math.floor(instant / SECOND) * SECOND;
    const [month = 0, day = 0, year = 0, hour = 0, minute = 0, second = 0] = (
      format.format(whole).match(/\d+/g) ?? []
    ).map(Number);
    return Date.UTC(year, month - 1, day, hour, minute, second) - whole;
  }

  /** One UTC day: one stretch, or two around a change of the clock, which is found by bisection. */
  function stretchesOfDay(day: number): Stretch[] {
    const known = days.get(day);
    if (known) return known;
    const from = day * DAY;
    const to = from + DAY;
    const before = readOffset(from);
    const after = readOffset(to - SECOND);
    let found: Stretch[] = [{ from, to, offset: before }];
    if (before !== after) {
      let low = from;
      let high = to - SECOND;
      while (high - low > SECOND) {
        const middle = Math.floor((low + high) / 2 / SECOND) * SECOND;
        if (readOffset(middle) === before) low = middle;
        else high = middle;
      }
      found = [
        { from, to: high, offset: before },
        { from: high, to, offset: after },
      ];
    }
    if (days.size >= KNOWN_DAYS) days.clear();
    days.set(day, found);
    return found;
  }

  return {
    offsetAt(instant) {
      const [first, second] = stretchesOfDay(Math.floor(instant / DAY));
      if (second && instant >= second.from) return second.offset;
      return first?.offset ?? 0;
    },
    stretches(firstDay, lastDay) {
      const joined: Stretch[] = [];
      for (let day = firstDay; day <= lastDay; day++) {
        for (const stretch of stretchesOfDay(day)) {
          const last = joined.at(-1);
          if (last && last.offset === stretch.offset) last.to = stretch.to;
          else joined.push({ ...stretch });
        }
      }
      return joined;
    },
  };
}

/**
 * All instants at which the local clock shows `wall`: none in a spring gap, two in an autumn
 * overlap, in order of time.
 */
export function instantsAt(wall: number, stretches: readonly Stretch[]): number[] {
  const found: number[] = [];
  for (const { from, to, offset } of stretches) {
    const instant = wall - offset;
    if (instant >= from && instant < to) found.push(instant);
  }
  return found;
}

/** The first instant at which the local clock shows `wall` or, in a gap, the end of the gap. */
export function firstInstantAt(wall: number, stretches: readonly Stretch[]): number | null {
  const [shown] = instantsAt(wall, stretches);
  if (shown !== undefined) return shown;
  const after = stretches.find(({ from, offset }) => from + offset > wall);
  return after && after !== stretches[0] ? after.from : null;
}
