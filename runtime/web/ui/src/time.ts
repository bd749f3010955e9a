/** Times and durations in words. Pure; the parts RelativeTime and Duration show them, with the exact one on hover. */
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `850 ms`, `4.2 s`, `3 m 5 s`, `2 h 10 m`, `3 d 4 h`. */
export function durationWords(milliseconds: number): string {
  // Rounded first: 59.6 s are a minute, not 60 s.
  const whole = Math.max(0, Math.round(milliseconds));
  if (whole < SECOND) return `${whole} ms`;
  const tenths = Math.round(whole / 100);
  if (tenths < 100) return `${(tenths / 10).toFixed(1)} s`;
  const seconds = Math.round(whole / SECOND);
  if (seconds < 60) return `${seconds} s`;
  const rounded = seconds * SECOND;
  const parts = (big: number, small: number, bigName: string, smallName: string) => {
    const many = Math.floor(rounded / big);
    const rest = Math.floor((rounded % big) / small);
    return rest === 0 ? `${many} ${bigName}` : `${many} ${bigName} ${rest} ${smallName}`;
  };
  if (rounded < HOUR) return parts(MINUTE, SECOND, 'm', 's');
  if (rounded < DAY) return parts(HOUR, MINUTE, 'h', 'm');
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
