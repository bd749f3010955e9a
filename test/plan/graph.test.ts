/** The graph algorithms of the compiler, on small and on very large graphs. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  findCycle,
  makeGraph,
  notUpstream,
  sumReachable,
  topologicalOrder,
} from '../../src/plan/graph.ts';

/** Random edges between up to 12 tasks, cycles included. */
const anyGraph = fc.integer({ min: 1, max: 12 }).chain((size) =>
  fc.array(fc.uniqueArray(fc.nat({ max: size - 1 }), { maxLength: 4 }), {
    minLength: size,
    maxLength: size,
  }),
);

/** The same without cycles: every edge goes from a lower to a higher number. */
const acyclic = anyGraph.map((upstream) =>
  upstream.map((list, task) => list.filter((before) => before < task)),
);

/** All tasks above each task, by the definition. */
function ancestors(upstream: readonly (readonly number[])[]): Set<number>[] {
  const above = upstream.map((list) => new Set(list));
  for (let changed = true; changed;) {
    changed = false;
    for (const set of above) {
      for (const one of [...set]) {
        for (const more of above[one] ?? []) {
          if (!set.has(more)) changed = Boolean(set.add(more));
        }
      }
    }
  }
  return above;
}

describe('graph', () => {
  it('orders what has no cycle, and finds a real cycle otherwise', () => {
    fc.assert(
      fc.property(anyGraph, (upstream) => {
        const graph = makeGraph(upstream);
        const order = topologicalOrder(graph);
        const cycle = findCycle(graph, order);
        const circular = ancestors(upstream).some((set, task) => set.has(task));
        assert.equal(cycle !== undefined, circular);
        if (!cycle) {
          assert.equal(new Set(order).size, upstream.length);
          const place = new Map(order.map((task, index) => [task, index]));
          upstream.forEach((list, task) => {
            for (const before of list) {
              assert.ok((place.get(before) ?? 0) < (place.get(task) ?? 0));
            }
          });
          return;
        }
        assert.equal(cycle[0], cycle.at(-1));
        for (let index = 1; index < cycle.length; index++) {
          assert.ok(upstream[cycle[index] ?? -1]?.includes(cycle[index - 1] ?? -1));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('sums each reachable task once, with equal and different weights', () => {
    const weighted = acyclic.chain((upstream) =>
      fc.tuple(
        fc.constant(upstream),
        fc.oneof(
          fc.constant(upstream.map(() => 3)),
          fc.array(fc.integer({ min: -9, max: 9 }), {
            minLength: upstream.length,
            maxLength: upstream.length,
          }),
        ),
      ),
    );
    fc.assert(
      fc.property(weighted, ([upstream, weights]) => {
        const order = topologicalOrder(makeGraph(upstream));
        const expected = ancestors(upstream).map((set) =>
          [...set].reduce((sum, task) => sum + (weights[task] ?? 0), 0),
        );
        assert.deepEqual(sumReachable(order, upstream, weights), expected);
      }),
      { numRuns: 500 },
    );
  });

  it('tells which pairs are not upstream', () => {
    fc.assert(
      fc.property(acyclic, (upstream) => {
        const graph = makeGraph(upstream);
        const above = ancestors(upstream);
        const pairs = upstream.flatMap((_, task) =>
          upstream.map((_, ancestor) => ({ task, ancestor })),
        );
        const wrong = new Set(notUpstream(graph, topologicalOrder(graph), pairs));
        for (const pair of pairs) {
          assert.equal(wrong.has(pair), !above[pair.task]?.has(pair.ancestor));
        }
      }),
    );
  });

  it('works across blocks of 4096 tasks', () => {
    const size = 10_000;
    const upstream = Array.from({ length: size }, (_, task) => (task === 0 ? [] : [task - 1]));
    const graph = makeGraph(upstream);
    const order = topologicalOrder(graph);
    const weights = upstream.map((_, task) => (task % 2 === 0 ? 1 : 2));
    const sums = sumReachable(order, upstream, weights);
    assert.equal(sums[size - 1], 5000 + 2 * 4999);
    const pairs = [
      { task: size - 1, ancestor: 0 },
      { task: size - 1, ancestor: 4096 },
      { task: 5000, ancestor: 9000 },
    ];
    assert.deepEqual(notUpstream(graph, order, pairs), [pairs[2]]);
  });
});
