/** Where the inputs of a task come from, and what may become an output. */
import assert from 'node:assert/strict';
import { resolveInputs } from '../../runtime/worker/inputs.ts';
import { checkOutput, mapLengthOf, storedBytes, XCOM_LIMIT } from '../../runtime/worker/output.ts';
import type { InputRef, PlanTask } from '../../src/plan/plan.ts';
import { assignment, planTask } from './fixture.ts';

const task = (inputs: Record<string, InputRef>, part: Partial<PlanTask> = {}) =>
  planTask({ operator: 'bash', inputs, ...part });

describe('inputs', () => {
  it('come from literals, params and outputs, along a path', () => {
    const given = assignment(
      task({
        a: { kind: 'literal', value: { x: 1 } },
        b: { kind: 'param', name: 'region' },
        c: { kind: 'xcom', task: 'load', key: 'return_value', path: ['rows', '1', 'id'] },
        d: { kind: 'xcom', task: 'load', key: 'return_value' },
      }),
      {
        xcoms: [
          { task: 'load', key: 'return_value', mapIndex: -1, value: { rows: [{}, { id: 9 }] } },
        ],
      },
    );
    given.run.params = { region: 'eu' };
    assert.deepEqual(
      { ...resolveInputs(given) },
      { a: { x: 1 }, b: 'eu', c: 9, d: { rows: [{}, { id: 9 }] } },
    );
  });

  it('that are optional are null where there is no value', () => {
    const xcom = { kind: 'xcom', task: 'load', key: 'return_value', optional: true } as const;
    const given = assignment(
      task({ whole: { ...xcom, task: 'skipped' }, part: { ...xcom, path: ['b'] }, there: xcom }),
      {
        xcoms: [{ task: 'load', key: 'return_value', mapIndex: -1, value: { a: 1 } }],
      },
    );
    assert.deepEqual({ ...resolveInputs(given) }, { whole: null, part: null, there: { a: 1 } });
  });

  it('of a mapped task are a list in map order, empty when it had no instances', () => {
    const ref: InputRef = { kind: 'xcom', task: 'each', key: 'return_value', mapped: true };
    const xcoms = [10, 2, 0].map((mapIndex) => ({
      task: 'each',
      key: 'return_value',
      mapIndex,
      value: mapIndex,
    }));
    assert.deepEqual(resolveInputs(assignment(task({ all: ref }), { xcoms })).all, [0, 2, 10]);
    assert.deepEqual(resolveInputs(assignment(task({ all: ref }))).all, []);
  });

  it('give each mapped instance its element', () => {
    const mapped = task(
      { n: { kind: 'map', key: 'n' }, id: { kind: 'map', key: 'row', path: ['id'] } },
      {
        map: {
          over: {
            n: { kind: 'literal', value: [1, 2] },
            row: { kind: 'xcom', task: 'rows', key: 'return_value' },
          },
          combine: 'zip',
          maxLength: 10,
        },
      },
    );
    const given = assignment(mapped, {
      instance: { id: 1, mapIndex: 1, firstLookAt: '2026-03-02T00:00:00Z' },
      xcoms: [
        { task: 'rows', key: 'return_value', mapIndex: -1, value: [{ id: 'a' }, { id: 'b' }] },
      ],
    });
    assert.deepEqual({ ...resolveInputs(given) }, { n: 2, id: 'b' });
  });

  it('that are missing are named', () => {
    const ref: InputRef = { kind: 'xcom', task: 'load', key: 'return_value', path: ['toString'] };
    assert.throws(() => resolveInputs(assignment(task({ a: ref }))), /xcom\.missing.*load/);
    const xcoms = [{ task: 'load', key: 'return_value', mapIndex: -1, value: {} }];
    assert.throws(
      () => resolveInputs(assignment(task({ a: ref }), { xcoms })),
      /xcom\.missing.*"toString"/,
    );
  });
});

describe('outputs', () => {
  class Money {
    amount = 1;
  }
  const cycle: Record<string, unknown> = {};
  cycle.self = cycle;
  let deep: unknown = 1;
  for (let i = 0; i < 100_000; i += 1) deep = [deep];
  const refused: [string, unknown, RegExp][] = [
    ['NaN', { a: Number.NaN }, /output\.a is NaN/],
    ['BigInt', 1n, /BigInt/],
    ['a function', () => 1, /function/],
    ['a Date', new Date(), /Date/],
    ['a Buffer', Buffer.from('x'), /binary/],
    ['a class instance', [new Money()], /Money/],
    ['a cycle', cycle, /contains itself/],
    ['depth 100,000', deep, /levels/],
    ['NUL', 'a\u0000b', /U\+0000/],
    ['half a surrogate pair', '\ud800', /surrogate/],
    ['a promise', { p: Promise.resolve(1) }, /Promise/],
    ['undefined in a list', [undefined], /undefined/],
    [
      'a getter that throws',
      {
        get x() {
          throw new Error('no');
        },
      },
      /throws/,
    ],
    ['a toJSON bomb', { toJSON: () => 'x'.repeat(1e9) }, /toJSON/],
  ];
  for (const [name, value, expected] of refused) {
    it(`refuse ${name}`, () => {
      assert.throws(
        () => checkOutput(value, 'work'),
        (error: Error) => {
          assert.match(error.message, /^xcom\.not_json: The output of work/);
          assert.match(error.message, expected);
          return true;
        },
      );
    });
  }

  it('may have 256 KB and not one byte more', () => {
    const fits = 'x'.repeat(XCOM_LIMIT - 2);
    assert.equal(checkOutput(fits, 'work'), fits);
    assert.throws(() => checkOutput(`${fits}x`, 'work'), /xcom\.too_large.*262145 bytes/);
  });

  it('are measured as the database writes them', () => {
    assert.equal(
      storedBytes({ a: [1, 2, 3], b: {}, c: 'x,y:' }),
      `{"a": [1, 2, 3], "b": {}, "c": "x,y:"}`.length,
    );
  });

  it('drop properties without a value, as JSON does', () => {
    assert.deepEqual(checkOutput({ a: undefined, b: 1 }, 'work'), { b: 1 });
  });

  it('have a map length when they are lists or objects', () => {
    assert.equal(mapLengthOf([1, 2]), 2);
    assert.equal(mapLengthOf({ a: 1 }), 1);
    assert.equal(mapLengthOf([]), 0);
    assert.equal(mapLengthOf('text'), undefined);
    assert.equal(mapLengthOf(null), undefined);
  });
});
