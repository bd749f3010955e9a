/**
 * Search through a whole log, page after page from where one stands, round the end once. Reads and forgets: a log of 100 MB
 * is searched without being kept. Called by LogView.
 */
import { plainText } from './ansi.ts';
import { atLeast, type Level, levelOf } from './level.ts';
import { type LogSource, split } from './logWindow.ts';

/** The largest page that the API gives. */
const SEARCH_BYTES = 1024 * 1024;

export interface SearchOptions {
  from: number;
  direction: 1 | -1;
  signal: AbortSignal;
  /** Share of the log that was read, 0 to 1. */
  onProgress(share: number): void;
}

export interface Wanted {
  /** In any case; empty: any line. */
  words: string;
  least: Level;
}

/** Offset of the next line that is wanted; null: nowhere. */
export async function searchLog(
  source: LogSource,
  { words, least }: Wanted,
  { from, direction, signal, onProgress }: SearchOptions,
): Promise<number | null> {
  const wanted = words.toLowerCase();
  const { size } = await source.read(0, 1024, signal);
  const pages = Math.max(1, Math.ceil(size / SEARCH_BYTES));
  const first = Math.min(pages - 1, Math.max(0, Math.floor(from / SEARCH_BYTES)));
  for (let step = 0; step <= pages; step += 1) {
    const page = (((first + direction * step) % pages) + pages) % pages;
    const found = await inPage(source, page, signal);
    const hits = found.filter(({ text }) => {
      const plain = plainText(text);
      return plain.toLowerCase().includes(wanted) && atLeast(levelOf(plain), least);
    });
    const isBehind = ({ offset }: { offset: number }) =>
      step > 0 || (direction > 0 ? offset > from : offset < from);
    const ordered = direction > 0 ? hits : hits.reverse();
    const hit = ordered.find(isBehind);
    if (hit) return hit.offset;
    onProgress(Math.min(1, (step + 1) / pages));
  }
  return null;
}

async function inPage(source: LogSource, page: number, signal: AbortSignal) {
  const start = page * SEARCH_BYTES;
  // A line that two pages share is looked at twice, in both halves; that is cheaper than to miss it.
  const { text, from } = await source.read(start, SEARCH_BYTES, signal);
  return split(text, from);
}
