/** A graph whose nodes and edges have places: what the layouts make and the views draw. */
import type { ShownNode } from './visibleGraph.ts';

export interface PlacedNode extends ShownNode {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Layout {
  nodes: PlacedNode[];
  edges: { id: string; from: string; to: string; points: { x: number; y: number }[] }[];
  width: number;
  height: number;
}
