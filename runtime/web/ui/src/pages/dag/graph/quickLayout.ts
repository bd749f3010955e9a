/**
 * Places for graphs that are too large for elk: ten thousand tasks in a moment. Layers by the longest way from the left,
 * crossings made fewer by a few sweeps, open groups arranged from the inside out. Pure; quickWorker.ts runs it.
 */
import { arrange, type Box } from './arrange.ts';
import type { Layout, PlacedNode } from './placed.ts';
import { sizeOf } from './nodeSize.ts';
import type { ShownGraph, ShownNode } from './visibleGraph.ts';

const PADDING = { top: 34, side: 14, bottom: 14 };

interface Inside extends Box {
  /** Places of what is directly inside, in its order. */
  places: { x: number; y: number }[];
}

export function quickLayout(shown: ShownGraph): Layout {
  const children = Map.groupBy(shown.nodes, ({ parent }) => parent);
  const edges = edgesByLevel(shown);
  const insides = new Map<string | null, Inside>();
  const nodes: PlacedNode[] = [];
  const known = new Map<string, PlacedNode>();
  const { width, height } = measure(null);
  put(null, 0, 0);
  return {
    nodes,
    edges: shown.edges.map(({ id, from, to }) => ({
      ...{ id, from, to },
      points: curve(known.get(from), known.get(to)),
    })),
    width,
    height,
  };

  /** Size of a group, or of the whole, by what is in it. */
  function measure(group: string | null): Box {
    const inside = children.get(group) ?? [];
    const boxes = inside.map((node) => (node.isOpen ? measure(node.id) : sizeOf(node)));
    const indices = new Map(inside.map(({ id }, index) => [id, index]));
    const links = (edges.get(group) ?? []).flatMap(([from, to]): [number, number][] => {
      const [a, b] = [indices.get(from), indices.get(to)];
      return a === undefined || b === undefined ? [] : [[a, b]];
    });
    const { places, ...size } = arrange(boxes, links);
    const around =
      group === null
        ? size
        : {
            width: size.width + 2 * PADDING.side,
            height: size.height + PADDING.top + PADDING.bottom,
          };
    insides.set(group, { ...around, places });
    return around;
  }

  function put(group: string | null, left: number, top: number): void {
    const { places = [] } = insides.get(group) ?? {};
    children.get(group)?.forEach((node, index) => {
      const { x, y } = places[index] ?? { x: 0, y: 0 };
      const size = node.isOpen ? insides.get(node.id) : sizeOf(node);
      const { width, height } = size ?? { width: 0, height: 0 };
      const placed = { ...node, x: left + x, y: top + y, width, height };
      nodes.push(placed);
      known.set(node.id, placed);
      if (node.isOpen) put(node.id, placed.x + PADDING.side, placed.y + PADDING.top);
    });
  }
}

/** Each edge at the level where its ends part: between two tasks of a group, or between the groups around them. */
function edgesByLevel({ nodes, edges }: ShownGraph): Map<string | null, [string, string][]> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const paths = new Map<string, string[]>();
  const pathOf = (node: ShownNode | undefined): string[] => {
    if (!node) return [];
    const found = paths.get(node.id);
    if (found) return found;
    const around = node.parent === null ? [] : pathOf(byId.get(node.parent));
    const path = [...around, node.id];
    paths.set(node.id, path);
    return path;
  };
  const levels = new Map<string | null, Map<string, [string, string]>>();
  for (const { from, to } of edges) {
    const [a, b] = [pathOf(byId.get(from)), pathOf(byId.get(to))];
    let depth = 0;
    while (a[depth] !== undefined && a[depth] === b[depth]) depth += 1;
    const [one, other] = [a[depth], b[depth]];
    if (one === undefined || other === undefined) continue;
    const level = depth === 0 ? null : (a[depth - 1] ?? null);
    const known = levels.get(level) ?? new Map<string, [string, string]>();
    known.set(`${one} > ${other}`, [one, other]);
    levels.set(level, known);
  }
  return new Map([...levels].map(([level, known]) => [level, [...known.values()]]));
}

/** From the right side of one to the left side of the other. */
function curve(from: PlacedNode | undefined, to: PlacedNode | undefined) {
  if (!from || !to) return [];
  const start = { x: from.x + from.width, y: from.y + from.height / 2 };
  const end = { x: to.x, y: to.y + to.height / 2 };
  const bend = Math.max(20, Math.abs(end.x - start.x) / 2);
  return [start, { x: start.x + bend, y: start.y }, { x: end.x - bend, y: end.y }, end];
}
