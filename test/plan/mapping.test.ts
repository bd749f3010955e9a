/** Lengths and elements of mapped tasks. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { PodlineError } from '../../src/errors.ts';
import { mapItem, mapLength } from '../../src/plan/mapping.ts';
import type { Json, PlanMap } from '../../src/plan/plan.ts';

type Facts = Pick<PlanMap, 'over' | 'combine'>;

function map(combine: PlanMap['combine'], ...keys: string[]): Facts {
  return {
    combine,
    over: Object.fromEntries(keys.map((key) => [key, { kind: 'xcom', task: 't', key: 'k' }])),
  };
}

function all(facts: Facts, lists: Record<string, Json>): Record<string, Json>[] {
  return Array.from({ length: mapLength(facts, lists) }, (_, index) =>
    mapItem(facts, lists, index),
  );
}

describe('mapping', () => {
  it('a product lets the last list vary fastest', () => {
    assert.deepEqual(all(map('product', 'a', 'b'), { a: [1, 2], b: ['x', 'y', 'z'] }), [
      { a: 1, b: 'x' },
      { a: 1, b: 'y' },
      { a: 1, b: 'z' },
      { a: 2, b: 'x' },
      { a: 2, b: 'y' },
      { a: 2, b: 'z' },
    ]);
  });

  it('follows the order of the author, which jsonb does not keep', () => {
    const facts = { ...map('product', 'a', 'longer'), order: ['longer', 'a'] };
    assert.deepEqual(
      all(facts, { a: [1, 2], longer: ['x', 'y'] }).map(({ a, longer }) => [longer, a]),
      [
        ['x', 1],
        ['x', 2],
        ['y', 1],
        ['y', 2],
      ],
    );
  });

  it('zip takes one of each', () => {
    assert.deepEqual(all(map('zip', 'a', 'b'), { a: [1, 2], b: [3, 4] }), [
      { a: 1, b: 3 },
      { a: 2, b: 4 },
    ]);
  });

  it('walks an object as { key, value }', () => {
    assert.deepEqual(all(map('product', 'a'), { a: { x: 1, y: null } }), [
      { a: { key: 'x', value: 1 } },
      { a: { key: 'y', value: null } },
    ]);
  });

  it('an empty list leads to no instance', () => {
    assert.equal(mapLength(map('product', 'a', 'b'), { a: [], b: [1, 2] }), 0);
    assert.equal(mapLength(map('zip', 'a'), { a: {} }), 0);
  });

  it('names what is no list, and lists of different lengths', () => {
    const bad: [Json | undefined, string][] = [
      [3, 'a number'],
      ['text', 'a string'],
      [null, 'null'],
      [undefined, 'missing'],
    ];
    for (const [value, what] of bad) {
      assert.throws(
        () => mapLength(map('product', 'a'), { a: value }, 'each'),
        (error: unknown) =>
          error instanceof PodlineError &&
          error.code === 'map.not_a_list' &&
          error.details.what === what &&
          error.details.task === 'each',
      );
    }
    assert.throws(
      () => mapLength(map('zip', 'a', 'b'), { a: [1], b: [] }, 'each'),
      /map.unequal: Task each zips lists of different lengths: a has 1, b has 0/,
    );
  });

  it('refuses an index outside', () => {
    for (const index of [-1, 2, 0.5, NaN]) {
      assert.throws(() => mapItem(map('zip', 'a'), { a: [1, 2] }, index), RangeError);
    }
  });

  it('a product gives every combination exactly once, in lexical order', () => {
    const list = fc
      .integer({ min: 1, max: 4 })
      .map((size) => Array.from({ length: size }, (_, i) => i));
    fc.assert(
      fc.property(fc.array(list, { minLength: 1, maxLength: 4 }), (lists) => {
        const keys = lists.map((_, index) => `k${index}`);
        const values = Object.fromEntries(keys.map((key, index) => [key, lists[index] ?? []]));
        const texts = all(map('product', ...keys), values).map((item) =>
          keys.map((key) => JSON.stringify(item[key])).join(),
        );
        assert.equal(
          texts.length,
          lists.reduce((product, one) => product * one.length, 1),
        );
        assert.deepEqual(texts, [...new Set(texts)].sort());
      }),
    );
  });
});
