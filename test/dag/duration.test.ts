/** Durations as authors write them, and what is refused. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { MAX_DURATION, parseDuration } from '../../src/dag/duration.ts';

describe('parseDuration', () => {
  const good: [string | number, number][] = [
    [0, 0],
    [-0, 0],
    [1.5, 1.5],
    ['90s', 90],
    ['5m', 300],
    ['6h', 21_600],
    ['1d', 86_400],
    ['1w', 604_800],
    ['1h30m', 5400],
    ['250ms', 0.25],
    ['1.5h', 5400],
    [' 5m ', 300],
  ];
  for (const [text, seconds] of good) {
    it(`reads ${JSON.stringify(text)} as ${seconds} s`, () => {
      assert.ok(Object.is(parseDuration(text), seconds));
    });
  }

  const bad = [
    '',
    ' ',
    '5',
    'm',
    '5 x',
    '-5m',
    '5m-',
    '1e3s',
    '5mm',
    '9'.repeat(100),
    NaN,
    Infinity,
    -1,
    1e309,
    2 ** 31,
    2 ** 53 + 1,
    null,
    undefined,
    true,
    [],
    {},
    5n,
    '99999w',
  ];
  for (const value of bad) {
    it(`refuses ${typeof value === 'bigint' ? '5n' : JSON.stringify(value)} (${typeof value})`, () => {
      assert.throws(() => parseDuration(value), /no duration|finite|negative|longer/);
    });
  }

  it('gives finite seconds or an error with words for any text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[0-9.]{0,5}[smhdw]{0,2}$/)), (text) => {
        try {
          const seconds = parseDuration(text);
          assert.ok(seconds >= 0 && seconds <= MAX_DURATION);
        } catch (error) {
          assert.ok(error instanceof Error && !(error instanceof TypeError), String(error));
        }
      }),
    );
  });
});
