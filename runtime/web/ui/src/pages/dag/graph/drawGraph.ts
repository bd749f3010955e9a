/** Draws the part of a large graph that is in view: names where they can be read, coloured marks from further away. Only paints. */
import { stateColor } from '../../../states.ts';
import type { Layout, PlacedNode } from './placed.ts';
import type { Place } from './usePanZoom.ts';

export interface GraphInk {
  text: string;
  dimmed: string;
  line: string;
  body: string;
  quiet: string;
  accent: string;
}

export interface GraphScene {
  layout: Layout;
  /** Of each node of the layout, in its order. */
  states: readonly (string | undefined)[];
  place: Place;
  width: number;
  height: number;
  selected: string | undefined;
  hover: string | undefined;
  ink: GraphInk;
}

/** From this scale on names are written. */
const READABLE = 0.45;
/** Of an edge thinner than this nobody sees the bend. */
const CURVED = 0.12;
/** One path of ten thousand pieces is painted far more slowly than fifty of two hundred. */
const PIECES = 200;

export function drawGraph(paint: CanvasRenderingContext2D, scene: GraphScene): void {
  const { layout, place, width, height } = scene;
  paint.clearRect(0, 0, width, height);
  paint.save();
  paint.translate(place.x, place.y);
  paint.scale(place.scale, place.scale);
  const left = -place.x / place.scale;
  const top = -place.y / place.scale;
  const view = { left, top, right: left + width / place.scale, bottom: top + height / place.scale };
  const isInView = ({ x, y, width: wide, height: high }: PlacedNode) =>
    x < view.right && x + wide > view.left && y < view.bottom && y + high > view.top;
  layout.nodes.forEach((node) => {
    if (node.isOpen && isInView(node)) drawAround(paint, scene, node);
  });
  drawEdges(paint, scene, view);
  layout.nodes.forEach((node, index) => {
    if (!node.isOpen && isInView(node)) drawNode(paint, scene, node, scene.states[index]);
  });
  paint.restore();
}

function drawAround(
  paint: CanvasRenderingContext2D,
  { place: { scale }, ink, hover }: GraphScene,
  { id, x, y, width, height, label }: PlacedNode,
): void {
  paint.fillStyle = ink.quiet;
  paint.strokeStyle = id === hover ? ink.accent : ink.line;
  paint.lineWidth = 1 / Math.min(1, scale);
  if (scale < READABLE) {
    paint.fillRect(x, y, width, height);
    paint.strokeRect(x, y, width, height);
    return;
  }
  paint.beginPath();
  paint.roundRect(x, y, width, height, 10);
  paint.fill();
  paint.stroke();
  paint.fillStyle = ink.text;
  paint.font = '600 12px ui-monospace, Menlo, Consolas, monospace';
  paint.fillText(`▾ ${label}`, x + 14, y + 21);
}

function drawEdges(
  paint: CanvasRenderingContext2D,
  { layout, place: { scale }, selected, ink }: GraphScene,
  view: { left: number; top: number; right: number; bottom: number },
): void {
  const near: Layout['edges'] = [];
  paint.strokeStyle = ink.dimmed;
  paint.lineWidth = 1.3 / Math.max(scale, Math.min(1, scale * 3));
  paint.globalAlpha = scale < CURVED ? 0.16 : 0.45;
  let pieces = 0;
  paint.beginPath();
  for (const edge of layout.edges) {
    const [start, , , end] = edge.points;
    if (!start || !end) continue;
    if (Math.max(start.x, end.x) < view.left || Math.min(start.x, end.x) > view.right) continue;
    if (Math.max(start.y, end.y) < view.top || Math.min(start.y, end.y) > view.bottom) continue;
    if (selected !== undefined && (edge.from === selected || edge.to === selected)) near.push(edge);
    line(paint, edge.points, scale >= CURVED);
    pieces += 1;
    if (pieces % PIECES > 0) continue;
    paint.stroke();
    paint.beginPath();
  }
  paint.stroke();
  paint.globalAlpha = 1;
  paint.strokeStyle = ink.accent;
  paint.lineWidth = 2 / Math.min(1, scale);
  paint.beginPath();
  for (const { points } of near) line(paint, points, true);
  paint.stroke();
}

function line(
  paint: CanvasRenderingContext2D,
  [start, a, b, end]: Layout['edges'][number]['points'],
  isCurved: boolean,
): void {
  if (!start || !a || !b || !end) return;
  paint.moveTo(start.x, start.y);
  if (isCurved) paint.bezierCurveTo(a.x, a.y, b.x, b.y, end.x, end.y);
  else paint.lineTo(end.x, end.y);
}

function drawNode(
  paint: CanvasRenderingContext2D,
  { place: { scale }, selected, hover, ink }: GraphScene,
  { id, x, y, width, height, label, kind, places }: PlacedNode,
  state: string | undefined,
): void {
  const color = state === undefined ? ink.dimmed : stateColor(state);
  const isMarked = id === selected || id === hover;
  if (scale < READABLE) {
    paint.fillStyle = color;
    paint.globalAlpha = state === 'none' ? 0.45 : 1;
    paint.fillRect(x, y, width, height);
    paint.globalAlpha = 1;
    if (!isMarked) return;
    paint.strokeStyle = ink.accent;
    paint.lineWidth = 3 / scale;
    paint.strokeRect(x, y, width, height);
    return;
  }
  paint.lineWidth = isMarked ? 2 : 1.2;
  paint.strokeStyle = isMarked ? ink.accent : ink.line;
  if (kind === 'group') {
    paint.fillStyle = ink.body;
    paint.beginPath();
    paint.roundRect(x + 4, y + 4, width, height, 8);
    paint.fill();
    paint.stroke();
  }
  paint.fillStyle = ink.body;
  paint.beginPath();
  paint.roundRect(x, y, width, height, 8);
  paint.fill();
  paint.stroke();
  paint.fillStyle = color;
  paint.strokeStyle = color;
  paint.fillRect(x + 0.5, y + 3, 4, height - 6);
  paint.lineWidth = 1;
  paint.beginPath();
  paint.arc(x + 19, y + height / 2, 5.5, 0, 2 * Math.PI);
  if (state !== undefined) paint.fill();
  paint.stroke();
  paint.fillStyle = ink.text;
  paint.font = '12px ui-monospace, Menlo, Consolas, monospace';
  const words = kind === 'group' ? `${label} (${places.length})` : label;
  paint.fillText(shorten(words, width), x + 32, y + height / 2 + 4);
}

/** What fits beside the mark. */
export function shorten(label: string, width: number): string {
  const most = Math.floor((width - 42) / 7);
  return label.length > most ? `${label.slice(0, Math.max(1, most - 1))}…` : label;
}
