/** Times and durations in words. Pure; the parts RelativeTime and Duration show them, with the exact one on hover. */
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `850 ms`, `4.2 s`, `3 m 05 s`, `2 h 10 m`, `3 d 4 h`. */
export function durationWords(milliseconds: number): string {
  if (milliseconds < SECOND) return `${Math.max(0, Math.round(milliseconds))} ms`;
  if (milliseconds < 10 * SECOND) return `${(milliseconds / SECOND).toFixed(1)} s`;
  if (milliseconds < MINUTE) return `${Math.round(milliseconds / SECOND)} s`;
  const parts = (big: number, small: number, bigName: string, smallName: string) => {
    const whole = Math.floor(milliseconds / big);
    const rest = Math.floor((milliseconds % big) / small);
    return rest === 0 ? `${whole} ${bigName}` : `${whole} ${bigName} ${rest} ${smallName}`;
  };
  if (milliseconds < HOUR) return parts(MINUTE, SECOND, 'm', 's');
  if (milliseconds < DAY) return parts(HOUR, MINUTE, 'h', 'm');
  return parts(DAY, HOUR, 'd', 'h');
}

/** `12 s ago`, `in 3 h`; whole units only, because it changes while one looks. */
export function relativeWords(time: string, now: number): string {
  const difference = Date.parse(time) - now;
  const size = Math.abs(difference);
  if (size < 5 * SECOND) return 'now';
  const units: [number, string][] = [
    [DAY, 'd'],
    [HOUR, 'h'],
    [MINUTE, 'm'],
    [SECOND, 's'],
  ];
  const [unit, name] = units.find(([length]) => size >= length) ?? [SECOND, 's'];
  const words = `${Math.floor(size / unit)} ${name}`;
  return difference > 0 ? `in ${words}` : `${words} ago`;
}

/** In the zone of who looks, with UTC beside it: logs and clusters speak UTC. */
export function absoluteWords(time: string): string {
  const date = new Date(time);
  const here = new Intl.DateTimeFormat('en-GB', {
    dateStyle: 'medium',
    timeStyle: 'medium',
  }).format(date);
  return `${here} (${date.toISOString().slice(0, 19).replace('T', ' ')} UTC)`;
}

/** Milliseconds between two times; null while it has not begun. */
export function spanOf(
  startedAt: string | null,
  endedAt: string | null,
  now: number,
): number | null {
  if (startedAt === null) return null;
  return (endedAt === null ? now : Date.parse(endedAt)) - Date.parse(startedAt);
}
