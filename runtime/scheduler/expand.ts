/**
 * Turns a mapped task into its instances once the lists it is mapped over are known. Called by
 * evaluate.ts. Only lengths are needed here; the elements themselves are read by the worker.
 */
import type { PlanTask } from '../../src/plan/plan.ts';
import { change, type Draft } from './draft.ts';
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
  if (typeof length === 'string') {
    for (const instance of waiting) {
      change(draft, task, instance, { expect: 'none', to: 'failed', cause: 'map_length' }, length);
    }
    if (live.graph.plan.failFast) draft.failedFast = true;
    return [];
  }
  const all = live.instances[task] ?? [];
  if (length === 0) {
    for (const instance of waiting) change(draft, task, instance, { expect: 'none', to: 'skipped' });
    return [];
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

/** Number of instances, or in words why there is none. */
function mappedLength(live: LiveRun, spec: PlanTask): number | string {
  const map = spec.map;
  if (!map) return 1;
  const lengths: number[] = [];
  for (const [key, source] of Object.entries(map.over)) {
    const length = source.kind === 'literal' ? source.value.length : outputLength(live, source.task);
    if (length === null) {
      return `${spec.id} is mapped over "${key}", but ${source.kind === 'xcom' ? source.task : key} returned no list or mapping`;
    }
    lengths.push(length);
  }
  if (map.combine === 'zip' && new Set(lengths).size > 1) {
    return `${spec.id} zips lists of different lengths: ${lengths.join(', ')}`;
  }
  const length =
    map.combine === 'zip'
      ? (lengths[0] ?? 0)
      : lengths.reduce((product, each) => product * each, 1);
  if (length > map.maxLength) {
    return `${spec.id} would become ${length} instances, more than its limit of ${map.maxLength}`;
  }
  return length;
}

/** Of one task: the length it reported. Of a mapped task: how many of its instances gave an output. */
function outputLength(live: LiveRun, taskId: string): number | null {
  const index = live.graph.indexOf.get(taskId);
  const instances = index === undefined ? [] : (live.instances[index] ?? []);
  const isMapped = index !== undefined && live.graph.tasks[index]?.map !== undefined;
  if (isMapped) {
    return instances.filter(({ state, mapLength }) => state === 'success' && mapLength !== null)
      .length;
  }
  const length = instances[0]?.mapLength ?? null;
  return length === null || length < 0 ? null : length;
}
