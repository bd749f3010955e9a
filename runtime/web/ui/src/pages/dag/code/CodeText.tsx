/** Text with line numbers, of which only lines in view exist: bundles are long. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef } from 'react';
import type { Line } from './diffLines.ts';
import classes from './code.module.css';

const LINE_PIXELS = 19;

export function CodeText({ name, text }: { name: string; text: string }) {
  const lines = useMemo(() => text.split('\n').map((line): Line => ({ text: line })), [text]);
  return <CodeLines name={name} lines={lines} />;
}

export function CodeLines({ name, lines }: { name: string; lines: readonly Line[] }) {
  const box = useRef<HTMLDivElement>(null);
  // Signs stand in a column of their own, so that what stayed is in line with what changed.
  const isDifference = useMemo(() => lines.some(({ kind }) => kind !== undefined), [lines]);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => box.current,
    estimateSize: () => LINE_PIXELS,
    overscan: 20,
  });
  const height = `min(64vh, ${lines.length * LINE_PIXELS + 18}px)`;
  return (
    <div
      ref={box}
      className={classes.code}
      style={{ height }}
      tabIndex={0}
      role="region"
      aria-label={name}
    >
      <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {virtual.getVirtualItems().map(({ index, start }) => {
          const line = lines[index];
          return (
            <div
              key={index}
              className={classes.line}
              data-kind={line?.kind}
              style={{ transform: `translateY(${start}px)` }}
            >
              <span className={classes.number}>{index + 1}</span>
              {line?.kind === 'added'
                ? '+ '
                : line?.kind === 'removed'
                  ? '- '
                  : isDifference
                    ? '  '
                    : ''}
              {line?.text}
            </div>
          );
        })}
      </div>
    </div>
  );
}
