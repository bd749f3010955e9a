/**
 * Filters and macros of templates, with the names that Airflow users know. Pure; all times in UTC.
 * Quoting is for PostgreSQL with standard_conforming_strings on.
 */

/** 'text' as a literal of SQL; null becomes NULL, numbers and booleans stay, the rest is JSON text. */
export function sqlString(value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE';
  const text = plain(value);
  return `'${text.replaceAll('\u0000', '').replaceAll("'", "''")}'`;
}

export function identifier(value: unknown): string {
  return `"${plain(value).replaceAll('\u0000', '').replaceAll('"', '""')}"`;
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}

export function toDate(value: unknown): Date {
  const text = plain(value);
  // A date without time and a time without offset are UTC.
  const bare = /^\d{4}-\d{2}-\d{2}T[\d:.]+$/.test(text) ? `${text}Z` : text;
  const date = value instanceof Date ? value : new Date(bare);
  if (Number.isNaN(date.getTime())) throw new Error(`${JSON.stringify(value)} is no date`);
  return date;
}

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

export function strftime(date: Date, format: string): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const year = date.getUTCFullYear();
  const dayOfYear = Math.floor((date.getTime() - Date.UTC(year, 0, 1)) / 86_400_000) + 1;
  const codes: Record<string, () => string> = {
    Y: () => String(year).padStart(4, '0'),
    y: () => two(year % 100),
    m: () => two(date.getUTCMonth() + 1),
    d: () => two(date.getUTCDate()),
    H: () => two(date.getUTCHours()),
    I: () => two(date.getUTCHours() % 12 || 12),
    M: () => two(date.getUTCMinutes()),
    S: () => two(date.getUTCSeconds()),
    f: () => String(date.getUTCMilliseconds()).padStart(3, '0') + '000',
    p: () => (date.getUTCHours() < 12 ? 'AM' : 'PM'),
    j: () => String(dayOfYear).padStart(3, '0'),
    a: () => (DAYS[date.getUTCDay()] ?? '').slice(0, 3),
    A: () => DAYS[date.getUTCDay()] ?? '',
    b: () => (MONTHS[date.getUTCMonth()] ?? '').slice(0, 3),
    B: () => MONTHS[date.getUTCMonth()] ?? '',
    w: () => String(date.getUTCDay()),
    u: () => String(date.getUTCDay() || 7),
    z: () => '+0000',
    Z: () => 'UTC',
    F: () => strftime(date, '%Y-%m-%d'),
    T: () => strftime(date, '%H:%M:%S'),
    '%': () => '%',
  };
  return format.replace(/%(.)/g, (whole, code: string) => {
    const make = Object.hasOwn(codes, code) ? codes[code] : undefined;
    if (!make) throw new Error(`the format ${whole} is not known`);
    return make();
  });
}

/** Reads a date by a format of %Y %m %d %H %M %S %y and literal text. */
export function strptime(text: string, format: string): Date {
  const parts: string[] = [];
  const pattern = format.replace(/%(.)|[.*+?^${}()|[\]\\]/g, (whole, code?: string) => {
    if (code === undefined) return `\\${whole}`;
    if (code === '%') return '%';
    if (!'YmdHMSyj'.includes(code)) throw new Error(`the format ${whole} cannot be read`);
    parts.push(code);
    return code === 'Y' ? '(\\d{4})' : code === 'j' ? '(\\d{1,3})' : '(\\d{1,2})';
  });
  const match = new RegExp(`^${pattern}$`).exec(text);
  if (!match) throw new Error(`"${text}" does not have the format ${format}`);
  const field = (code: string, otherwise: number): number => {
    const index = parts.indexOf(code);
    return index === -1 ? otherwise : Number(match[index + 1]);
  };
  const short = field('y', -1);
  const year = field('Y', short === -1 ? 1900 : short + (short < 69 ? 2000 : 1900));
  const day = parts.includes('j') ? field('j', 1) : field('d', 1);
  const month = parts.includes('j') ? 0 : field('m', 1) - 1;
  const date = new Date(Date.UTC(year, month, day, field('H', 0), field('M', 0), field('S', 0)));
  if (!parts.includes('j') && date.getUTCDate() !== day) throw new Error(`"${text}" is no date`);
  return date;
}

export const macros = {
  ds_add: (ds: string, days: number): string =>
    strftime(new Date(toDate(ds).getTime() + days * 86_400_000), '%Y-%m-%d'),
  ds_format: (ds: string, from: string, to: string): string => strftime(strptime(ds, from), to),
};
