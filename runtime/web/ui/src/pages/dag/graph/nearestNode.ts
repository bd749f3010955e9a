/** Nodes of a large graph by place: which one is below a point, and which comes next in a direction. Pure. */
import type { Layout, PlacedNode } from './placed.ts';

/** The innermost: tasks lie on the groups around them. */
export function nodeAt({ nodes }: Layout, x: number, y: number): PlacedNode | undefined {
  let around: PlacedNode | undefined;
  for (const node of nodes) {
    if (x < node.x || y < node.y || x > node.x + node.width || y > node.y + node.height) continue;
    if (!node.isOpen) return node;
    // Groups inside others come behind them.
    around = node;
  }
  return around;
}

export type Direction = 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown';

/** Across the direction counts thrice: what lies straight ahead is meant. */
const ACROSS = 3;

export function nextNode(
  { nodes }: Layout,
  from: PlacedNode | undefined,
  direction: Direction,
): PlacedNode | undefined {
  const start = from ? middle(from) : { x: 0, y: 0 };
  let best: PlacedNode | undefined;
  let least = Infinity;
  for (const node of nodes) {
    if (node.isOpen || node.id === from?.id) continue;
    const { x, y } = middle(node);
    const [ahead, across] = {
      ArrowLeft: [start.x - x, y - start.y],
      ArrowRight: [x - start.x, y - start.y],
      ArrowUp: [start.y - y, x - start.x],
      ArrowDown: [y - start.y, x - start.x],
    }[direction] as [number, number];
    if (ahead <= 1 && from) continue;
    const far = Math.abs(ahead) + ACROSS * Math.abs(across);
    if (far >= least) continue;
    least = far;
    best = node;
  }
  return best;
}

function middle({ x, y, width, height }: PlacedNode) {
  return { x: x + width / 2, y: y + height / 2 };
}
