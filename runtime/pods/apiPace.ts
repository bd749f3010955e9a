/**
 * How many calls at a time an API server bears, and when to ask it again (pure): more by one for each round of
 * quick answers, half as many after a push back. Time and chance are arguments. Used by apiQueue.ts.
 */

export interface Pace {
  /** Calls at a time; a fraction grows to the next whole one. */
  limit: number;
  /** Nothing is sent before. */
  pausedUntil: number;
  /** When the limit was last halved. */
  slowedAt: number;
  /** Without a success between them. */
  failuresInRow: number;
}

export interface PaceBounds {
  most: number;
}

export const FIRST_LIMIT = 8;
/** Slower answers say that the server has enough to do: no more at a time. */
const SLOW_MS = 1000;
const FIRST_DELAY_MS = 200;
const LONGEST_DELAY_MS = 5000;
const LONGEST_RETRY_AFTER_MS = 60_000;

export function firstPace({ most }: PaceBounds): Pace {
  return {
    limit: Math.min(FIRST_LIMIT, most),
    pausedUntil: 0,
    slowedAt: -Infinity,
    failuresInRow: 0,
  };
}

/** `busy`: as many calls ran as were allowed. Without need the limit does not grow. */
export function afterSuccess(
  pace: Pace,
  { begunAt, now, busy }: { begunAt: number; now: number; busy: boolean },
  { most }: PaceBounds,
): Pace {
  const grows = busy && now - begunAt < SLOW_MS;
  const limit = grows ? Math.min(most, pace.limit + 1 / Math.floor(pace.limit)) : pace.limit;
  return { ...pace, limit, failuresInRow: 0 };
}

export interface PushBack {
  begunAt: number;
  now: number;
  /** Of the answer: the server said to wait. */
  retryAfterMs?: number;
  /** From 0 to 1. */
  chance: number;
}

/** 429, 5xx, no answer. */
export function afterPushBack(pace: Pace, { begunAt, now, retryAfterMs, chance }: PushBack): Pace {
  const failuresInRow = pace.failuresInRow + 1;
  // Calls that were under way when the pace was slowed tell nothing new.
  const isNews = begunAt >= pace.slowedAt;
  const limit = isNews ? Math.max(1, pace.limit / 2) : pace.limit;
  // One object that makes the server stumble must not stop the others: only failures of all do.
  const allFail = failuresInRow > pace.limit;
  const pause =
    retryAfterMs !== undefined
      ? Math.min(retryAfterMs, LONGEST_RETRY_AFTER_MS) * (1 + chance / 10)
      : allFail
        ? delayMs(failuresInRow - Math.floor(pace.limit), chance)
        : 0;
  return {
    limit,
    pausedUntil: Math.max(pace.pausedUntil, now + pause),
    slowedAt: isNews ? now : pace.slowedAt,
    failuresInRow,
  };
}

/** Of one call that has failed so many times. */
export function delayMs(failures: number, chance: number): number {
  const whole = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(failures - 1, 20));
  return whole * (0.5 + chance / 2);
}
