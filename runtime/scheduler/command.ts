/**
 * What people ask of a run: cancel, clear, mark. Pure; called by decide.ts with the run freshly read.
 * The commands arrive as events, so they take the same one way into the state as everything else.
 */
import { isTerminal } from '../../src/model/states.ts';
import type { Command } from './decision.ts';
import { change, type Draft, end, endRun } from './draft.ts';
import { type Instance, verdictOfLeaves } from './liveRun.ts';
import { ancestors, descendants } from './planGraph.ts';

export function applyCommand(draft: Draft, command: Command): void {
  if (command.kind === 'cancel') cancel(draft);
  else if (command.kind === 'clear') clear(draft, command);
  else mark(draft, command);
}

function cancel(draft: Draft): void {
  const { live } = draft;
  if (live.run.state !== 'running' && live.run.state !== 'queued') return;
  live.instances.forEach((instances, task) => {
    for (const instance of instances) {
      const begun = ['launching', 'running'].includes(instance.state);
      end(draft, task, instance, begun ? 'failed' : 'skipped', 'cancelled');
    }
  });
  endRun(draft, 'failed', 'cancelled');
}

function clear(draft: Draft, command: Extract<Command, { kind: 'clear' }>): void {
  const { live, decision } = draft;
  for (const { task, instance } of selected(draft, command)) {
    if (command.onlyFailed && !['failed', 'upstream_failed'].includes(instance.state)) continue;
    if (instance.state === 'none' || instance.state === 'removed') continue;
    decision.kills.push({ instanceId: instance.id, cause: 'cancelled' });
    const maxTries = 1 + (live.graph.tasks[task]?.retries.max ?? 0);
    const move = { to: 'none' as const, triesUsed: 0, infraUsed: 0, maxTries, reset: true };
    change(draft, task, instance, { expect: 'any', ...move });
    draft.dirty.add(task);
  }
  const again = live.run.state === 'success' || live.run.state === 'failed';
  // A run that was cancelled before it started has nothing to clear but itself.
  const neverStarted = live.byId.size === 0 && command.tasks.length === 0;
  const isCleared = decision.moves.some(({ reset }) => reset) || neverStarted;
  if (isCleared && (again || command.latestVersion)) {
    decision.run = { state: 'queued', latestVersion: command.latestVersion };
    live.run.state = 'queued';
  }
}

function mark(draft: Draft, command: Extract<Command, { kind: 'mark' }>): void {
  const { live } = draft;
  const wholeRun = command.tasks.length === 0;
  for (const { task, instance } of selected(draft, {
    ...command,
    upstream: false,
    downstream: false,
  })) {
    if (instance.state === 'removed') continue;
    if (wholeRun && isTerminal(instance.state)) continue;
    const begun = ['launching', 'running'].includes(instance.state);
    const to = wholeRun && command.state === 'failed' && !begun ? 'skipped' : command.state;
    if (isTerminal(instance.state)) {
      if (instance.state === to) continue;
      change(draft, task, instance, { expect: 'any', to, cause: 'marked' });
    } else {
      end(draft, task, instance, to, 'marked');
    }
  }
  if (wholeRun) endRun(draft, command.state, 'marked');
  else if (live.run.state === 'success' || live.run.state === 'failed') {
    endRun(draft, command.state === 'failed' ? 'failed' : verdictOfLeaves(live));
  }
}

function selected(
  draft: Draft,
  command: {
    kind: Command['kind'];
    tasks: string[];
    mapIndex?: number;
    upstream: boolean;
    downstream: boolean;
  },
): { task: number; instance: Instance }[] {
  const { live } = draft;
  const { graph } = live;
  const named = command.tasks
    .map((id) => graph.indexOf.get(id))
    .filter((index) => index !== undefined);
  const wanted = command.tasks.length === 0 ? new Set(graph.tasks.keys()) : new Set(named);
  if (command.upstream) for (const index of ancestors(graph, named)) wanted.add(index);
  if (command.downstream) for (const index of descendants(graph, named)) wanted.add(index);
  if (command.kind === 'clear') addScaffold(draft, wanted);
  const result: { task: number; instance: Instance }[] = [];
  const onlyIndex = new Set(command.mapIndex === undefined ? [] : named);
  for (const task of wanted) {
    for (const instance of live.instances[task] ?? []) {
      if (onlyIndex.has(task) && instance.mapIndex !== command.mapIndex) continue;
      result.push({ task, instance });
    }
  }
  return result;
}

/** Work between a setup and its teardown needs both again. */
function addScaffold(draft: Draft, wanted: Set<number>): void {
  const { graph } = draft.live;
  graph.tasks.forEach((task, teardown) => {
    if (task.teardownOf === undefined) return;
    const setups = task.teardownOf
      .map((id) => graph.indexOf.get(id))
      .filter((index) => index !== undefined);
    const above = ancestors(graph, [teardown]);
    const below = descendants(graph, setups);
    const inside = [...wanted].some((index) => above.has(index) && below.has(index));
    if (inside) for (const index of [...setups, teardown]) wanted.add(index);
  });
}
