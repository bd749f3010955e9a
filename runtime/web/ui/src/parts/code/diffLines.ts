/** Lines of two texts side by side: what is gone, what is new, what stayed. Pure. */
import { diffArrays } from 'diff';

export interface Line {
  text: string;
  kind?: 'added' | 'removed';
}

/** Then all of it counts as changed: two long texts that have little in common take too long to compare. */
const MOST_MS = 1000;

export function diffLines(before: string, after: string): Line[] {
  const [old, fresh] = [linesOf(before), linesOf(after)];
  const parts = diffArrays(old, fresh, { timeout: MOST_MS }) ?? [
    { value: old, removed: true, added: false },
    { value: fresh, removed: false, added: true },
  ];
  return parts.flatMap(({ value, added, removed }) =>
    value.map((text): Line => ({
      text,
      ...(added ? { kind: 'added' } : removed && { kind: 'removed' }),
    })),
  );
}

function linesOf(text: string): string[] {
  return text === '' ? [] : text.split('\n');
}
