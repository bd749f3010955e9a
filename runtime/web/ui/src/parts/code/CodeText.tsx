/** Text with line numbers and colours, of which only lines in view exist: bundles are long. Also the difference of two. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef, useState } from 'react';
import { visibleText } from '../../log/visibleText.ts';
import type { Piece } from './colours.ts';
import { diffLines, type Line } from './diffLines.ts';
import { foldLines, type Row } from './foldLines.ts';
import { type Language, languageOf } from './languages.ts';
import { useColours } from './useColours.ts';
import classes from './code.module.css';

const LINE_PIXELS = 19;

interface ShownLine extends Line {
  number: number;
  pieces?: Piece[] | undefined;
}

interface CodeTextProps {
  name: string;
  text: string;
  /** Default: that of the ending of `name`. */
  language?: Language | undefined;
}

export function CodeText({ name, text: raw, language = languageOf(name) }: CodeTextProps) {
  const text = useMemo(() => visibleText(raw), [raw]);
  const colours = useColours(text, language);
  const lines = useMemo(
    () =>
      text
        .split('\n')
        .map((line, at): ShownLine => ({ text: line, number: at + 1, pieces: colours?.[at] })),
    [text, colours],
  );
  return <Lines name={name} rows={lines} />;
}

export function CodeDifference(props: { name: string; before: string; after: string }) {
  const { name } = props;
  const before = useMemo(() => visibleText(props.before), [props.before]);
  const after = useMemo(() => visibleText(props.after), [props.after]);
  const language = languageOf(name);
  const [old, fresh] = [useColours(before, language), useColours(after, language)];
  const [unfolded, setUnfolded] = useState<readonly number[]>([]);
  const different = useMemo(() => diffLines(before, after), [before, after]);
  const lines = useMemo(() => {
    let [atOld, atFresh] = [0, 0];
    return different.map((line): ShownLine => {
      const isOld = line.kind === 'removed';
      const pieces = isOld ? old?.[atOld] : fresh?.[atFresh];
      if (line.kind !== 'added') atOld += 1;
      if (!isOld) atFresh += 1;
      return { ...line, number: isOld ? atOld : atFresh, pieces };
    });
  }, [different, old, fresh]);
  const rows = useMemo(() => foldLines(lines, unfolded), [lines, unfolded]);
  return (
    <Lines
      name={name}
      rows={rows}
      onUnfold={(from) => setUnfolded([...unfolded, from])}
      isDifference
    />
  );
}

const SIGNS = { added: '+ ', removed: '- ' };

interface LinesProps {
  name: string;
  rows: readonly Row<ShownLine>[];
  /** Signs stand in a column of their own, so that what stayed is in line with what changed. */
  isDifference?: boolean;
  onUnfold?: (from: number) => void;
}

function Lines({ name, rows, isDifference = false, onUnfold }: LinesProps) {
  const box = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => LINE_PIXELS,
    overscan: 20,
  });
  const height = `min(64vh, ${rows.length * LINE_PIXELS + 18}px)`;
  return (
    <div
      ref={box}
      className={classes.code}
      style={{ height }}
      tabIndex={0}
      role="region"
      aria-label={visibleText(name)}
    >
      <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {virtual.getVirtualItems().map(({ index, start }) => {
          const row = rows[index];
          const style = { transform: `translateY(${start}px)` };
          if (row === undefined) return null;
          if ('folded' in row) {
            return (
              <button
                key={index}
                type="button"
                className={classes.folded}
                style={style}
                title="Show them"
                onClick={() => {
                  onUnfold?.(row.from);
                  // The button goes; keys go on to scroll.
                  box.current?.focus();
                }}
              >
                {row.folded} lines that stayed
              </button>
            );
          }
          const { text, kind, number, pieces } = row;
          return (
            <div key={index} className={classes.line} data-kind={kind} style={style}>
              <span className={classes.number}>{number}</span>
              {isDifference && (kind ? SIGNS[kind] : '  ')}
              {pieces?.map((piece, at) => (
                <span key={at} style={{ color: piece.colour }}>
                  {piece.text}
                </span>
              )) ?? text}
            </div>
          );
        })}
      </div>
    </div>
  );
}
