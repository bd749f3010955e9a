/** What follows a failed attempt: budgets, backoff, jitter, rules by cause and exit code. */
import assert from 'node:assert/strict';
import { CAUSES, type Cause, isInfrastructure } from '../../src/model/causes.ts';
import type { RetryPolicy } from '../../src/plan/plan.ts';
import { decideRetry, type RetryVerdict } from '../../runtime/scheduler/retry.ts';

const POLICY: RetryPolicy = {
  max: 3,
  delay: 10,
  factor: 1,
  maxDelay: 86_400,
  jitter: 0,
  rules: [],
  infrastructure: 2,
};

function after(
  policy: Partial<RetryPolicy>,
  failure: { cause: Cause; exitCode?: number; triesUsed?: number; infraUsed?: number },
  random = 0,
): RetryVerdict {
  const whole = { ...POLICY, ...policy };
  const { triesUsed = 0, infraUsed = 0 } = failure;
  return decideRetry(whole, { triesUsed, infraUsed, maxTries: 1 + whole.max }, failure, random);
}

describe('retry', () => {
  it('spends a try until none is left', () => {
    for (const triesUsed of [0, 1, 2]) {
      assert.deepEqual(after({}, { cause: 'exit_code', triesUsed }), {
        action: 'retry',
        delay: 10,
        spends: 'try',
      });
    }
    assert.deepEqual(after({}, { cause: 'exit_code', triesUsed: 3 }), { action: 'fail' });
    assert.deepEqual(after({ max: 0 }, { cause: 'error' }), { action: 'fail' });
  });

  it('waits longer each time, up to the cap', () => {
    const policy = { max: 3000, factor: 2, maxDelay: 100 };
    const delays = [0, 1, 2, 3, 4, 5, 2000].map((triesUsed) => {
      const verdict = after(policy, { cause: 'error', triesUsed });
      return verdict.action === 'retry' && verdict.delay;
    });
    assert.deepEqual(delays, [10, 20, 40, 80, 100, 100, 100]);
  });

  it('takes jitter off the delay, never below zero', () => {
    const delay = (jitter: number, random: number) => {
      const verdict = after({ jitter }, { cause: 'error' }, random);
      return verdict.action === 'retry' && verdict.delay;
    };
    assert.equal(delay(0.5, 0), 10);
    assert.equal(delay(0.5, 1), 5);
    assert.equal(delay(1, 1), 0);
    assert.equal(delay(0, 1), 10);
  });

  it('infrastructure has its own budget with its own waits and never takes a try', () => {
    for (const cause of Object.keys(CAUSES) as Cause[]) {
      if (!isInfrastructure(cause)) continue;
      const verdict = (infraUsed: number) => after({}, { cause, infraUsed });
      assert.deepEqual(verdict(0), { action: 'retry', delay: 1, spends: 'infrastructure' });
      assert.deepEqual(verdict(1), { action: 'retry', delay: 2, spends: 'infrastructure' });
      assert.deepEqual(verdict(2), { action: 'fail' }, cause);
      assert.deepEqual(after({ infrastructure: 0 }, { cause }), { action: 'fail' });
    }
    const late = after({ infrastructure: 100 }, { cause: 'evicted', infraUsed: 50 });
    assert.deepEqual(late, { action: 'retry', delay: 60, spends: 'infrastructure' });
  });

  it('causes that no retry can mend fail at once, unless a rule asks for a retry', () => {
    const rules = [{ causes: ['template', 'fail_now'] as Cause[], action: 'retry' as const }];
    for (const cause of ['template', 'fail_now'] as const) {
      assert.deepEqual(after({}, { cause }), { action: 'fail' });
      assert.equal(after({ rules }, { cause }).action, 'retry');
      assert.equal(after({ rules }, { cause, triesUsed: 3 }).action, 'fail');
    }
  });

  it('the first rule that fits cause and exit code decides', () => {
    const rules: RetryPolicy['rules'] = [
      { causes: ['exit_code'], exitCodes: [99], action: 'skip' },
      { causes: ['exit_code'], exitCodes: [2, 3], action: 'fail' },
      { causes: ['exit_code', 'oom'], action: 'retry', delay: 7 },
      { causes: ['oom'], action: 'fail' },
    ];
    const verdict = (cause: Cause, exitCode?: number) => after({ rules }, { cause, exitCode });
    assert.equal(verdict('exit_code', 99).action, 'skip');
    assert.equal(verdict('exit_code', 3).action, 'fail');
    assert.deepEqual(verdict('exit_code', 1), { action: 'retry', delay: 7, spends: 'try' });
    assert.deepEqual(verdict('exit_code'), { action: 'retry', delay: 7, spends: 'try' });
    assert.deepEqual(verdict('oom'), { action: 'retry', delay: 7, spends: 'try' });
    assert.deepEqual(verdict('signal'), { action: 'retry', delay: 10, spends: 'try' });
  });

  it('a rule for infrastructure may fail or skip at once, or go on with the tries', () => {
    const rule = (action: 'fail' | 'skip' | 'retry') => ({
      rules: [{ causes: ['evicted' as const], action, delay: 30 }],
    });
    assert.equal(after(rule('fail'), { cause: 'evicted' }).action, 'fail');
    assert.equal(after(rule('skip'), { cause: 'evicted' }).action, 'skip');
    assert.deepEqual(after(rule('retry'), { cause: 'evicted' }), {
      action: 'retry',
      delay: 30,
      spends: 'infrastructure',
    });
    const spent = after(rule('retry'), { cause: 'evicted', infraUsed: 2 });
    assert.deepEqual(spent, { action: 'retry', delay: 30, spends: 'try' });
  });
});
