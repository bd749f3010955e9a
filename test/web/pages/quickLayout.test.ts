/** Places of large graphs: nothing on top of anything, edges lead to the right, groups hold what is in them. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { quickLayout } from '../../../runtime/web/ui/src/pages/dag/graph/quickLayout.ts';
import type {
  ShownGraph,
  ShownNode,
} from '../../../runtime/web/ui/src/pages/dag/graph/visibleGraph.ts';

const node = (id: string, parent: string | null = null, isOpen = false): ShownNode => ({
  ...{ id, label: id, kind: isOpen ? 'group' : 'task', parent, isOpen, places: [0] },
});
const graph = (nodes: ShownNode[], edges: [string, string][]): ShownGraph => ({
  ...{ nodes, left: 0 },
  edges: edges.map(([from, to]) => ({ id: `${from} > ${to}`, from, to })),
});

describe('places of a large graph', () => {
  it('go to the right along edges, and no two are at the same place', () => {
    const edges = fc.array(fc.tuple(fc.nat(29), fc.nat(29)), { maxLength: 60 });
    fc.assert(
      fc.property(edges, (pairs) => {
        const nodes = Array.from({ length: 30 }, (_, n) => node(`t${n}`));
        const forward = pairs
          .filter(([a, b]) => a !== b)
          .map(([a, b]): [string, string] => [`t${Math.min(a, b)}`, `t${Math.max(a, b)}`]);
        const layout = quickLayout(graph(nodes, forward));
        assert.equal(layout.nodes.length, 30);
        for (const { points } of layout.edges) {
          assert.ok((points.at(-1)?.x ?? 0) > (points[0]?.x ?? 0));
        }
        for (const a of layout.nodes) {
          assert.ok(a.x >= 0 && a.y >= -0.01, `${a.id} at ${a.x} ${a.y}`);
          assert.ok(a.x + a.width <= layout.width + 0.01);
          assert.ok(a.y + a.height <= layout.height + 0.01);
          for (const b of layout.nodes) {
            if (a.id === b.id || a.x >= b.x + b.width || b.x >= a.x + a.width) continue;
            assert.ok(a.y + a.height <= b.y + 0.01 || b.y + b.height <= a.y + 0.01);
          }
        }
      }),
      { numRuns: 50 },
    );
  });

  it('of open groups are around what is in them, also where groups hang on one another in a circle', () => {
    const nodes = [
      ...[node('a', null, true), node('b', null, true), node('a.in', 'a', true)],
      ...[node('a.1', 'a'), node('a.in.2', 'a.in'), node('b.1', 'b'), node('b.2', 'b')],
    ];
    const { nodes: placed } = quickLayout(
      graph(nodes, [
        ['a.1', 'b.1'],
        ['b.2', 'a.in.2'],
        ['a.1', 'a.in.2'],
      ]),
    );
    const known = new Map(placed.map((one) => [one.id, one]));
    for (const one of placed) {
      const around = one.parent === null ? undefined : known.get(one.parent);
      if (!around) continue;
      assert.ok(one.x >= around.x && one.y > around.y, one.id);
      assert.ok(one.x + one.width <= around.x + around.width, one.id);
      assert.ok(one.y + one.height <= around.y + around.height, one.id);
    }
    assert.equal(placed.length, nodes.length);
  });

  it('of ten thousand behind one are a block, not a tower', () => {
    const many = Array.from({ length: 10_000 }, (_, n) => `t${n}`);
    const { width, height } = quickLayout(
      graph(
        ['hub', ...many].map((id) => node(id)),
        many.map((id) => ['hub', id]),
      ),
    );
    assert.ok(width / height > 0.5 && width / height < 4, `${width} x ${height}`);
  });
});
