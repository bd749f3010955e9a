/** What one looks at stays where it is while runs come and go; who looks at the newest ones goes on to newer ones. */
import { type RefObject, useEffect, useRef } from 'react';
import { SIZES } from './drawGrid.ts';

/** Returns what the box calls when it was scrolled. */
export function useHeldScroll(
  box: RefObject<HTMLDivElement | null>,
  runs: readonly { runId: string }[],
  width: number,
): (left: number) => void {
  const held = useRef({ isAtEnd: true, runId: '', rest: 0 });
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const { isAtEnd, runId, rest } = held.current;
    const column = isAtEnd ? -1 : runs.findIndex((run) => run.runId === runId);
    if (isAtEnd) element.scrollLeft = element.scrollWidth;
    else if (column >= 0) element.scrollLeft = column * SIZES.cell + rest;
  }, [box, runs, width]);
  return (left) => {
    const { clientWidth = 0, scrollWidth = 0 } = box.current ?? {};
    const column = Math.floor(left / SIZES.cell);
    held.current = {
      isAtEnd: left + clientWidth >= scrollWidth - SIZES.cell,
      runId: runs[column]?.runId ?? '',
      rest: left - column * SIZES.cell,
    };
  };
}
