/** Each of the 13 trigger rules against a table of upstream counts, as Airflow's TriggerRuleDep decides them. */
import assert from 'node:assert/strict';
import { TRIGGER_RULES, type TriggerRule } from '../../src/model/triggerRules.ts';
import {
  type RuleVerdict,
  triggerRule,
  type UpstreamCounts,
} from '../../runtime/scheduler/triggerRule.ts';

/** "2 1s 0f": of two upstream instances one succeeded. s success, f failed, k skipped, u upstream_failed. */
function counts(text: string, setups = ''): UpstreamCounts {
  const read = (source: string) => {
    const number = (letter: string) => Number(new RegExp(`(\\d+)${letter}`).exec(source)?.[1] ?? 0);
    const found = { success: number('s'), failed: number('f'), skipped: number('k') };
    return { total: Number(/^\d+/.exec(source)?.[0] ?? 0), ...found, upstream: number('u') };
  };
  const all = read(text);
  const own = read(setups);
  return {
    total: all.total,
    success: all.success,
    failed: all.failed,
    skipped: all.skipped,
    upstreamFailed: all.upstream,
    setups: {
      total: own.total,
      success: own.success,
      failed: own.failed + own.upstream,
      skipped: own.skipped,
    },
  };
}

const R: RuleVerdict = 'run';
const W: RuleVerdict = 'wait';
const K: RuleVerdict = 'skipped';
const U: RuleVerdict = 'upstream_failed';

/** Columns in the order of COLUMNS: two upstream instances in every constellation that matters. */
const COLUMNS = [
  '2 open',
  '2 1s',
  '2 1f',
  '2 1k',
  '2 1u',
  '2 2s',
  '2 2f',
  '2 2k',
  '2 2u',
  '2 1s 1f',
  '2 1s 1k',
  '2 1s 1u',
  '2 1f 1k',
  '2 1f 1u',
  '2 1k 1u',
] as const;

const TABLE: Record<TriggerRule, RuleVerdict[]> = {
  //                           open 1s 1f 1k 1u 2s 2f 2k 2u sf sk su fk fu ku
  all_success: [W, W, U, K, U, R, U, K, U, U, K, U, U, U, U],
  all_failed: [W, K, W, K, W, K, R, K, R, K, K, K, K, R, K],
  all_done: [W, W, W, W, W, R, R, R, R, R, R, R, R, R, R],
  all_done_min_one_success: [W, W, W, K, W, R, U, K, U, R, K, R, K, U, K],
  all_done_setup_success: [W, W, W, W, W, R, R, R, R, R, R, R, R, R, R],
  one_success: [W, R, W, W, W, R, U, K, U, R, R, R, U, U, U],
  one_failed: [W, W, R, W, R, K, R, K, R, R, K, R, R, R, R],
  one_done: [W, R, R, W, W, R, R, K, K, R, R, R, R, R, K],
  none_failed: [W, W, U, W, U, R, U, R, U, U, R, U, U, U, U],
  none_failed_min_one_success: [W, W, U, W, U, R, U, K, U, U, R, U, U, U, U],
  none_skipped: [W, W, W, K, W, R, R, K, R, R, K, R, K, R, K],
  all_skipped: [W, K, K, W, K, K, K, R, K, K, K, K, K, K, K],
  always: [R, R, R, R, R, R, R, R, R, R, R, R, R, R, R],
};

describe('trigger rules', () => {
  for (const rule of TRIGGER_RULES) {
    it(rule, () => {
      const found = COLUMNS.map((column) => `${column}: ${triggerRule(rule, counts(column))}`);
      const wanted = COLUMNS.map((column, at) => `${column}: ${String(TABLE[rule][at])}`);
      assert.deepEqual(found, wanted);
    });
  }

  it('run at once without any upstream, also when all of it was removed', () => {
    for (const rule of TRIGGER_RULES) assert.equal(triggerRule(rule, counts('0')), 'run', rule);
  });

  it('all_done_setup_success asks for one setup that succeeded', () => {
    const of = (all: string, setups: string) =>
      triggerRule('all_done_setup_success', counts(all, setups));
    assert.equal(of('2 1s', '1 1s'), 'wait');
    assert.equal(of('2 1s 1f', '1 1s'), 'run');
    assert.equal(of('2 1u 1f', '1 1f'), 'upstream_failed');
    assert.equal(of('2 2k', '1 1k'), 'skipped');
    assert.equal(of('3 1s 1f 1u', '2 1s 1f'), 'run');
    assert.equal(of('3 1f 1k 1u', '2 1f 1k'), 'upstream_failed');
  });

  it('never wait once everything upstream is done', () => {
    for (const rule of TRIGGER_RULES) {
      for (let success = 0; success <= 3; success++) {
        for (let failed = 0; failed + success <= 3; failed++) {
          for (let skipped = 0; skipped + failed + success <= 3; skipped++) {
            const upstreamFailed = 3 - success - failed - skipped;
            const text = `3 ${success}s ${failed}f ${skipped}k ${upstreamFailed}u`;
            assert.notEqual(triggerRule(rule, counts(text)), 'wait', `${rule} ${text}`);
          }
        }
      }
    }
  });

  it('never take back what an unfinished upstream decided', () => {
    // A verdict on partial counts must stay when more of the upstream ends, or the order would matter.
    for (const rule of TRIGGER_RULES) {
      for (const [at, column] of COLUMNS.entries()) {
        const part = counts(column);
        const done = part.success + part.failed + part.skipped + part.upstreamFailed;
        const early = TABLE[rule][at];
        if (done !== 1 || early === 'wait' || early === 'run') continue;
        for (const more of ['success', 'failed', 'skipped', 'upstreamFailed'] as const) {
          const later = triggerRule(rule, { ...part, [more]: part[more] + 1 });
          const isSame = later === early || (early === 'skipped' && later === 'upstream_failed');
          assert.ok(isSame, `${rule}: ${column} says ${early}, then ${more}: ${later}`);
        }
      }
    }
  });

  it('an unknown rule is an error, never a verdict', () => {
    assert.throws(() => triggerRule('banana' as TriggerRule, counts('1 1s')), /banana/);
  });
});
