/**
 * Durations, ages, dates and sizes in words for people. Pure; called by the commands of the CLI and by explain.ts.
 * `--json` output never passes through here.
 */
const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** 0.25 -> "250 ms", 4.21 -> "4.2 s", 65 -> "1 min 5 s", 7300 -> "2 h 1 min", 90000 -> "1 d 1 h". */
export function duration(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return '-';
  if (seconds < 0) return `-${duration(-seconds)}`;
  if (seconds < 0.9995) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < MINUTE) return `${whole} s`;
  if (whole < HOUR) return pair(Math.floor(whole / MINUTE), 'min', whole % MINUTE, 's');
  const minutes = Math.round(whole / MINUTE);
  if (minutes < DAY / MINUTE) return pair(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
  const hours = Math.round(whole / HOUR);
  return pair(Math.floor(hours / 24), 'd', hours % 24, 'h');
}

function pair(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}

/** "2026-01-31 06:00:00Z", with milliseconds only where there are some; null -> "-". */
export function date(value: Date | string | null | undefined): string {
  if (value === null || value === undefined) return '-';
  const read = new Date(value);
  if (Number.isNaN(read.getTime())) return '-';
  return read.toISOString().replace('T', ' ').replace('.000Z', 'Z');
}

/** "3 min ago", "in 2 h"; the clock is an argument. */
export function age(value: Date | string | null | undefined, now: Date): string {
  if (value === null || value === undefined) return '-';
  const seconds = (now.getTime() - new Date(value).getTime()) / 1000;
  if (!Number.isFinite(seconds)) return '-';
  if (Math.abs(seconds) < 1) return 'now';
  const [words = ''] = /^\S+ \S+/.exec(duration(Math.round(Math.abs(seconds)))) ?? [];
  const rounded = words.replace('.0 ', ' ');
  return seconds > 0 ? `${rounded} ago` : `in ${rounded}`;
}

/** Seconds between two moments; up to `now` while the second is open; null before the first. */
export function secondsBetween(
  from: Date | string | null | undefined,
  to: Date | string | null | undefined,
  now: Date,
): number | null {
  if (from === null || from === undefined) return null;
  return (new Date(to ?? now).getTime() - new Date(from).getTime()) / 1000;
}

export function bytes(count: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  let value = count;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit] ?? ''}`;
}

export function count(number: number, noun: string): string {
  return `${number.toLocaleString('en-GB')} ${noun}${number === 1 ? '' : 's'}`;
}
