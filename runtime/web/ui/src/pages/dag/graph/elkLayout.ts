/** Asks elk, in its worker, where nodes and edges go: fine for what a person can read at once. */
import ELK, { type ElkExtendedEdge, type ElkNode } from 'elkjs/lib/elk-api.js';
import ElkWorker from 'elkjs/lib/elk-worker.min.js?worker';
import type { Layout, PlacedNode } from './placed.ts';
import { sizeOf } from './nodeSize.ts';
import type { ShownGraph, ShownNode } from './visibleGraph.ts';

let elk: InstanceType<typeof ELK> | undefined;

export async function elkLayout(shown: ShownGraph): Promise<Layout> {
  elk ??= new ELK({ workerFactory: () => new ElkWorker() });
  const children = Map.groupBy(shown.nodes, ({ parent }) => parent);
  const inside = (id: string | null) => children.get(id) ?? [];
  const build = (node: ShownNode): ElkNode =>
    node.isOpen
      ? {
          id: node.id,
          children: inside(node.id).map(build),
          layoutOptions: { 'elk.padding': '[top=34,left=14,bottom=14,right=14]' },
        }
      : { id: node.id, ...sizeOf(node) };
  const root: ElkNode = await elk.layout({
    id: 'root',
    layoutOptions: {
      'elk.algorithm': 'layered',
      'elk.direction': 'RIGHT',
      'elk.hierarchyHandling': 'INCLUDE_CHILDREN',
      'elk.json.edgeCoords': 'ROOT',
      'elk.edgeRouting': 'SPLINES',
      'elk.spacing.nodeNode': '16',
      'elk.layered.spacing.nodeNodeBetweenLayers': '44',
      'elk.layered.nodePlacement.strategy': 'BRANDES_KOEPF',
    },
    children: inside(null).map(build),
    edges: shown.edges.map(({ id, from, to }) => ({ id, sources: [from], targets: [to] })),
  });
  const known = new Map(shown.nodes.map((node) => [node.id, node]));
  const nodes: PlacedNode[] = [];
  place(root, 0, 0);
  return {
    nodes,
    edges: (root.edges ?? []).map(placedEdge),
    width: root.width ?? 0,
    height: root.height ?? 0,
  };

  function place({ children = [] }: ElkNode, left: number, top: number): void {
    for (const child of children) {
      const { x = 0, y = 0, width = 0, height = 0 } = child;
      const node = known.get(child.id);
      if (node) nodes.push({ ...node, x: left + x, y: top + y, width, height });
      place(child, left + x, top + y);
    }
  }
}

function placedEdge({ id, sources, targets, sections = [] }: ElkExtendedEdge) {
  return {
    id,
    from: sources[0] ?? '',
    to: targets[0] ?? '',
    points: sections.flatMap(({ startPoint, bendPoints = [], endPoint }) => [
      startPoint,
      ...bendPoints,
      endPoint,
    ]),
  };
}
