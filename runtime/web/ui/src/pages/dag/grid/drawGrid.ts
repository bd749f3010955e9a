/** Draws the part of the grid that is in view: runs from left to right, tasks from top to bottom. Only paints. */
import { weightiest } from '../../../../../../../src/model/weightiest.ts';
import type { LiveGrid } from '../../../api/mergeGrid.ts';
import { stateColor } from '../../../states.ts';
import { spanOf } from '../../../time.ts';
import { type GridRow, rowState } from './gridRows.ts';

export const SIZES = { cell: 18, row: 22, head: 74, names: 230 } as const;
const BAR_PIXELS = 48;
const INDENT = 14;

export interface Cursor {
  /** Place in runs as drawn, oldest first; -1: the names. */
  column: number;
  /** -1: the bars of the runs. */
  row: number;
}

export interface View {
  grid: LiveGrid;
  /** Oldest first. */
  runs: LiveGrid['runs'];
  rows: readonly GridRow[];
  /** The longest run that ended, in milliseconds: the highest bar. */
  longest: number;
  left: number;
  top: number;
  width: number;
  height: number;
  names: number;
  /** Place of the mapped task that is open, and the run that it is shown of. */
  opened: number | undefined;
  openRun: string | undefined;
  cursor: Cursor;
  hover: Cursor | undefined;
  ink: { text: string; dimmed: string; line: string; body: string; quiet: string; accent: string };
  now: number;
}

export function drawGrid(paint: CanvasRenderingContext2D, view: View): void {
  const { rows, runs, left, top, width, height, names, ink } = view;
  paint.clearRect(0, 0, width, height);
  paint.textBaseline = 'middle';
  const firstColumn = Math.max(0, Math.floor(left / SIZES.cell));
  const lastColumn = Math.min(runs.length - 1, Math.ceil((left + width - names) / SIZES.cell));
  const firstRow = Math.max(0, Math.floor(top / SIZES.row));
  const lastRow = Math.min(rows.length - 1, Math.ceil((top + height - SIZES.head) / SIZES.row));
  const xOf = (column: number) => names + column * SIZES.cell - left;
  const yOf = (row: number) => SIZES.head + row * SIZES.row - top;

  const marked = [view.hover, view.cursor];
  paint.fillStyle = ink.quiet;
  for (const mark of marked) {
    if (!mark) continue;
    if (mark.row >= 0) paint.fillRect(0, yOf(mark.row), width, SIZES.row);
    if (mark.column >= 0) paint.fillRect(xOf(mark.column), 0, SIZES.cell, height);
  }
  for (let column = firstColumn; column <= lastColumn; column += 1) {
    const run = runs[column];
    if (!run) continue;
    for (let row = firstRow; row <= lastRow; row += 1) {
      const shown = rows[row];
      if (!shown) continue;
      drawCell(paint, view, run, shown, xOf(column), yOf(row));
      const isOpen = shown.kind === 'task' && shown.place === view.opened;
      if (isOpen && run.runId === view.openRun) frame(paint, ink.accent, xOf(column), yOf(row));
    }
  }
  if (view.cursor.row >= 0 && view.cursor.column >= 0) {
    frame(paint, ink.accent, xOf(view.cursor.column), yOf(view.cursor.row));
  }
  drawNames(paint, view, firstRow, lastRow, yOf);
  drawBars(paint, view, firstColumn, lastColumn, xOf);
}

function frame(paint: CanvasRenderingContext2D, color: string, x: number, y: number): void {
  paint.strokeStyle = color;
  paint.lineWidth = 2;
  paint.strokeRect(x + 1, y + 3, SIZES.cell - 2, SIZES.row - 6);
}

function drawCell(
  paint: CanvasRenderingContext2D,
  { grid }: View,
  run: LiveGrid['runs'][number],
  row: GridRow,
  x: number,
  y: number,
): void {
  const state = rowState(grid, run, row);
  if (state === undefined) return;
  const counts = row.kind === 'task' ? run.mapped[row.place] : undefined;
  if (counts && Object.keys(counts).length > 1) {
    drawMapped(paint, counts, x + 3, y + 5);
    return;
  }
  paint.fillStyle = stateColor(state);
  paint.globalAlpha = row.kind === 'group' && row.isOpen ? 0.35 : 1;
  paint.beginPath();
  paint.roundRect(x + 3, y + 5, SIZES.cell - 6, SIZES.row - 10, row.kind === 'group' ? 6 : 3);
  if (state === 'none') {
    paint.strokeStyle = stateColor(state);
    paint.lineWidth = 1;
    paint.stroke();
  } else paint.fill();
  paint.globalAlpha = 1;
}

/** Instances of a mapped task in several states: each has its share of the cell, what matters most at the bottom. */
function drawMapped(
  paint: CanvasRenderingContext2D,
  counts: LiveGrid['runs'][number]['mapped'][string],
  left: number,
  top: number,
): void {
  const [width, height] = [SIZES.cell - 6, SIZES.row - 10];
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const most = weightiest(Object.keys(counts));
  paint.save();
  paint.beginPath();
  paint.roundRect(left, top, width, height, 3);
  paint.clip();
  let y = top;
  for (const [state, count] of Object.entries(counts)) {
    if (state === most) continue;
    const share = Math.min(height - 4, Math.max(3, (count / total) * height));
    paint.fillStyle = stateColor(state);
    paint.fillRect(left, y, width, share);
    y += share;
  }
  // At least a third of the cell, however many others there are: one failure in a thousand has to be seen.
  y = Math.min(y, top + height - height / 3);
  paint.fillStyle = stateColor(most ?? 'none');
  paint.fillRect(left, y, width, top + height - y);
  paint.restore();
}

function drawNames(
  paint: CanvasRenderingContext2D,
  { rows, height, names, ink, cursor, hover, grid, opened }: View,
  first: number,
  last: number,
  yOf: (row: number) => number,
): void {
  paint.fillStyle = ink.body;
  paint.fillRect(0, 0, names - 4, height);
  for (let place = first; place <= last; place += 1) {
    const row = rows[place];
    if (!row) continue;
    if (place === cursor.row || place === hover?.row) {
      paint.fillStyle = ink.quiet;
      paint.fillRect(0, yOf(place), names - 4, SIZES.row);
    }
    const isGroup = row.kind === 'group';
    const task = isGroup ? undefined : grid.tasks[row.place];
    paint.fillStyle = task?.isGone ? ink.dimmed : ink.text;
    paint.font = `${isGroup ? 600 : 400} 12px ui-monospace, Menlo, Consolas, monospace`;
    const x = 8 + row.depth * INDENT;
    const y = yOf(place) + SIZES.row / 2;
    const isOpen = isGroup ? row.isOpen : row.place === opened;
    const sign = isGroup || task?.isMapped ? (isOpen ? '▾ ' : '▸ ') : '';
    const suffix =
      isGroup && names >= SIZES.names ? ` (${row.places.length})` : task?.isMapped ? ' [ ]' : '';
    paint.fillText(clip(paint, sign + row.label + suffix, names - x - 12), x, y);
  }
}

function clip(paint: CanvasRenderingContext2D, text: string, width: number): string {
  if (paint.measureText(text).width <= width) return text;
  const letters = Math.max(1, Math.floor(width / paint.measureText('m').width) - 1);
  return `${text.slice(0, letters)}…`;
}

function drawBars(
  paint: CanvasRenderingContext2D,
  { runs, longest, width, names, ink, now }: View,
  first: number,
  last: number,
  xOf: (column: number) => number,
): void {
  paint.fillStyle = ink.body;
  paint.fillRect(0, 0, width, SIZES.head - 4);
  const spanAt = ({ startedAt, endedAt }: LiveGrid['runs'][number]) =>
    spanOf(startedAt, endedAt, now) ?? 0;
  paint.save();
  paint.beginPath();
  paint.rect(names - 2, 0, width, SIZES.head);
  paint.clip();
  for (let column = first; column <= last; column += 1) {
    const run = runs[column];
    if (!run) continue;
    const height = 6 + (BAR_PIXELS - 6) * Math.min(1, spanAt(run) / longest);
    paint.fillStyle = stateColor(run.state);
    paint.beginPath();
    paint.roundRect(xOf(column) + 4, SIZES.head - 12 - height, SIZES.cell - 8, height, 2);
    paint.fill();
  }
  paint.restore();
  paint.fillStyle = ink.line;
  paint.fillRect(0, SIZES.head - 6, width, 1);
  paint.fillStyle = ink.dimmed;
  paint.font = '11px system-ui, sans-serif';
  paint.fillText('Runs, oldest left', 8, SIZES.head - 20);
}
