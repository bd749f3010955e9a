/**
 * The part of a log that is in memory: whole lines between two byte offsets. It grows at the edge that is looked at and
 * forgets the other one, so a log of any size costs the same. LogView shows it; the source is the API (useLog.ts).
 */

/** As the API answers; `from` and `to` are bytes. */
export interface LogPage {
  from: number;
  to: number;
  text: string;
  /** Bytes that the log has by now. */
  size: number;
  /** Nothing follows behind `size`. */
  isComplete: boolean;
}

export interface LogSource {
  /** A page that begins at `after` (negative: counted from the end) and has at most `bytes`. */
  read(after: number, bytes: number, signal?: AbortSignal): Promise<LogPage>;
}

export interface LogLine {
  /** Offset of its first byte: names the line in links, for good. */
  offset: number;
  text: string;
}

export const PAGE_BYTES = 256 * 1024;
/** About 3 MB of text: more than anybody scrolls through without a pause. */
const MOST_BYTES = 12 * PAGE_BYTES;
/** A line without an end is shown in parts. */
const LONGEST_LINE = 20_000;
/** The API gives no smaller pages. */
const LEAST_BYTES = 1024;
const ENCODER = new TextEncoder();

export interface WindowState {
  lines: readonly LogLine[];
  /** Bytes that `lines` cover. */
  start: number;
  end: number;
  size: number;
  isComplete: boolean;
  /** Lines that the last change put before those that were there: the view stays where it is. */
  prepended: number;
}

export const EMPTY: WindowState = {
  lines: [],
  start: 0,
  end: 0,
  size: 0,
  isComplete: false,
  prepended: 0,
};

/** Growing at one edge now forgets lines at the other. */
export function isFull({ start, end }: WindowState): boolean {
  return end - start > MOST_BYTES - PAGE_BYTES;
}

/** A window around `offset`; negative: the end of the log. */
export async function openAt(source: LogSource, offset: number, signal?: AbortSignal) {
  const from = offset < 0 ? -PAGE_BYTES : Math.max(0, offset - PAGE_BYTES / 4);
  const page = await source.read(from, PAGE_BYTES, signal);
  return whole(page);
}

export async function readAfter(state: WindowState, source: LogSource, signal?: AbortSignal) {
  const page = await source.read(state.end, PAGE_BYTES, signal);
  return appended(state, page);
}

export async function readBefore(state: WindowState, source: LogSource, signal?: AbortSignal) {
  if (state.start === 0) return state;
  const from = Math.max(0, state.start - PAGE_BYTES);
  const page = await source.read(from, Math.max(LEAST_BYTES, state.start - from), signal);
  const before = whole(page).lines.filter(({ offset }) => offset < state.start);
  const start = before[0]?.offset ?? 0;
  const kept = cutEnd([...before, ...state.lines], start, state.end);
  return { ...state, ...kept, start, size: page.size, prepended: before.length };
}

/** What came in live; `page` begins where the window ends, else nothing changes. */
export function appended(state: WindowState, page: LogPage): WindowState {
  const size = Math.max(state.size, page.size);
  const { isComplete } = page;
  if (page.from !== state.end || page.to === page.from) {
    return { ...state, size, isComplete, prepended: 0 };
  }
  const last = state.lines.at(-1);
  const isOpen = last !== undefined && !last.text.endsWith('\n') && last.text.length < LONGEST_LINE;
  const lines = isOpen
    ? [...state.lines.slice(0, -1), ...split(last.text + page.text, last.offset)]
    : [...state.lines, ...split(page.text, page.from)];
  let start = state.start;
  let first = 0;
  while (page.to - start > MOST_BYTES && first < lines.length - 1) {
    first += 1;
    start = lines[first]?.offset ?? start;
  }
  return {
    lines: first > 0 ? lines.slice(first) : lines,
    start,
    end: page.to,
    size,
    isComplete,
    prepended: -first,
  };
}

/** A page read from somewhere: its first line is a part of one unless the log begins there. */
function whole(page: LogPage): WindowState {
  const lines = split(page.text, page.from);
  const drop = page.from > 0 && lines.length > 1 ? 1 : 0;
  return {
    lines: lines.slice(drop),
    start: lines[drop]?.offset ?? page.from,
    end: page.to,
    size: page.size,
    isComplete: page.isComplete,
    prepended: 0,
  };
}

function cutEnd(lines: LogLine[], start: number, end: number) {
  let last = lines.length;
  let stop = end;
  while (stop - start > MOST_BYTES && last > 1) {
    last -= 1;
    stop = lines[last]?.offset ?? stop;
  }
  return { lines: lines.slice(0, last), end: stop };
}

/** Lines keep their line feed, so that an open last line is known. */
export function split(text: string, start: number): LogLine[] {
  const lines: LogLine[] = [];
  let offset = start;
  for (let at = 0; at < text.length;) {
    const feed = text.indexOf('\n', at);
    let to = feed < 0 ? text.length : feed + 1;
    if (to - at > LONGEST_LINE) {
      to = at + LONGEST_LINE;
      // Never between the halves of a character.
      if (/[\ud800-\udbff]/.test(text.charAt(to - 1))) to -= 1;
    }
    const line = text.slice(at, to);
    lines.push({ offset, text: line });
    offset += ENCODER.encode(line).length;
    at = to;
  }
  return lines;
}
