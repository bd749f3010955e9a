/**
 * Turns a mapped task into its instances once the lists it is mapped over are known. Called by
 * evaluate.ts. Only lengths are needed here; the elements themselves are read by the worker.
 */
import type { PlanTask } from '../../src/plan/plan.ts';
import { change, type Draft, revive } from './draft.ts';
import { addInstance, type Instance, type LiveRun } from './liveRun.ts';

/** The instances that may start now. Instances beyond a shorter list are removed. */
export function expand(
  draft: Draft,
  task: number,
  spec: PlanTask,
  waiting: Instance[],
): Instance[] {
  const { live, decision } = draft;
  const length = mappedLength(live, spec);
  if (length === 'wait') return [];
  if (length === 'missing') {
    for (const instance of waiting) {
      change(draft, task, instance, { expect: 'none', to: 'upstream_failed' });
    }
    return [];
  }
  if (typeof length === 'object') {
    const move = { expect: 'none', to: 'failed', cause: 'map_length' } as const;
    for (const instance of waiting) change(draft, task, instance, move, length.problem);
    return [];
  }
  const all = live.instances[task] ?? [];
  if (length === 0) {
    // One of them stays, to say that the task was skipped.
    waiting.forEach((instance, at) => {
      change(draft, task, instance, { expect: 'none', to: at === 0 ? 'skipped' : 'removed' });
    });
    return [];
  }
  for (const instance of all) {
    const isWanted = instance.mapIndex >= 0 && instance.mapIndex < length;
    if (instance.state !== 'removed' || !isWanted) continue;
    revive(draft, task, instance);
    waiting.push(instance);
  }
  const ready: Instance[] = [];
  for (const instance of waiting) {
    if (instance.mapIndex >= length) {
      change(draft, task, instance, { expect: 'none', to: 'removed' });
    } else {
      if (instance.mapIndex === -1) instance.mapIndex = 0;
      ready.push(instance);
    }
  }
  const present = new Set(all.map(({ mapIndex }) => mapIndex));
  for (let mapIndex = 0; mapIndex < length; mapIndex++) {
    if (present.has(mapIndex)) continue;
    const instance: Instance = {
      id: 0,
      taskId: spec.id,
      mapIndex,
      state: 'none',
      attemptId: null,
      triesUsed: 0,
      infraUsed: 0,
      maxTries: 1 + spec.retries.max,
      choice: null,
      mapLength: null,
    };
    addInstance(live, instance);
    decision.inserts.push(instance);
    ready.push(instance);
  }
  return ready;
}

type Length = number | 'wait' | 'missing' | { problem: string };

/** Number of instances, or why there is none (yet). */
function mappedLength(live: LiveRun, spec: PlanTask): Length {
  const map = spec.map;
  if (!map) return 1;
  const lengths: number[] = [];
  for (const [key, source] of Object.entries(map.over)) {
    const length =
      source.kind === 'literal' ? source.value.length : outputLength(live, source.task);
    if (length === 'wait' || length === 'missing') return length;
    if (length === null) {
      const from = source.kind === 'xcom' ? source.task : key;
      return {
        problem: `${spec.id} is mapped over "${key}", but ${from} returned no list or mapping`,
      };
    }
    lengths.push(length);
  }
  if (map.combine === 'zip' && new Set(lengths).size > 1) {
    return { problem: `${spec.id} zips lists of different lengths: ${lengths.join(', ')}` };
  }
  const length =
    map.combine === 'zip'
      ? (lengths[0] ?? 0)
      : lengths.reduce((product, each) => product * each, 1);
  if (length > map.maxLength) {
    return {
      problem: `${spec.id} would become ${length} instances, more than its limit of ${map.maxLength}`,
    };
  }
  return length;
}

/** Of one task: the length it reported. Of a mapped task: how many of its instances gave an output. */
function outputLength(live: LiveRun, taskId: string): number | null | 'wait' | 'missing' {
  const index = live.graph.indexOf.get(taskId);
  if (index === undefined) return null;
  const instances = live.instances[index] ?? [];
  if ((live.counts[index]?.open ?? 0) > 0) return 'wait';
  if (live.graph.tasks[index]?.map !== undefined) {
    return instances.filter(({ state, mapLength }) => state === 'success' && mapLength !== null)
      .length;
  }
  const source = instances.find(({ state }) => state !== 'removed');
  if (source?.state !== 'success') return 'missing';
  const length = source.mapLength;
  return length === null || length < 0 ? null : length;
}
