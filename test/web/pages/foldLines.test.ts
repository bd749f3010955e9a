/** Folding the lines of a difference: no change is ever hidden, and what is hidden is counted. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { foldLines } from '../../../runtime/web/ui/src/parts/code/foldLines.ts';
import type { Line } from '../../../runtime/web/ui/src/parts/code/diffLines.ts';

const same = (count: number): Line[] => Array.from({ length: count }, (_, n) => ({ text: `${n}` }));
const change: Line = { text: 'new', kind: 'added' };
const words = (lines: readonly Line[]) =>
  foldLines(lines).map((row) => ('folded' in row ? `(${row.folded})` : row.text));

describe('a difference with what stayed folded', () => {
  it('shows three lines beside a change', () => {
    assert.deepEqual(words([...same(10), change, ...same(10)]), [
      ...['(7)', '7', '8', '9', 'new', '0', '1', '2', '(7)'],
    ]);
  });

  it('opens one where a reader says so, and no other', () => {
    const lines = [...same(10), change, ...same(10)];
    const fold = foldLines(lines).find((row) => 'folded' in row);
    assert.ok(fold && 'from' in fold);
    const rows = foldLines(lines, [fold.from]);
    assert.equal(rows.length, 10 + 1 + 3 + 1);
    assert.ok('folded' in (rows.at(-1) ?? {}));
  });

  it('folds nothing where little would be hidden', () => {
    assert.deepEqual(words([change, ...same(9), change]).length, 11);
    assert.deepEqual(words([change, ...same(10), change]).length, 9);
  });

  it('hides no change, and counts what it hides', () => {
    const line = fc.constantFrom<Line>({ text: 'a' }, { text: 'a' }, { text: 'a' }, change);
    fc.assert(
      fc.property(fc.array(line, { maxLength: 60 }), (lines) => {
        const rows = foldLines(lines);
        const shown = rows.filter((row): row is Line => !('folded' in row));
        const folded = rows.reduce((sum, row) => sum + ('folded' in row ? row.folded : 0), 0);
        assert.equal(shown.length + folded, lines.length);
        const changed = (all: readonly Line[]) => all.filter(({ kind }) => kind).length;
        assert.equal(changed(shown), changed(lines));
      }),
    );
  });
});
