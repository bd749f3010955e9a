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
  const leaves: number[] = [];
  tasks.forEach((task, index) => {
    const counts = isTeardown(index) ? task.teardownFailsRun === true : true;
    if (counts && (downstream[index] ?? []).every(isTeardown)) leaves.push(index);
  });
  return {
    versionId,
    plan,
    tasks,
    indexOf,
    upstream,
    downstream,
    leaves: leaves.length > 0 ? leaves : tasks.map((_, index) => index),
    dependsOnPast: tasks.some((task) => task.dependsOnPast),
  };
}

/** Every task reachable downstream of these, themselves excluded unless reached again. */
export function descendants(graph: PlanGraph, from: Iterable<number>): Set<number> {
  const seen = new Set<number>();
  const open = [...from];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const next of graph.downstream[at] ?? []) {
      if (!seen.has(next)) {
        seen.add(next);
        open.push(next);
      }
    }
  }
  return seen;
}

/** Every task from which one of these is reached. */
export function ancestors(graph: PlanGraph, from: Iterable<number>): Set<number> {
  const seen = new Set<number>();
  const open = [...from];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const next of graph.upstream[at] ?? []) {
      if (!seen.has(next)) {
        seen.add(next);
        open.push(next);
      }
    }
  }
  return seen;
}
