/** Lines of two texts side by side: what is gone, what is new, what stayed. Longest common subsequence. Pure. */
export interface Line {
  text: string;
  kind?: 'added' | 'removed';
}

/** Beyond this the table would take too much memory; then all of it counts as changed. */
const MOST_CELLS = 4_000_000;

export function diffLines(before: string, after: string): Line[] {
  const old = before === '' ? [] : before.split('\n');
  const fresh = after === '' ? [] : after.split('\n');
  // Most of two versions is the same: only what lies between is compared.
  let start = 0;
  while (start < old.length && start < fresh.length && old[start] === fresh[start]) start += 1;
  let end = 0;
  const most = Math.min(old.length, fresh.length) - start;
  while (end < most && old.at(-1 - end) === fresh.at(-1 - end)) end += 1;
  const same = (from: number, to: number) => old.slice(from, to).map((text): Line => ({ text }));
  return [
    ...same(0, start),
    ...between(old.slice(start, old.length - end), fresh.slice(start, fresh.length - end)),
    ...same(old.length - end, old.length),
  ];
}

function between(old: readonly string[], fresh: readonly string[]): Line[] {
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
