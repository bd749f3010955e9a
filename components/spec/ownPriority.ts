/**
 * The weights that an author gave to the tasks, found again from the effective ones of a plan: a new task at the
 * end of a DAG changes the effective weight of everything before it, and nobody wants to read that. Pure.
 */
import { type Graph, makeGraph, sumReachable } from '../../src/plan/graph.ts';
import type { Plan } from '../../src/plan/plan.ts';

export type PriorityRule = 'downstream' | 'upstream' | 'absolute';

export interface OwnPriorities {
  rule: PriorityRule;
  /** In the order of the plan's tasks. Null: the DAG is too large to tell. */
  weights: number[] | null;
}

/** The usual rule first: it wins where several explain the plan. */
const RULES: readonly PriorityRule[] = ['downstream', 'absolute', 'upstream'];
/** What each of n tasks reaches is n x n / 2 numbers in the worst case, a chain. */
const LARGEST = 1000;

export function ownPriorities({ tasks }: Pick<Plan, 'tasks'>): OwnPriorities {
  const index = new Map(tasks.map(({ id }, at) => [id, at]));
  const upstream = tasks.map((task) => task.upstream.map((id) => index.get(id) ?? 0));
  const graph = makeGraph(upstream);
  const effective = tasks.map(({ priority }) => priority);
  const ones = tasks.map(() => 1);
  for (const rule of RULES) {
    const added = addedBy(rule, graph, ones);
    if (effective.every((weight, at) => weight === 1 + (added[at] ?? 0))) {
      return { rule, weights: ones };
    }
  }
  if (tasks.length > LARGEST) return { rule: 'downstream', weights: null };
  // No rule makes these of ones alone: the one that needs the fewest other weights is the author's.
  let best: { rule: PriorityRule; weights: number[]; others: number } | undefined;
  for (const rule of RULES) {
    const weights = undo(rule, graph, effective);
    const others = weights.filter((weight) => weight !== 1).length;
    if (best === undefined || others < best.others) best = { rule, weights, others };
  }
  return { rule: best?.rule ?? 'downstream', weights: best?.weights ?? effective };
}

function addedBy(rule: PriorityRule, graph: Graph, weights: readonly number[]): number[] {
  if (rule === 'absolute') return weights.map(() => 0);
  return rule === 'downstream'
    ? sumReachable(backwards(weights), graph.downstream, weights)
    : sumReachable(forwards(weights), graph.upstream, weights);
}

/** What is left of each effective weight when those of all tasks that count into it are taken off. */
function undo(rule: PriorityRule, graph: Graph, effective: readonly number[]): number[] {
  if (rule === 'absolute') return [...effective];
  const next = rule === 'downstream' ? graph.downstream : graph.upstream;
  const order = rule === 'downstream' ? backwards(effective) : forwards(effective);
  const weights = effective.map(() => 0);
  const reached: Set<number>[] = [];
  for (const task of order) {
    const all = new Set<number>();
    for (const neighbour of next[task] ?? []) {
      all.add(neighbour);
      for (const further of reached[neighbour] ?? []) all.add(further);
    }
    reached[task] = all;
    let own = effective[task] ?? 0;
    for (const other of all) own -= weights[other] ?? 0;
    weights[task] = own;
  }
  return weights;
}

/** Plans list their tasks in topological order. */
function forwards(tasks: readonly unknown[]): number[] {
  return tasks.map((_task, at) => at);
}

function backwards(tasks: readonly unknown[]): number[] {
  return forwards(tasks).reverse();
}
