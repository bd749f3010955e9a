/** The level of a log line, read from its words: `[ERROR]`, `level=warn`, pino's `"level":50`, a Python traceback. */
export const LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type Level = (typeof LEVELS)[number];

const WORD = /\b(trace|debug|info|notice|warn|warning|error|critical|fatal|err)\b/i;
const PINO = /"level":\s*(\d0)\b/;
const TRACEBACK = /^(Traceback \(most recent call last\)|\s*(Uncaught )?\w*(Error|Exception)\b:)/;
/** Where the level of a line stands, when it has one. */
const HEAD = 120;

export function levelOf(line: string): Level {
  const head = line.slice(0, HEAD);
  const number = Number(PINO.exec(head)?.[1] ?? Number.NaN);
  if (number >= 0)
    return number >= 50 ? 'error' : number >= 40 ? 'warn' : number >= 30 ? 'info' : 'debug';
  if (TRACEBACK.test(head)) return 'error';
  const word = WORD.exec(head)?.[1]?.toLowerCase();
  switch (word) {
    case 'error':
    case 'err':
    case 'critical':
    case 'fatal':
      return 'error';
    case 'warn':
    case 'warning':
      return 'warn';
    case 'debug':
    case 'trace':
      return 'debug';
    default:
      return 'info';
  }
}

export function atLeast(level: Level, least: Level): boolean {
  return LEVELS.indexOf(level) >= LEVELS.indexOf(least);
}
