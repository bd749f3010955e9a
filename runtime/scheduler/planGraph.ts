/**
 * A plan indexed for decisions: tasks by position, edges as numbers. Made once a version by the tick,
 * shared by all live runs of that version, never changed.
 */
import type { Plan, PlanTask } from '../../src/plan/plan.ts';

export interface PlanGraph {
  versionId: number;
  plan: Omit<Plan, 'tasks'>;
  tasks: PlanTask[];
  indexOf: Map<string, number>;
  upstream: number[][];
  downstream: number[][];
  /** Tasks whose end decides the run: nothing but teardowns comes after them. */
  leaves: number[];
  /** Setups further up whose work a task belongs to: they must have succeeded, whatever its rule says. */
  guards: number[][];
  /** Of a teardown: what lies between its setups and it and must be over first. */
  scopes: number[][];
  /** Whom to look at when a task ends, beside its direct downstream: the two relations above, turned. */
  watchers: number[][];
  dependsOnPast: boolean;
}

export function planGraph(
  versionId: number,
  plan: Omit<Plan, 'tasks'>,
  tasks: PlanTask[],
): PlanGraph {
  const indexOf = new Map(tasks.map((task, index) => [task.id, index]));
  const upstream = tasks.map((task) =>
    task.upstream.map((id) => indexOf.get(id)).filter((index) => index !== undefined),
  );
  const downstream: number[][] = tasks.map(() => []);
  upstream.forEach((above, index) => {
    for (const up of above) downstream[up]?.push(index);
  });
  const isTeardown = (index: number) => tasks[index]?.teardownOf !== undefined;
  const canIgnore = (index: number) => isTeardown(index) && tasks[index]?.teardownFailsRun !== true;
  const leaves: number[] = [];
  tasks.forEach((_, index) => {
    if (!canIgnore(index) && (downstream[index] ?? []).every(canIgnore)) leaves.push(index);
  });
  return {
    versionId,
    plan,
    tasks,
    indexOf,
    upstream,
    downstream,
    leaves: leaves.length > 0 ? leaves : [...tasks.keys()].filter((at) => !downstream[at]?.length),
    dependsOnPast: tasks.some((task) => task.dependsOnPast),
    ...scaffold(tasks, upstream, downstream),
  };
}

/** What setups and teardowns ask for beside the plain edges. Costs nothing in a plan without setups. */
function scaffold(
  tasks: PlanTask[],
  upstream: number[][],
  downstream: number[][],
): Pick<PlanGraph, 'guards' | 'scopes' | 'watchers'> {
  const guards: number[][] = tasks.map(() => []);
  const scopes: number[][] = tasks.map(() => []);
  const watchers: number[][] = tasks.map(() => []);
  const teardownsOf = new Map<string, number[]>();
  tasks.forEach(({ teardownOf = [] }, teardown) => {
    for (const setup of teardownOf) {
      teardownsOf.set(setup, [...(teardownsOf.get(setup) ?? []), teardown]);
    }
  });
  tasks.forEach(({ id, setup }, index) => {
    if (!setup) return;
    const below = reachable(downstream, [index]);
    const teardowns = teardownsOf.get(id) ?? [];
    const above = reachable(upstream, teardowns);
    for (const task of below) {
      if (tasks[task]?.teardownOf !== undefined) continue;
      if (upstream[task]?.includes(index)) continue;
      if (teardowns.length > 0 && !above.has(task)) continue;
      guards[task]?.push(index);
      watchers[index]?.push(task);
    }
    for (const teardown of teardowns) {
      const inside = reachable(upstream, [teardown]);
      for (const task of below) {
        if (!inside.has(task) || upstream[teardown]?.includes(task)) continue;
        scopes[teardown]?.push(task);
        watchers[task]?.push(teardown);
      }
    }
  });
  return { guards, scopes, watchers };
}

/** Every task reachable downstream of these, themselves excluded unless reached again. */
export function descendants(graph: PlanGraph, from: Iterable<number>): Set<number> {
  return reachable(graph.downstream, from);
}

/** Every task from which one of these is reached. */
export function ancestors(graph: PlanGraph, from: Iterable<number>): Set<number> {
  return reachable(graph.upstream, from);
}

function reachable(edges: number[][], from: Iterable<number>): Set<number> {
  const seen = new Set<number>();
  const open = [...from];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const next of edges[at] ?? []) {
      if (!seen.has(next)) {
        seen.add(next);
        open.push(next);
      }
    }
  }
  return seen;
}
