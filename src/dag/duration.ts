/**
 * Lengths of time as authors write them: a number of seconds, or text such as "90s", "5m", "6h",
 * "1d", "1h30m". Used by the compiler, the schedule parser and the CLI.
 */
export type Duration = number | string;

const UNITS: Record<string, number> = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86400, w: 604800 };

/** Longest length accepted: 2^31 - 1 seconds, 68 years. */
export const MAX_DURATION = 2147483647;

/** Seconds. Throws an Error with a plain reason. */
export function parseDuration(input: unknown): number {
  if (typeof input === 'number') return bounded(input, String(input));
  if (typeof input !== 'string') {
    throw new Error(`${describe(input)} is no duration; write seconds or text such as "5m"`);
  }
  const text = input.trim();
  if (text === '' || text.length > 40) {
    throw new Error(`"${text.slice(0, 40)}" is no duration; write seconds or text such as "5m"`);
  }
  let seconds = 0;
  let rest = text;
  while (rest !== '') {
    const part = /^(\d{1,10}(?:\.\d{1,9})?)(ms|s|m|h|d|w)/.exec(rest);
    if (!part) throw new Error(`"${text}" is no duration; write text such as "90s" or "1h30m"`);
    seconds += Number(part[1]) * (UNITS[part[2] ?? ''] ?? Number.NaN);
    rest = rest.slice(part[0].length);
  }
  return bounded(Math.round(seconds * 1000) / 1000, text);
}

function bounded(seconds: number, text: string): number {
  if (!Number.isFinite(seconds)) throw new Error(`${text} is no finite number of seconds`);
  if (seconds < 0) throw new Error(`${text} is negative`);
  if (seconds > MAX_DURATION) throw new Error(`${text} is longer than 68 years`);
  return seconds === 0 ? 0 : seconds;
}

function describe(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}
