/**
 * The grid as one canvas: thousands of cells scroll without a DOM node each. Mouse and keyboard mark a cell, Enter or a
 * click opens it, and a line below says it in words, for eyes and screen readers alike.
 */
import { Text } from '@mantine/core';
import { useElementSize, useMergedRef } from '@mantine/hooks';
import { useComputedColorScheme } from '@mantine/core';
import { type KeyboardEvent, type MouseEvent, useEffect, useMemo, useRef, useState } from 'react';
import type { LiveGrid } from '../../../api/mergeGrid.ts';
import { spanOf } from '../../../time.ts';
import { useNow } from '../../../useNow.ts';
import { type Cursor, drawGrid, SIZES } from './drawGrid.ts';
import type { GridRow } from './gridRows.ts';
import { cellWords } from './cellWords.ts';
import classes from './grid.module.css';
import type { OpenTask } from './instances/openTask.ts';
import { inkOf } from './ink.ts';
import { useHeldScroll } from './useHeldScroll.ts';

interface Props {
  grid: LiveGrid;
  rows: readonly GridRow[];
  /** The mapped task that is open, and in which run. */
  opened: OpenTask | undefined;
  /** The keyboard has gone there. */
  onMark(run: LiveGrid['runs'][number] | undefined, row: GridRow | undefined): void;
  onOpen(run: LiveGrid['runs'][number] | undefined, row: GridRow | undefined): void;
}

const STEPS: Record<string, Partial<Cursor>> = {
  ArrowLeft: { column: -1 },
  ArrowRight: { column: 1 },
  ArrowUp: { row: -1 },
  ArrowDown: { row: 1 },
  PageUp: { row: -15 },
  PageDown: { row: 15 },
  Home: { column: -Infinity },
  End: { column: Infinity },
};

/** Where the focus goes back to. */
export const GRID_ID = 'grid-of-runs';

export function GridCanvas({ grid, rows, opened, onOpen, onMark }: Props) {
  const runs = useMemo(() => [...grid.runs].reverse(), [grid]);
  const scheme = useComputedColorScheme('light');
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const { ref: sized, width, height } = useElementSize<HTMLDivElement>();
  const merged = useMergedRef(box, sized);
  const [scroll, setScroll] = useState({ left: 0, top: 0 });
  // By its run: columns move when runs come.
  const [marked, setMarked] = useState({ runId: runs.at(-1)?.runId, row: 0 });
  const column = runs.findIndex(({ runId }) => runId === marked.runId);
  // A search or a closed group leaves fewer rows.
  const row = Math.min(marked.row, rows.length - 1);
  const cursor = useMemo<Cursor>(() => ({ column, row }), [column, row]);
  const setCursor = ({ column, row }: Cursor) => setMarked({ runId: runs[column]?.runId, row });
  const [hover, setHover] = useState<Cursor>();
  const isLive = runs.some(({ endedAt }) => endedAt === null);
  const now = useNow(isLive);
  // Of those that ended: one that hangs would make all others flat.
  const longest = useMemo(
    () => Math.max(1, ...runs.map(({ startedAt, endedAt }) => endedSpan(startedAt, endedAt))),
    [runs],
  );
  const openPlace = opened?.place;
  const openRun = opened?.run.runId;
  const names = width < 520 ? 130 : SIZES.names;

  // The newest runs are what one comes for.
  const onScrolled = useHeldScroll(box, runs, width);

  useEffect(() => {
    const element = canvas.current;
    const paint = element?.getContext('2d');
    if (!element || !paint || width === 0) return;
    const scale = window.devicePixelRatio;
    // A new size empties the canvas and costs its memory anew: only when it is one.
    const [wide, high] = [Math.round(width * scale), Math.round(height * scale)];
    if (element.width !== wide) element.width = wide;
    if (element.height !== high) element.height = high;
    paint.setTransform(scale, 0, 0, scale, 0, 0);
    const ink = inkOf(element);
    const view = { grid, runs, rows, longest, ...scroll, width, height, names, cursor, hover, now };
    drawGrid(paint, { ...view, ink, opened: openPlace, openRun });
  }, [
    openPlace,
    openRun,
    grid,
    runs,
    rows,
    longest,
    scroll,
    width,
    height,
    names,
    cursor,
    hover,
    scheme,
    now,
  ]);

  const placeOf = (event: MouseEvent): Cursor => {
    const { left, top } = event.currentTarget.getBoundingClientRect();
    const x = event.clientX - left;
    const y = event.clientY - top;
    return {
      column: x < names ? -1 : Math.floor((x - names + scroll.left) / SIZES.cell),
      row: y < SIZES.head ? -1 : Math.floor((y - SIZES.head + scroll.top) / SIZES.row),
    };
  };
  const openAt = ({ column, row }: Cursor) => onOpen(runs[column], rows[row]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      openAt(cursor);
      return;
    }
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    const within = (value: number, most: number) => Math.min(Math.max(value, -1), most - 1);
    const next = {
      column: within(cursor.column + (step.column ?? 0), runs.length),
      row: within(cursor.row + (step.row ?? 0), rows.length),
    };
    setCursor(next);
    onMark(runs[next.column], rows[next.row]);
    show(box.current, next, names);
  };
  const said = hover ?? cursor;
  return (
    <>
      <div
        ref={merged}
        className={classes.box}
        style={{ height: `min(62vh, ${SIZES.head + rows.length * SIZES.row + 18}px)` }}
        onScroll={({ currentTarget: { scrollLeft, scrollTop } }) => {
          onScrolled(scrollLeft);
          setScroll({ left: scrollLeft, top: scrollTop });
        }}
        onKeyDown={onKeyDown}
        id={GRID_ID}
        tabIndex={0}
        role="application"
        aria-label="Runs and tasks; arrow keys, Home and End move, Enter opens"
        data-testid="grid"
        data-newest={runs.at(-1)?.runId}
      >
        <canvas
          ref={canvas}
          className={classes.canvas}
          style={{ width, height }}
          onMouseMove={(event) => setHover(placeOf(event))}
          onMouseLeave={() => setHover(undefined)}
          onClick={(event) => {
            const place = placeOf(event);
            setCursor(place);
            openAt(place);
          }}
        />
        <div
          style={{
            width: names + runs.length * SIZES.cell + 12,
            height: SIZES.head + rows.length * SIZES.row,
            marginTop: -height,
          }}
        />
      </div>
      <Text size="xs" c="dimmed" mt={6} mih={20} role="status" data-testid="grid-words">
        {cellWords(grid, runs[said.column], rows[said.row])}
      </Text>
    </>
  );
}

function endedSpan(startedAt: string | null, endedAt: string | null): number {
  return endedAt === null ? 0 : (spanOf(startedAt, endedAt, 0) ?? 0);
}

/** Scrolls just as far as it takes to see the cell. */
function show(box: HTMLDivElement | null, { column, row }: Cursor, names: number): void {
  if (!box) return;
  const x = column * SIZES.cell;
  const y = row * SIZES.row;
  const width = box.clientWidth - names - SIZES.cell;
  const height = box.clientHeight - SIZES.head - SIZES.row;
  box.scrollLeft = Math.min(Math.max(box.scrollLeft, x - width), Math.max(0, x));
  box.scrollTop = Math.min(Math.max(box.scrollTop, y - height), Math.max(0, y));
}
