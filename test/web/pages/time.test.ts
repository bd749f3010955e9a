/** Times and durations in words, at the borders of their units. */
import assert from 'node:assert/strict';
import {
  absoluteWords,
  durationWords,
  relativeWords,
  spanOf,
} from '../../../runtime/web/ui/src/time.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('times in words', () => {
  for (const [milliseconds, words] of [
    [-5, '0 ms'],
    [0, '0 ms'],
    [850.4, '850 ms'],
    [999.7, '1.0 s'],
    [4200, '4.2 s'],
    [9960, '10 s'],
    [59_499, '59 s'],
    [59_600, '1 m'],
    [MINUTE, '1 m'],
    [3 * MINUTE + 5000, '3 m 5 s'],
    [HOUR - 1, '1 h'],
    [2 * HOUR + 10 * MINUTE, '2 h 10 m'],
    [DAY, '1 d'],
    [3 * DAY + 4 * HOUR + MINUTE, '3 d 4 h'],
  ] as const) {
    it(`a duration of ${milliseconds} ms is ${words}`, () => {
      assert.equal(durationWords(milliseconds), words);
    });
  }

  it('say how far away a time is, in whole units, before and after', () => {
    const now = Date.parse('2026-03-01T12:00:00Z');
    const from = (milliseconds: number) =>
      relativeWords(new Date(now + milliseconds).toISOString(), now);
    assert.equal(from(-4999), 'now');
    assert.equal(from(4999), 'now');
    assert.equal(from(-5000), '5 s ago');
    assert.equal(from(-59_999), '59 s ago');
    assert.equal(from(-MINUTE), '1 m ago');
    assert.equal(from(3 * HOUR), 'in 3 h');
    assert.equal(from(-49 * HOUR), '2 d ago');
  });

  it('say a time with UTC beside it', () => {
    assert.match(absoluteWords('2026-03-01T12:00:00.999Z'), /\(2026-03-01 12:00:00 UTC\)$/);
  });

  it('span from the start to the end, or to now, and nothing before the start', () => {
    const start = '2026-03-01T12:00:00Z';
    assert.equal(spanOf(null, null, 0), null);
    assert.equal(spanOf(start, '2026-03-01T12:00:01Z', 0), 1000);
    assert.equal(spanOf(start, null, Date.parse(start) + 5), 5);
  });
});
