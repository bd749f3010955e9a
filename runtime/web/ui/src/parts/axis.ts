/** Round values for the axis of a chart, from 0 to the first that carries the highest bar. Pure. */
const MINUTE = 60;
const HOUR = 60 * MINUTE;
const SECONDS = [
  ...[1, 2, 5, 10, 15, 30],
  ...[1, 2, 5, 10, 15, 30].map((count) => count * MINUTE),
  ...[1, 2, 3, 6, 12, 24, 48, 96, 240].map((count) => count * HOUR),
];
const MOST_LINES = 4;

/** `unit`: steps of seconds are those of a clock, below a second and for counts those of the decimal system. */
export function axisOf(most: number, unit: 'count' | 'seconds'): number[] {
  const wanted = Math.max(most, unit === 'count' ? 1 : 0.001) / MOST_LINES;
  const clock = unit === 'seconds' && wanted > 0.5 ? SECONDS.find((one) => one >= wanted) : 0;
  const step = clock || decimalStep(wanted, unit === 'count' ? 1 : 0);
  const lines = Math.max(1, Math.ceil(most / step - 1e-9));
  return Array.from({ length: lines + 1 }, (_, line) => line * step);
}

function decimalStep(wanted: number, least: number): number {
  const power = 10 ** Math.floor(Math.log10(wanted));
  const step = [1, 2, 5, 10].find((one) => one * power >= wanted * (1 - 1e-9)) ?? 10;
  return Math.max(least, step * power);
}
