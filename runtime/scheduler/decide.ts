/**
 * The heart: from what happened to one run, decide what follows. Pure: no clock, no random, no
 * database; it changes only the LiveRun it is given. Called by the tick for each run that it holds the
 * lock of. Cost follows the changed tasks and their direct downstream, not the size of the run.
 */
import { isCause } from '../../src/model/causes.ts';
import { isTerminal } from '../../src/model/states.ts';
import { applyCommand } from './command.ts';
import type { Decision, DecideInput, DueInstance, EndedAttempt } from './decision.ts';
import { change, type Draft, end, endRun, newDraft, revive } from './draft.ts';
import { evaluate } from './evaluate.ts';
import { type LiveRun, verdictOfLeaves } from './liveRun.ts';
import { readOutcome } from './outcome.ts';
import { decideRetry } from './retry.ts';

export function decide(live: LiveRun, input: DecideInput): Decision {
  const draft = newDraft(live);
  const before = live.run.state;
  if (input.fresh) lookAtEverything(draft);

  for (const ended of input.ended) applyEnded(draft, ended, input.random, input.fresh);
  for (const due of input.due) applyDue(draft, due);
  for (const command of input.commands) applyCommand(draft, command);
  if (input.runTimedOut && live.run.state === 'running') endAll(draft, 'run_timeout');

  if (live.run.state === 'running') {
    settle(draft, input.now);
    if (live.open === 0) endRun(draft, verdictOfLeaves(live));
  }
  const after = draft.decision.run?.state;
  if ((after === 'success' || after === 'failed') && after !== before)
    addRunCallbacks(draft, after);
  return draft.decision;
}

function lookAtEverything(draft: Draft): void {
  draft.live.graph.tasks.forEach((_, task) => draft.dirty.add(task));
  for (const stranger of draft.live.strangers) {
    if (isTerminal(stranger.state)) continue;
    // By way of `none`: what is at work may not be removed at once.
    draft.decision.moves.push({ id: stranger.id, expect: 'any', to: 'none' });
    draft.decision.moves.push({ id: stranger.id, expect: 'any', to: 'removed' });
    draft.decision.kills.push({ instanceId: stranger.id, cause: 'cancelled' });
    stranger.state = 'removed';
  }
  if (draft.live.run.state === 'running') reviveTasks(draft);
}

/** A task that an earlier version of the DAG had removed, and that is back, starts over. */
function reviveTasks(draft: Draft): void {
  draft.live.instances.forEach((instances, task) => {
    const [first] = instances;
    if (first && instances.every(({ state }) => state === 'removed')) revive(draft, task, first);
  });
}

/** Looks at tasks until nothing follows any more. Each task ends at most once, so this ends. */
function settle(draft: Draft, now: Date): void {
  while (draft.dirty.size > 0 || draft.failedFast) {
    for (let task = draft.dirty.take(); task !== undefined; task = draft.dirty.take()) {
      evaluate(draft, task, now);
    }
    if (draft.failedFast) {
      draft.failedFast = false;
      endAll(draft, 'cancelled', true);
    }
  }
}

function applyEnded(draft: Draft, ended: EndedAttempt, random: () => number, fresh: boolean): void {
  const found = draft.live.byId.get(ended.instanceId);
  if (!found || isTerminal(found.instance.state)) return;
  const { instance, task } = found;
  const spec = draft.live.graph.tasks[task];
  if (!spec) return;
  // An older copy in memory does not know the attempt; then the compare-and-set finds out.
  if (fresh && instance.attemptId !== ended.attemptId) return;
  const expect = { expect: 'attempt' as const, attempt: ended.attemptId };
  const outcome = readOutcome(ended.outcome);

  if (ended.state === 'success') {
    const mapLength = outcome.hasXcom ? (outcome.mapLength ?? -1) : undefined;
    change(draft, task, instance, {
      ...expect,
      to: 'success',
      mapLength,
      choice: outcome.choice,
      triesUsed: instance.triesUsed + 1,
    });
    return;
  }
  if (ended.state === 'waiting') {
    const delay = outcome.delay ?? spec.sensor?.interval ?? 60;
    change(draft, task, instance, { ...expect, to: 'up_for_reschedule', delay });
    return;
  }
  if (ended.state === 'skipped') {
    const cause = isCause(ended.cause) ? ended.cause : undefined;
    const triesUsed = instance.triesUsed + 1;
    change(draft, task, instance, { ...expect, to: 'skipped', cause, triesUsed });
    return;
  }
  const cause = ended.cause ?? 'error';
  if (!isCause(cause)) throw new Error(`attempt ${ended.attemptId} has the unknown cause ${cause}`);
  const verdict = decideRetry(
    spec.retries,
    instance,
    { cause, exitCode: ended.exitCode },
    random(),
  );
  const message = ended.message ?? undefined;
  if (verdict.action === 'retry') {
    const spent =
      verdict.spends === 'try'
        ? { triesUsed: instance.triesUsed + 1 }
        : { infraUsed: instance.infraUsed + 1 };
    change(
      draft,
      task,
      instance,
      { ...expect, to: 'up_for_retry', cause, delay: verdict.delay, ...spent },
      message,
    );
    return;
  }
  const to = verdict.action === 'skip' ? 'skipped' : 'failed';
  const triesUsed = instance.triesUsed + 1;
  change(draft, task, instance, { ...expect, to, cause, triesUsed }, message);
}

function applyDue(draft: Draft, due: DueInstance): void {
  const found = draft.live.byId.get(due.instanceId);
  if (!found) return;
  const { instance, task } = found;
  const sensor = draft.live.graph.tasks[task]?.sensor;
  if (instance.state === 'up_for_retry' || instance.state === 'up_for_reschedule') {
    change(draft, task, instance, { expect: 'waiting', to: 'scheduled' });
  } else if (instance.state === 'deferred' && sensor) {
    const verdict = sensor.mode === 'time' ? 'success' : due.external;
    if (verdict === 'success') {
      change(draft, task, instance, { expect: 'waiting', to: 'success' });
    } else if (verdict === 'failed' || verdict === 'timeout') {
      const cause = verdict === 'timeout' ? 'sensor_timeout' : 'error';
      const to = sensor.softFail ? 'skipped' : 'failed';
      change(draft, task, instance, { expect: 'waiting', to, cause });
    } else {
      change(draft, task, instance, { expect: 'waiting', to: 'deferred', delay: sensor.interval });
    }
  }
}

/** Stops the run: what is at work fails, what has not begun is skipped. Teardowns may still run. */
function endAll(draft: Draft, cause: 'run_timeout' | 'cancelled', keepTeardowns = false): void {
  const { live } = draft;
  live.instances.forEach((instances, task) => {
    if (keepTeardowns && live.graph.tasks[task]?.teardownOf !== undefined) return;
    for (const instance of instances) {
      const atWork = ['launching', 'running'].includes(instance.state);
      end(draft, task, instance, atWork ? 'failed' : 'skipped', cause);
    }
  });
  if (!keepTeardowns) endRun(draft, 'failed', cause);
}

function addRunCallbacks(draft: Draft, state: 'success' | 'failed'): void {
  const event = state === 'failed' ? 'failure' : 'success';
  for (const target of draft.live.graph.plan.callbacks[event] ?? []) {
    draft.decision.callbacks.push({
      event,
      target,
      instance: null,
      cause: draft.decision.run?.cause,
    });
  }
}
