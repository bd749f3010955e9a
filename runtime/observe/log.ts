/** The log of the platform itself: one JSON line each, constant message plus fields. Made in main. */
import { pino } from 'pino';

export interface Log {
  info(fields: object, message: string): void;
  /** A human may want to act. */
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export function openLog(level: 'silent' | 'error' | 'warn' | 'info' | 'debug'): Log {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination(2));
}
