/**
 * Decides what follows a failed attempt: another try, an end, a skip. Pure; `random` (0..1) enters as
 * an argument. Called by decide.ts.
 */
import { type Cause, isInfrastructure } from '../../src/model/causes.ts';
import type { RetryPolicy } from '../../src/plan/plan.ts';

export interface Budget {
  triesUsed: number;
  infraUsed: number;
  maxTries: number;
}

export type RetryVerdict =
  | { action: 'retry'; delay: number; spends: 'try' | 'infrastructure' }
  | { action: 'fail' }
  | { action: 'skip' };

/** Causes that no retry can mend. A rule of the author may still say otherwise. */
const FINAL = new Set<Cause>([
  'fail_now',
  'template',
  'input',
  'map_length',
  'missing_program',
  'sensor_timeout',
  'cancelled',
  'marked',
  'run_timeout',
  'admission',
]);

/** Seconds before an infrastructure retry: 1, 2, 4, ... 60. */
function infrastructureDelay(used: number): number {
  return Math.min(60, 2 ** Math.min(used, 6));
}

export function decideRetry(
  policy: RetryPolicy,
  budget: Budget,
  failure: { cause: Cause; exitCode?: number | null },
  random: number,
): RetryVerdict {
  const rule = policy.rules.find(
    ({ causes, exitCodes }) =>
      causes.includes(failure.cause) &&
      (exitCodes === undefined ||
        (failure.exitCode != null && exitCodes.includes(failure.exitCode))),
  );
  if (rule?.action === 'fail') return { action: 'fail' };
  if (rule?.action === 'skip') return { action: 'skip' };

  if (isInfrastructure(failure.cause)) {
    if (budget.infraUsed < policy.infrastructure) {
      const delay = rule?.delay ?? infrastructureDelay(budget.infraUsed);
      return { action: 'retry', delay, spends: 'infrastructure' };
    }
    // A try of the author is spent on it only when a rule of the author says so.
    if (rule === undefined) return { action: 'fail' };
  }
  if (rule === undefined && FINAL.has(failure.cause)) return { action: 'fail' };
  if (budget.triesUsed + 1 >= budget.maxTries) return { action: 'fail' };
  const base = rule?.delay ?? backoff(policy, budget.triesUsed);
  const delay = base * (1 - policy.jitter * random);
  return { action: 'retry', delay, spends: 'try' };
}

function backoff(policy: RetryPolicy, retriesMade: number): number {
  const grown = policy.delay * policy.factor ** retriesMade;
  return Math.min(Number.isFinite(grown) ? grown : policy.maxDelay, policy.maxDelay);
}
