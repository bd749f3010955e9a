/** Lines of two texts side by side: whatever the texts, both can be read from the answer, and little is changed. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { diffLines } from '../../../runtime/web/ui/src/parts/code/diffLines.ts';

const words = (before: string, after: string) =>
  diffLines(before, after).map(({ text, kind }) =>
    kind === 'added' ? `+${text}` : kind === 'removed' ? `-${text}` : ` ${text}`,
  );

describe('the difference of two texts', () => {
  it('keeps what is in both, old before new', () => {
    assert.deepEqual(words('a\nb\nc', 'a\nx\nc'), [' a', '-b', '+x', ' c']);
    assert.deepEqual(words('a\nc', 'a\nb\nc\nd'), [' a', '+b', ' c', '+d']);
    assert.deepEqual(words('a\nb', 'a\nb'), [' a', ' b']);
  });

  it('of nothing is all new or all gone', () => {
    assert.deepEqual(words('', 'a\nb'), ['+a', '+b']);
    assert.deepEqual(words('a\nb', ''), ['-a', '-b']);
    assert.deepEqual(words('', ''), []);
  });

  it('lets both texts be read from it, and changes no more than has to be', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'c', ''), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(text, text, (before, after) => {
        fc.pre(before.join('\n') !== '' && after.join('\n') !== '');
        const lines = diffLines(before.join('\n'), after.join('\n'));
        const of = (gone: 'added' | 'removed') =>
          lines.filter(({ kind }) => kind !== gone).map(({ text }) => text);
        assert.deepEqual(of('added'), before);
        assert.deepEqual(of('removed'), after);
        const same = lines.filter(({ kind }) => kind === undefined).length;
        assert.equal(same, longestCommon(before, after));
      }),
    );
  });

  it('of very long texts shows where they change, in a moment', () => {
    const before = Array.from({ length: 20_000 }, (_, n) => `line ${n}`);
    const after = before.with(10_000, 'changed');
    const began = performance.now();
    const changed = diffLines(before.join('\n'), after.join('\n')).filter(({ kind }) => kind);
    assert.deepEqual(changed, [
      { text: 'line 10000', kind: 'removed' },
      { text: 'changed', kind: 'added' },
    ]);
    assert.ok(performance.now() - began < 1000);
  });

  it('of long texts that have nothing in common is all of both', () => {
    const [before, after] = ['x', 'y'].map((name) =>
      Array.from({ length: 5000 }, (_, n) => `${name}${n}`).join('\n'),
    );
    assert.equal(diffLines(before ?? '', after ?? '').length, 10_000);
  });
});

/** As the definition has it. */
function longestCommon([a, ...rest]: string[], other: string[]): number {
  if (a === undefined) return 0;
  const without = longestCommon(rest, other);
  const at = other.indexOf(a);
  return at < 0 ? without : Math.max(without, 1 + longestCommon(rest, other.slice(at + 1)));
}
