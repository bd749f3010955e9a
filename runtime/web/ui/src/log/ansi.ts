/**
 * One line of a log as pieces of text with a style. Colours (SGR) are kept; everything else that a terminal would obey
 * (cursor moves, titles, OSC-8 links) is dropped, and what is left is plain text. LogLine makes React nodes of it.
 */
import Anser from 'anser';
import { visibleText } from './visibleText.ts';

export interface Piece {
  text: string;
  /** Classes of log.module.css: colour and weight. */
  classes: string[];
}

/** OSC ... BEL or ST; also when the end is missing, up to the end of the line. */

const OSC = /\u001b[\]P^_X][^\u0007\u001b]*(?:\u0007|\u001b\\|$)/g;
/** CSI that is no colour, and two-character escapes. */

const OTHER = /\u001b\[[0-9;:?<=>]*[A-LN-Za-ln-z@`{|}~]|\u001b[()*+][A-Za-z0-9]|\u001b[^[]/g;
const ESCAPE = '\u001b';

export function piecesOf(line: string): Piece[] {
  const printed = overwritten(line);
  if (!printed.includes(ESCAPE)) return [{ text: visibleText(printed), classes: [] }];
  const text = printed.replace(OSC, '').replace(OTHER, '');
  return Anser.ansiToJson(text, { use_classes: true, remove_empty: true }).map((entry) => ({
    text: visibleText(entry.content),
    classes: [
      ...(entry.fg ? [`fg-${colour(entry.fg)}`] : []),
      ...(entry.bg ? [`bg-${colour(entry.bg)}`] : []),
      ...entry.decorations.map((name) => `is-${name}`),
    ],
  }));
}

/** For search, levels and copies: no colours. */
export function plainText(line: string): string {
  // Most lines: a search looks at millions.
  if (!line.includes('\u001b') && !line.includes('\r')) return visibleText(line);
  return piecesOf(line)
    .map(({ text }) => text)
    .join('');
}

/** Progress bars write over their line: the last version counts. */
function overwritten(line: string): string {
  const text = line.endsWith('\r') ? line.slice(0, -1) : line;
  return text.slice(text.lastIndexOf('\r') + 1);
}

/** 256 colours and true colours fall back to the text's own: contrast is ours to keep. */
function colour(name: string): string {
  return /^ansi-(bright-)?(black|red|green|yellow|blue|magenta|cyan|white)$/.test(name)
    ? name.slice('ansi-'.length)
    : 'own';
}
