/**
 * A table for people as one string. Called by output.ts, which hands over the width of the
 * terminal; without a width (a pipe or file) nothing is cut, so that `| grep` sees every word.
 */
import { stripVTControlCharacters } from 'node:util';
import CliTable from 'cli-table3';
import type { Colours } from './output.ts';

export interface Column<Row> {
  title: string;
  value: (row: Row) => string | number | boolean | null | undefined;
  /** Numbers and durations stand to the right. */
  align?: 'left' | 'right';
  /** Colours or marks the text once it is plain and cut. */
  style?: (text: string, row: Row) => string;
  /** May be cut on a narrow terminal; the widest of these goes first. */
  shrink?: boolean;
}

export interface TableOptions {
  width?: number | undefined;
  colours: Colours;
}

const GAP = 2;
const NARROWEST = 8;

const NO_BORDERS = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '',
};

export function renderTable<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  { width, colours }: TableOptions,
): string {
  const texts = rows.map((row) => columns.map((column) => plain(column.value(row))));
  const limits = fit(texts, columns, width);
  const table = new CliTable({
    chars: NO_BORDERS,
    style: { 'padding-left': 0, 'padding-right': GAP, head: [], border: [] },
    colAligns: columns.map((column) => column.align ?? 'left'),
    head: columns.map((column, index) => colours.bold(cut(column.title, limits[index]))),
  });
  for (const [index, row] of rows.entries()) {
    const cells = texts[index] ?? [];
    table.push(
      columns.map((column, place) => {
        const text = cut(cells[place] ?? '', limits[place]);
        return column.style ? column.style(text, row) : text;
      }),
    );
  }
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

/** Text from tasks and people must neither move the cursor nor break a row in two. */
export function plain(value: string | number | boolean | null | undefined): string {
  if (value === null || value === undefined || value === '') return '-';
  return stripVTControlCharacters(String(value))
    .replace(/\s+/g, ' ')
    .replace(/\p{Cc}|\p{Bidi_Control}/gu, '');
}

function fit<Row>(
  texts: string[][],
  columns: readonly Column<Row>[],
  width: number | undefined,
): number[] {
  const limits = columns.map((column, index) =>
    texts.reduce((most, row) => Math.max(most, row[index]?.length ?? 0), column.title.length),
  );
  if (width === undefined) return limits;
  let excess = limits.reduce((sum, limit) => sum + limit + GAP, -GAP) - width;
  for (; excess > 0; excess--) {
    const widest = widestOf(limits, columns);
    if (widest === null) break;
    limits[widest] = (limits[widest] ?? 0) - 1;
  }
  return limits;
}

/** The widest column that may still be cut. */
function widestOf<Row>(limits: number[], columns: readonly Column<Row>[]): number | null {
  let found: number | null = null;
  let most = NARROWEST;
  for (const [index, limit] of limits.entries()) {
    if (!columns[index]?.shrink || limit <= most) continue;
    found = index;
    most = limit;
  }
  return found;
}

function cut(text: string, limit: number | undefined): string {
  if (limit === undefined || text.length <= limit) return text;
  return `${text.slice(0, limit - 1)}…`;
}
