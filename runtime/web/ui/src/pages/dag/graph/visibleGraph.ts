/**
 * Which nodes and edges of a graph are shown: closed groups are one node, and near a task there is only what is near. Pure.
 */
import type { Graph } from '../../../api/types.ts';
import { labelIn } from '../labelIn.ts';

/** More than that is not near. */
const MOST_NEAR = 400;

export interface ShownNode {
  id: string;
  label: string;
  kind: 'task' | 'group';
  /** The open group around it. */
  parent: string | null;
  isOpen: boolean;
  /** Places in the graph of the tasks that it stands for. */
  places: number[];
}

export interface ShownGraph {
  nodes: ShownNode[];
  edges: { id: string; from: string; to: string }[];
  /** Tasks that are left out. */
  left: number;
}

interface Choice {
  opened: ReadonlySet<string>;
  /** Show only what is near this task. */
  near?: string;
  hops: number;
}

export function visibleGraph(graph: Graph, { opened, near, hops }: Choice): ShownGraph {
  const isNear = near === undefined ? undefined : neighbourhood(graph, near, hops);
  const parents = new Map(graph.groups.map(({ id, parent }) => [id, parent]));
  const nodes = new Map<string, ShownNode>();
  const shownAs = new Array<string | undefined>(graph.nodes.length);
  let left = 0;
  graph.nodes.forEach((task, place) => {
    if (isNear && !isNear.has(place)) {
      left += 1;
      return;
    }
    // Near a task, groups stand in no one's way.
    const path = isNear ? [] : ancestors(task.group, parents);
    const closed = path.findIndex((id) => !opened.has(id));
    const around = closed < 0 ? path : path.slice(0, closed);
    const group = closed < 0 ? undefined : path[closed];
    const id = group === undefined ? `task ${task.taskId}` : `group ${group}`;
    around.forEach((open, depth) => {
      const parent = depth === 0 ? null : `group ${around[depth - 1]}`;
      put(`group ${open}`, labelIn(around[depth - 1], open), 'group', parent, true, place);
    });
    const last = around.at(-1);
    const parent = last === undefined ? null : `group ${last}`;
    const name = group ?? task.taskId;
    put(
      id,
      isNear ? name : labelIn(last, name),
      group === undefined ? 'task' : 'group',
      parent,
      false,
      place,
    );
    shownAs[place] = id;
  });
  const edges = new Map<string, { id: string; from: string; to: string }>();
  for (const [from, to] of graph.edges) {
    const [source, target] = [shownAs[from], shownAs[to]];
    if (source === undefined || target === undefined || source === target) continue;
    const id = `${source} > ${target}`;
    edges.set(id, { id, from: source, to: target });
  }
  return { nodes: [...nodes.values()], edges: [...edges.values()], left };

  function put(
    id: string,
    label: string,
    kind: ShownNode['kind'],
    parent: string | null,
    isOpen: boolean,
    place: number,
  ): void {
    const known = nodes.get(id);
    if (known) known.places.push(place);
    else nodes.set(id, { id, label, kind, parent, isOpen, places: [place] });
  }
}

/** The groups that have to be open for a task to be seen, outermost first. */
export function groupsAround({ nodes, groups }: Graph, taskId: string): string[] {
  const { group = null } = nodes.find((node) => node.taskId === taskId) ?? {};
  return ancestors(group, new Map(groups.map(({ id, parent }) => [id, parent])));
}

/** Outermost first. */
function ancestors(group: string | null, parents: ReadonlyMap<string, string | null>): string[] {
  const path: string[] = [];
  for (let id = group; id !== null; id = parents.get(id) ?? null) path.unshift(id);
  return path;
}

/** Places within so many edges up or down, nearest first, as many as can be shown. */
export function neighbourhood(graph: Graph, taskId: string, hops: number): Set<number> {
  const start = graph.nodes.findIndex((node) => node.taskId === taskId);
  const found = new Set<number>(start < 0 ? [] : [start]);
  let border = new Set(found);
  for (let hop = 0; hop < hops && border.size > 0; hop += 1) {
    const next = new Set<number>();
    const meet = (place: number) => {
      if (found.has(place) || found.size >= MOST_NEAR) return;
      found.add(place);
      next.add(place);
    };
    for (const [from, to] of graph.edges) {
      if (border.has(from)) meet(to);
      if (border.has(to)) meet(from);
    }
    border = next;
  }
  return found;
}
