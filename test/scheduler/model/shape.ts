/** Random small DAGs for the model-based test: as fast-check values, and as DAGs of the authoring API. */
import fc from 'fast-check';
import { branch, dag, shortCircuit, typescript, type TriggerRule } from 'podline/dag';
import { TRIGGER_RULES } from '../../../src/model/triggerRules.ts';

export interface TaskShape {
  /** Positions of direct upstream tasks, all smaller than the own. */
  upstream: number[];
  rule: TriggerRule;
  retries: number;
  flow: 'plain' | 'branch' | 'gate';
  /** A literal list of this length, or the output of an upstream task, or not mapped. */
  map: { literal: number } | { over: number } | null;
}

export interface Shape {
  tasks: TaskShape[];
  /** What attempts do, picked by task, map index and number of the attempt. */
  luck: ('good' | 'bad' | 'skip')[];
  maxActiveTasks: number;
  failFast: boolean;
}

export const INFRA_BUDGET = 1;
export const RETRY_DELAY = 10;

const anyRule = fc.oneof(
  { weight: 3, arbitrary: fc.constant<TriggerRule>('all_success') },
  { weight: 2, arbitrary: fc.constantFrom(...TRIGGER_RULES) },
);

const rawTask = fc.record({
  picks: fc.array(fc.nat(7), { maxLength: 3 }),
  rule: anyRule,
  retries: fc.constantFrom(0, 0, 1, 2),
  flow: fc.constantFrom('plain', 'plain', 'plain', 'branch', 'gate'),
  map: fc.oneof(
    { weight: 4, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.record({ literal: fc.integer({ min: 1, max: 3 }) }) },
    { weight: 2, arbitrary: fc.record({ over: fc.nat(7) }) },
  ),
});

export const anyShape: fc.Arbitrary<Shape> = fc
  .record({
    raw: fc.array(rawTask, { minLength: 2, maxLength: 8 }),
    luck: fc.array(fc.constantFrom('good', 'good', 'good', 'bad', 'skip'), {
      minLength: 5,
      maxLength: 11,
    }),
    maxActiveTasks: fc.constantFrom(1, 2, 16),
    failFast: fc.constantFrom(false, false, false, true),
  })
  .map(({ raw, ...rest }) => {
    const tasks: TaskShape[] = [];
    raw.forEach(({ picks, rule, retries, flow, map }, at) => {
      const upstream = new Set(at === 0 ? [] : picks.map((pick) => pick % at));
      let mapped: TaskShape['map'] = null;
      if (flow === 'plain' && map && 'literal' in map) mapped = map;
      else if (flow === 'plain' && map && 'over' in map && at > 0) {
        const over = map.over % at;
        // Only plain tasks give lists.
        if (tasks[over]?.flow === 'plain') {
          upstream.add(over);
          mapped = { over };
        }
      }
      // A mapped task may not ignore what it is mapped over.
      const ruleOf = mapped && 'over' in mapped && rule === 'always' ? 'all_done' : rule;
      tasks.push({
        upstream: [...upstream].sort((a, b) => a - b),
        rule: ruleOf,
        retries,
        flow,
        map: mapped,
      });
    });
    return { tasks, ...rest };
  });

export const idOf = (at: number): string => `t${at}`;

/** Both sides ask here what an attempt does, so that they cannot disagree about it. */
export function luckOf(shape: Shape, task: number, mapIndex: number, number: number) {
  const index = task * 7 + Math.max(0, mapIndex) * 3 + number * 5;
  return shape.luck[index % shape.luck.length] ?? 'good';
}

/** Length of the list that a task gives; null: it gives a number instead. */
export function listOf(shape: Shape, task: number, mapIndex: number): number | null {
  const length = (task * 3 + Math.max(0, mapIndex) + shape.luck.length) % 5;
  return length === 4 ? null : length;
}

export function choiceOf(shape: Shape, task: number): number[] {
  return shape.tasks.flatMap(({ upstream }, at) =>
    upstream.includes(task) && (at + shape.luck.length) % 2 === 0 ? [at] : [],
  );
}

export function gateOf(shape: Shape, task: number): boolean {
  return (task + shape.luck.length) % 2 === 0;
}

const plain = typescript({ run: (): number[] => [] });

export function dagOf(id: string, shape: Shape): object {
  const { tasks, maxActiveTasks, failFast } = shape;
  return dag(id, { maxActiveTasks, failFast }, (d) => {
    const made: { output: unknown }[] = [];
    tasks.forEach(({ upstream, rule, retries, flow, map }, at) => {
      const options = {
        after: upstream.map(idOf),
        triggerRule: rule,
        retries: { max: retries, delay: RETRY_DELAY, infrastructure: INFRA_BUDGET },
      };
      if (map) {
        const list =
          'literal' in map
            ? Array.from({ length: map.literal }, (_, n) => n)
            : made[map.over]?.output;
        made.push(d.map(idOf(at), { n: list as number[] }, () => plain, options));
      } else if (flow === 'branch') {
        made.push(d.task(idOf(at), branch({ run: () => [] }), options));
      } else if (flow === 'gate') {
        made.push(d.task(idOf(at), shortCircuit({ run: () => true }), options));
      } else made.push(d.task(idOf(at), plain, options));
    });
  });
}
