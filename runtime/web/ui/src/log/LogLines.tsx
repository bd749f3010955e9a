/**
 * The lines of a log window, of which only those in view exist. Keeps the place of the reader when lines come in before it,
 * stays at the end while it follows, and asks for more near an edge. Used by LogView.
 */
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, useRef } from 'react';
import { type Level, levelOf } from './level.ts';
import { LogText } from './LogLine.tsx';
import { isFull, type LogLine, type WindowState } from './logWindow.ts';
import classes from './log.module.css';

const LINE_PIXELS = 20;
const NEAR_LINES = 100;

interface Props {
  state: WindowState;
  lines: readonly LogLine[];
  isWrapped: boolean;
  isFollowing: boolean;
  find: string;
  /** Offset of the line that a link or a search names. */
  chosen: number | null;
  linkOf(offset: number): string;
  onChoose(offset: number): void;
  onNear(edge: 'before' | 'after'): void;
  /** The reader scrolled away from the end. */
  onLeaveEnd(): void;
}

export function LogLines(props: Props) {
  const { state, lines, isWrapped, isFollowing, find, chosen, onNear } = props;
  const view = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: lines.length,
    getScrollElement: () => view.current,
    estimateSize: () => LINE_PIXELS,
    getItemKey: (place) => lines[place]?.offset ?? place,
    overscan: 30,
  });
  const items = rows.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;

  useLayoutEffect(() => {
    const box = view.current;
    if (!box || state.prepended === 0 || lines !== state.lines) return;
    box.scrollTop += state.prepended * LINE_PIXELS;
  }, [state, lines]);

  useLayoutEffect(() => {
    if (isFollowing && lines.length > 0) rows.scrollToIndex(lines.length - 1, { align: 'end' });
  }, [isFollowing, lines.length, isWrapped, rows]);

  const place = chosen === null ? -1 : placeOf(lines, chosen);
  useEffect(() => {
    if (place >= 0) rows.scrollToIndex(place, { align: 'center' });
    // Only when another line is chosen, not when lines come in before it.
  }, [chosen, place >= 0, rows]);

  // Of a level there may be so few lines that both edges stay near: then only a reader who scrolls moves a full window.
  const waitsForReader = lines !== state.lines && isFull(state);
  const grow = () => {
    if (first < NEAR_LINES && !isFollowing) onNear('before');
    if (last > lines.length - NEAR_LINES) onNear('after');
  };
  useEffect(() => {
    if (!waitsForReader) grow();
  }, [first, last, lines.length, state.start, state.end, isFollowing, onNear, waitsForReader]);

  return (
    <div
      ref={view}
      className={`${classes.view} ${isWrapped ? classes.wrap : ''}`}
      tabIndex={0}
      role="log"
      aria-label="Log"
      aria-live="off"
      data-testid="log"
      onScroll={() => waitsForReader && grow()}
      onWheel={({ deltaY }) => deltaY < 0 && props.onLeaveEnd()}
      onKeyDown={({ key }) => ['PageUp', 'ArrowUp', 'Home'].includes(key) && props.onLeaveEnd()}
    >
      <div style={{ height: rows.getTotalSize(), position: 'relative' }}>
        {items.map(({ index, start, key }) => {
          const line = lines[index];
          if (!line) return null;
          const level: Level = levelOf(line.text);
          return (
            <div
              key={key}
              data-index={index}
              ref={isWrapped ? rows.measureElement : undefined}
              className={`${classes.line} ${classes[level] ?? ''} ${line.offset === chosen ? classes.chosen : ''}`}
              style={{ transform: `translateY(${start}px)` }}
            >
              <a
                className={classes.offset}
                href={props.linkOf(line.offset)}
                title={`Link to the line at byte ${line.offset}`}
                tabIndex={-1}
                onClick={(event) => {
                  if (event.metaKey || event.ctrlKey) return;
                  event.preventDefault();
                  props.onChoose(line.offset);
                }}
              >
                {shortOffset(line.offset)}
              </a>
              <LogText text={line.text} level={level} find={find} />
            </div>
          );
        })}
      </div>
    </div>
  );
}

/** The line that begins at the offset or holds it. */
function placeOf(lines: readonly LogLine[], offset: number): number {
  let low = 0;
  let high = lines.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((lines[middle]?.offset ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** 12345678 -> 11.8M: the place in the log, where nobody counted lines. */
function shortOffset(offset: number): string {
  if (offset < 10_000) return String(offset);
  if (offset < 1024 * 1024) return `${(offset / 1024).toFixed(1)}K`;
  return `${(offset / 1024 / 1024).toFixed(2)}M`;
}
