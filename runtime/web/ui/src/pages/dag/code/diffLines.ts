/** Lines of two texts side by side: what is gone, what is new, what stayed. Longest common subsequence. Pure. */
import type { Line } from './CodeText.tsx';

/** Beyond this the table would take too much memory; then all of it counts as changed. */
const MOST_CELLS = 4_000_000;

export function diffLines(before: string, after: string): Line[] {
  const old = before === '' ? [] : before.split('\n');
  const fresh = after === '' ? [] : after.split('\n');
  if (old.length * fresh.length > MOST_CELLS) {
    return [
      ...old.map((text): Line => ({ text, kind: 'removed' })),
      ...fresh.map((text): Line => ({ text, kind: 'added' })),
    ];
  }
  const width = fresh.length + 1;
  const common = new Uint32Array((old.length + 1) * width);
  const at = (a: number, b: number) => common[a * width + b] ?? 0;
  for (let a = old.length - 1; a >= 0; a -= 1) {
    for (let b = fresh.length - 1; b >= 0; b -= 1) {
      common[a * width + b] =
        old[a] === fresh[b] ? at(a + 1, b + 1) + 1 : Math.max(at(a + 1, b), at(a, b + 1));
    }
  }
  const lines: Line[] = [];
  let [a, b] = [0, 0];
  while (a < old.length || b < fresh.length) {
    if (a < old.length && b < fresh.length && old[a] === fresh[b]) {
      lines.push({ text: old[a] ?? '' });
      a += 1;
      b += 1;
    } else if (b >= fresh.length || (a < old.length && at(a + 1, b) >= at(a, b + 1))) {
      lines.push({ text: old[a] ?? '', kind: 'removed' });
      a += 1;
    } else {
      lines.push({ text: fresh[b] ?? '', kind: 'added' });
      b += 1;
    }
  }
  return lines;
}
