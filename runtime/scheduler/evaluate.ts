/**
 * Looks at one task of a live run whose upstream may have changed: wait, run, skip, expand, defer.
 * Called by decide.ts only. Level-triggered: the answer follows from states alone, never from which
 * event came first, so looking twice does no harm.
 */
import type { PlanTask } from '../../src/plan/plan.ts';
import { change, type Draft } from './draft.ts';
import { expand } from './expand.ts';
import type { Instance, LiveRun } from './liveRun.ts';
import { descendants, type PlanGraph } from './planGraph.ts';
import { isChoice } from './outcome.ts';
import { type RuleVerdict, triggerRule, type UpstreamCounts } from './triggerRule.ts';

export function evaluate(draft: Draft, task: number, now: Date): void {
  const { live } = draft;
  const spec = live.graph.tasks[task];
  const waiting = (live.instances[task] ?? []).filter(({ state }) => state === 'none');
  if (!spec || waiting.length === 0) return;

  if (isSwitchedOff(live, task)) {
    for (const instance of waiting) {
      change(draft, task, instance, { expect: 'none', to: 'skipped' });
    }
    return;
  }
  const guarded = scaffoldVerdict(live, task);
  const verdict =
    guarded === 'run' ? triggerRule(spec.triggerRule, countUpstream(live, task)) : guarded;
  if (verdict === 'wait') return;
  if (verdict !== 'run') {
    for (const instance of waiting) {
      change(draft, task, instance, { expect: 'none', to: verdict });
    }
    return;
  }
  if (live.blockedByPast.has(task)) return;
  const ready = spec.map ? expand(draft, task, spec, waiting) : single(draft, task, waiting);
  for (const instance of ready) start(draft, task, spec, instance, now);
}

/** Sends a ready instance on its way; what needs no process is decided here. */
function start(draft: Draft, task: number, spec: PlanTask, instance: Instance, now: Date): void {
  if (spec.operator === 'empty') {
    change(draft, task, instance, { expect: 'none', to: 'success', triesUsed: 1 });
  } else if (spec.sensor?.mode === 'time') {
    const at = timeOf(draft.live, spec, now);
    if (at.getTime() <= now.getTime()) {
      change(draft, task, instance, { expect: 'none', to: 'success', triesUsed: 1 });
    } else {
      change(draft, task, instance, { expect: 'none', to: 'deferred', at: at.toISOString() });
    }
  } else if (spec.sensor?.mode === 'external_run') {
    change(draft, task, instance, { expect: 'none', to: 'deferred', delay: 0 });
  } else {
    change(draft, task, instance, { expect: 'none', to: 'scheduled' });
  }
}

/** `at` is an instant; `delay` counts from the end of the data interval (else from now). */
function timeOf(live: LiveRun, spec: PlanTask, now: Date): Date {
  const { at, delay } = spec.config;
  if (typeof at === 'string') return new Date(at);
  const from = live.run.intervalEnd ?? now;
  return new Date(from.getTime() + (typeof delay === 'number' ? delay * 1000 : 0));
}

/** A task that is not mapped has one instance; the others are of a version in which it was. */
function single(draft: Draft, task: number, waiting: Instance[]): Instance[] {
  const [first, ...others] = waiting;
  if (!first) return [];
  for (const instance of others) change(draft, task, instance, { expect: 'none', to: 'removed' });
  const isOnly = (draft.live.instances[task] ?? []).every(
    (instance) => instance === first || instance.mapIndex !== -1,
  );
  if (isOnly) first.mapIndex = -1;
  return [first];
}

/** Work waits for its setups, near or far; a teardown for all the work between its setups and it. */
function scaffoldVerdict(live: LiveRun, task: number): RuleVerdict {
  const { guards, scopes } = live.graph;
  let verdict: RuleVerdict = 'run';
  for (const setup of guards[task] ?? []) {
    const counts = live.counts[setup];
    if (!counts) continue;
    if (counts.failed + counts.upstreamFailed > 0) return 'upstream_failed';
    if (counts.skipped > 0) verdict = 'skipped';
    else if (counts.open > 0 && verdict === 'run') verdict = 'wait';
  }
  const isOpen = (index: number) => (live.counts[index]?.open ?? 0) > 0;
  if (verdict === 'run' && scopes[task]?.some(isOpen)) return 'wait';
  return verdict;
}

/** Not chosen by a branch, or behind a short circuit that said no. */
function isSwitchedOff(live: LiveRun, task: number): boolean {
  const { graph } = live;
  for (const up of graph.upstream[task] ?? []) {
    if (graph.tasks[up]?.flow !== 'branch') continue;
    for (const { state, choice } of live.instances[up] ?? []) {
      if (!isChoice(choice)) throw new Error(`the choice of ${graph.tasks[up].id} makes no sense`);
      if (state !== 'success' || !Array.isArray(choice)) continue;
      if (!followed(graph, choice).has(task)) return true;
    }
  }
  if (graph.tasks[task]?.teardownOf !== undefined) return false;
  return shortCircuits(graph).some(
    ({ at, below }) =>
      below.has(task) &&
      (live.instances[at] ?? []).some(
        ({ state, choice }) => state === 'success' && choice === false,
      ),
  );
}

/** What a branch leads to: a task that joins a chosen path again is not skipped. */
function followed(graph: PlanGraph, choice: string[]): Set<number> {
  const chosen = choice.map((id) => graph.indexOf.get(id)).filter((index) => index !== undefined);
  const reach = descendants(graph, chosen);
  for (const index of chosen) reach.add(index);
  return reach;
}

const circuits = new WeakMap<PlanGraph, { at: number; below: Set<number> }[]>();

function shortCircuits(graph: PlanGraph) {
  let known = circuits.get(graph);
  if (!known) {
    known = graph.tasks.flatMap((task, at) =>
      task.flow === 'short_circuit' ? [{ at, below: descendants(graph, [at]) }] : [],
    );
    circuits.set(graph, known);
  }
  return known;
}

function countUpstream(live: LiveRun, task: number): UpstreamCounts {
  const up: UpstreamCounts = {
    total: 0,
    success: 0,
    failed: 0,
    skipped: 0,
    upstreamFailed: 0,
    setups: { total: 0, success: 0, failed: 0, skipped: 0 },
  };
  for (const index of live.graph.upstream[task] ?? []) {
    const counts = live.counts[index];
    if (!counts) continue;
    up.total += counts.total - counts.removed;
    up.success += counts.success;
    up.failed += counts.failed;
    up.skipped += counts.skipped;
    up.upstreamFailed += counts.upstreamFailed;
    if (live.graph.tasks[index]?.setup) {
      up.setups.total += counts.total - counts.removed;
      up.setups.success += counts.success;
      up.setups.failed += counts.failed + counts.upstreamFailed;
      up.setups.skipped += counts.skipped;
    }
  }
  return up;
}
