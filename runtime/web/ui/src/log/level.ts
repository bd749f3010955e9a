/**
 * The level of a log line, read from its head: `[ERROR]`, `level=warn`, `error: ...`, pino's `"level":50`, a Python traceback,
 * an error of R. A word inside of a sentence or a table is none. Pure.
 */
import { plainText } from './ansi.ts';

export const LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type Level = (typeof LEVELS)[number];

const WORDS: Record<string, Level> = {
  ...{ trace: 'debug', debug: 'debug', info: 'info', notice: 'info' },
  ...{ warn: 'warn', warning: 'warn' },
  ...{ error: 'error', err: 'error', severe: 'error', critical: 'error', fatal: 'error' },
};
const WORD = Object.keys(WORDS).join('|');
const PATTERNS = [
  // level=warn, "severity": "ERROR"
  new RegExp(`\\b(?:level|severity|lvl)["']?\\s*[=:]\\s*["']?(${WORD})\\b`, 'i'),
  // [warning], <error>, (info)
  new RegExp(`[[<(]\\s*(${WORD})\\s*[\\])>]`, 'i'),
  // error: at the beginning, or behind the time
  new RegExp(`^[\\s\\d:.,TZ+/-]*(${WORD})\\s*:`, 'i'),
  // As programs that log write it
  new RegExp(`(?<![\\w.])(${WORD.toUpperCase()})(?!\\w)`),
];
const PINO = /"level":\s*(\d0)\b/;
const FAILURE =
  /^(Traceback \(most recent call last\)|\s*(Uncaught )?\w*(Error|Exception)\b:|Error in )/;
const COMPLAINT = /^(Warning (message|in )|.*\b\w+Warning: )/;
/** Most lines have none of these: that is seen at once. */
const ANY = /level|err|exception|trace|debug|info|notice|warn|severe|critical|fatal/i;
/** Where the level of a line stands, when it has one. */
const HEAD = 120;

export function levelOf(line: string): Level {
  // Colours stand before the words.
  const head = plainText(line.slice(0, 4 * HEAD)).slice(0, HEAD);
  if (!ANY.test(head)) return 'info';
  const number = Number(PINO.exec(head)?.[1] ?? Number.NaN);
  if (number >= 0)
    return number >= 50 ? 'error' : number >= 40 ? 'warn' : number >= 30 ? 'info' : 'debug';
  if (FAILURE.test(head)) return 'error';
  for (const pattern of PATTERNS) {
    const word = pattern.exec(head)?.[1];
    if (word !== undefined) return WORDS[word.toLowerCase()] ?? 'info';
  }
  return COMPLAINT.test(head) ? 'warn' : 'info';
}

export function atLeast(level: Level, least: Level): boolean {
  return LEVELS.indexOf(level) >= LEVELS.indexOf(least);
}
