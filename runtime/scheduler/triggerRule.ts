/**
 * Decides one trigger rule from the counts of the upstream task instances. Pure; called by decide.ts
 * whenever an upstream instance ended. Semantics are Airflow's (TriggerRuleDep): removed instances
 * count as never there, and a rule that can no longer hold ends the task at once.
 */
import type { TriggerRule } from '../../src/model/triggerRules.ts';

export interface UpstreamCounts {
  /** Instances, removed ones left out. */
  total: number;
  success: number;
  failed: number;
  skipped: number;
  upstreamFailed: number;
  /** Same, of upstream setup tasks alone. */
  setups: { total: number; success: number; failed: number; skipped: number };
}

export type RuleVerdict = 'wait' | 'run' | 'skipped' | 'upstream_failed';

export function triggerRule(rule: TriggerRule, up: UpstreamCounts): RuleVerdict {
  const { total, success, failed, skipped, upstreamFailed } = up;
  const bad = failed + upstreamFailed;
  const done = success + bad + skipped >= total;
  if (total === 0 || rule === 'always') return 'run';

  switch (rule) {
    case 'all_success':
      if (bad > 0) return 'upstream_failed';
      if (skipped > 0) return 'skipped';
      return done ? 'run' : 'wait';
    case 'all_failed':
      if (success > 0 || skipped > 0) return 'skipped';
      return done ? 'run' : 'wait';
    case 'all_done':
      return done ? 'run' : 'wait';
    case 'all_done_min_one_success':
      // A skipped task is not "done" for this rule.
      if (skipped > 0) return 'skipped';
      if (!done) return 'wait';
      return success > 0 ? 'run' : 'upstream_failed';
    case 'all_done_setup_success': {
      if (!done) return 'wait';
      const { setups } = up;
      if (setups.total === 0 || setups.success > 0) return 'run';
      return setups.failed > 0 ? 'upstream_failed' : 'skipped';
    }
    case 'one_success':
      if (success > 0) return 'run';
      if (!done) return 'wait';
      return bad > 0 ? 'upstream_failed' : 'skipped';
    case 'one_failed':
      if (bad > 0) return 'run';
      return done ? 'skipped' : 'wait';
    case 'one_done':
      if (success + failed > 0) return 'run';
      return done ? 'skipped' : 'wait';
    case 'none_failed':
      if (bad > 0) return 'upstream_failed';
      return done ? 'run' : 'wait';
    case 'none_failed_min_one_success':
      if (bad > 0) return 'upstream_failed';
      if (!done) return 'wait';
      return success > 0 ? 'run' : 'skipped';
    case 'none_skipped':
      if (skipped > 0) return 'skipped';
      return done ? 'run' : 'wait';
    case 'all_skipped':
      if (success > 0 || bad > 0) return 'skipped';
      return done ? 'run' : 'wait';
    default:
      throw new Error(`unknown trigger rule ${JSON.stringify(rule)}`);
  }
}
