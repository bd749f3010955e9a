/**
 * The heart: from what happened to one run, decide what follows. Pure: no clock, no random, no
 * database; it changes only the LiveRun it is given. Called by the tick for each run that it holds the
 * lock of. Cost follows the changed tasks and their direct downstream, not the size of the run.
 */
import { isTerminal } from '../../src/model/states.ts';
import { applyCommand } from './command.ts';
import type { Decision, DecideInput, DueInstance, EndedAttempt } from './decision.ts';
import { change, type Draft, end, newDraft } from './draft.ts';
import { evaluate } from './evaluate.ts';
import type { LiveRun } from './liveRun.ts';
import { decideRetry } from './retry.ts';

export function decide(live: LiveRun, input: DecideInput): Decision {
  const draft = newDraft(live);
  if (input.fresh) lookAtEverything(draft);

  for (const ended of input.ended) applyEnded(draft, ended, input.random);
  for (const due of input.due) applyDue(draft, due);
  for (const command of input.commands) applyCommand(draft, command);
  if (input.runTimedOut && live.run.state === 'running') endAll(draft, 'run_timeout');

  if (live.run.state === 'running') {
    settle(draft, input.now);
    finishRun(draft);
  }
  return draft.decision;
}

function lookAtEverything(draft: Draft): void {
  draft.live.graph.tasks.forEach((_, task) => draft.dirty.add(task));
  for (const stranger of draft.live.strangers) {
    if (isTerminal(stranger.state)) continue;
    draft.decision.moves.push({ id: stranger.id, expect: 'any', to: 'removed' });
    draft.decision.kills.push({ instanceId: stranger.id, cause: 'cancelled' });
    stranger.state = 'removed';
  }
}

/** Looks at tasks until nothing follows any more. Each task ends at most once, so this ends. */
function settle(draft: Draft, now: Date): void {
  while (draft.dirty.size > 0) {
    for (const task of draft.dirty) {
      draft.dirty.delete(task);
      evaluate(draft, task, now);
    }
    if (draft.failedFast) {
      draft.failedFast = false;
      endAll(draft, 'cancelled', true);
    }
  }
}

function applyEnded(draft: Draft, ended: EndedAttempt, random: () => number): void {
  const found = draft.live.byId.get(ended.instanceId);
  if (!found || isTerminal(found.instance.state)) return;
  const { instance, task } = found;
  const spec = draft.live.graph.tasks[task];
  if (!spec) return;
  const expect = { expect: 'attempt' as const, attempt: ended.attemptId };
  const outcome = ended.outcome ?? {};

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
    change(draft, task, instance, { ...expect, to: 'skipped', triesUsed: instance.triesUsed + 1 });
    return;
  }
  const cause = ended.cause ?? 'error';
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
  if (to === 'failed' && draft.live.graph.plan.failFast && spec.teardownOf === undefined) {
    draft.failedFast = true;
  }
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
  if (!keepTeardowns) draft.decision.run = { state: 'failed', cause };
}

/** Airflow's rule: the leaves decide. */
function finishRun(draft: Draft): void {
  const { live, decision } = draft;
  if (live.open > 0 || decision.run) {
    if (decision.run && decision.run.state !== 'queued') addRunCallbacks(draft, decision.run.state);
    return;
  }
  const bad = live.graph.leaves.some((leaf) => {
    const counts = live.counts[leaf];
    return counts !== undefined && counts.failed + counts.upstreamFailed > 0;
  });
  decision.run = { state: bad ? 'failed' : 'success' };
  addRunCallbacks(draft, decision.run.state === 'failed' ? 'failed' : 'success');
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
