/** Of a difference, lines far from every change are folded into one row that says how many they are. Pure. */
import type { Line } from './diffLines.ts';

/** Beside a change. */
const CONTEXT = 3;
/** Fewer are not worth a row of their own. */
const LEAST_FOLDED = 4;

export type Row<T extends Line> = T | { folded: number; from: number };

/** `unfolded`: where a reader opened one, as its `from` said. */
export function foldLines<T extends Line>(
  lines: readonly T[],
  unfolded: readonly number[] = [],
): Row<T>[] {
  const rows: Row<T>[] = [];
  let at = 0;
  while (at < lines.length) {
    if (lines[at]?.kind !== undefined) {
      rows.push(...lines.slice(at, (at += 1)));
      continue;
    }
    let end = at;
    while (end < lines.length && lines[end]?.kind === undefined) end += 1;
    const from = at === 0 ? 0 : at + CONTEXT;
    const to = end === lines.length ? end : end - CONTEXT;
    if (to - from < LEAST_FOLDED || unfolded.includes(from)) rows.push(...lines.slice(at, end));
    else rows.push(...lines.slice(at, from), { folded: to - from, from }, ...lines.slice(to, end));
    at = end;
  }
  return rows;
}
