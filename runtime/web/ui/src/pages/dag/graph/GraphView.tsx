/** A graph with its places: as SVG while that is quick, else on a canvas. Pan and zoom; states as they are now. */
import { GraphCanvas } from './GraphCanvas.tsx';
import { GraphSvg } from './GraphSvg.tsx';
import type { Layout, PlacedNode } from './placed.ts';

export interface GraphProps {
  layout: Layout;
  /** State of a shown node; undefined: no run is chosen or the task is not in it. */
  stateOf(node: PlacedNode): string | undefined;
  selected: string | undefined;
  onPress(node: PlacedNode): void;
}

/** A browser moves so many nodes and edges of an SVG in a frame. */
const MOST_IN_SVG = 800;

export function GraphView(props: GraphProps) {
  const { nodes, edges } = props.layout;
  return nodes.length + edges.length > MOST_IN_SVG ? (
    <GraphCanvas {...props} />
  ) : (
    <GraphSvg {...props} />
  );
}
