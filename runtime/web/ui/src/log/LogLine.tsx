/** One line of a log: its place as a link, its text as React text nodes with the colours of ANSI. Used by LogView. */
import { memo } from 'react';
import type { Level } from './level.ts';
import { piecesOf } from './ansi.ts';
import classes from './log.module.css';

interface Props {
  text: string;
  level: Level;
  /** Marked wherever it stands, in any case. */
  find: string;
}

export const LogText = memo(function LogText({ text, level, find }: Props) {
  const pieces = piecesOf(text.endsWith('\n') ? text.slice(0, -1) : text);
  return (
    <span className={classes.text} data-level={level}>
      {pieces.map((piece, place) => (
        // Pieces of a line never move.
        <span key={place} className={piece.classes.join(' ') || undefined}>
          {marked(piece.text, find)}
        </span>
      ))}
    </span>
  );
});

function marked(text: string, find: string) {
  if (find === '') return text;
  const parts = [];
  const low = text.toLowerCase();
  const wanted = find.toLowerCase();
  let at = 0;
  for (let hit = low.indexOf(wanted); hit >= 0; hit = low.indexOf(wanted, at)) {
    parts.push(text.slice(at, hit));
    at = hit + wanted.length;
    parts.push(
      <mark key={hit} className={classes.mark}>
        {text.slice(hit, at)}
      </mark>,
    );
  }
  parts.push(text.slice(at));
  return parts;
}
