/**
 * Which database errors are a lost connection or a restart, and how long to wait before the next
 * try. Used by the report client: its calls are idempotent, so a repeat is safe.
 */
const SOCKET = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'ENOENT',
  'EAI_AGAIN',
]);
/** Shutdowns, start-up, too many connections, deadlock and serialization: all pass. */
const STATES = new Set(['57P01', '57P02', '57P03', '53300', '40001', '40P01', '25006']);

export function isPassing(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.every(isPassing);
  if (!(error instanceof Error)) return false;
  const code = (error as { code?: unknown }).code;
  if (typeof code === 'string')
    return SOCKET.has(code) || STATES.has(code) || code.startsWith('08');
  return /connection terminated|connection error|timeout|client was closed/i.test(error.message);
}

/** Milliseconds before try `n` (from 0): 50 ms doubling to 5 s, half of it random. */
export function backoff(n: number, random: () => number): number {
  const full = Math.min(5000, 50 * 2 ** Math.min(n, 10));
  return full / 2 + (full / 2) * random();
}
