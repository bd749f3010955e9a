/** Params: their schema, defaults and refusals. */
import assert from 'node:assert/strict';
import { PodlineError } from '../../src/errors.ts';
import { checkParams } from '../../src/plan/params.ts';
import type { JsonObject } from '../../src/plan/plan.ts';

const schema: JsonObject = {
  type: 'object',
  properties: {
    day: { type: 'string', format: 'date', default: '2026-01-01' },
    count: { type: 'integer', minimum: 1 },
    nested: { type: 'object', properties: { deep: { default: true } }, default: {} },
  },
  required: ['count'],
  additionalProperties: false,
};

function reasonOf(given: unknown): string {
  try {
    checkParams(schema, given, 'etl');
  } catch (error) {
    assert.ok(error instanceof PodlineError);
    assert.equal(error.code, 'run.bad_params');
    assert.equal(error.details.dag, 'etl');
    return String(error.details.reason);
  }
  return assert.fail('it was accepted');
}

describe('checkParams', () => {
  it('fills defaults, also nested ones, and leaves what it was given', () => {
    const given = { count: 2 };
    assert.deepEqual(checkParams(schema, given), {
      day: '2026-01-01',
      count: 2,
      nested: { deep: true },
    });
    assert.deepEqual(given, { count: 2 });
  });

  it('tells every mistake with its place', () => {
    const reason = reasonOf({ count: 0, day: 'soon', more: 1 });
    assert.match(reason, /count must be >= 1/);
    assert.match(reason, /day must match format "date"/);
    assert.match(reason, /additional properties \("more"\)/);
    assert.match(reasonOf({}), /required property 'count'/);
    assert.match(reasonOf({ count: '3' }), /count must be integer/);
  });

  it('refuses what is no JSON object', () => {
    for (const given of [null, [], 'x', 3, true]) assert.match(reasonOf(given), /no JSON object/);
    assert.match(reasonOf({ count: 10n }), /params.count holds a BigInt/);
    assert.match(reasonOf({ count: NaN }), /NaN/);
    assert.match(reasonOf({ count: 1, day: '\0' }), /U\+0000/);
    assert.match(reasonOf(JSON.parse('{"__proto__": 1}')), /__proto__/);
  });

  it('accepts any object when the DAG declares no params', () => {
    assert.deepEqual(checkParams({ type: 'object' }, { a: [1] }), { a: [1] });
    assert.deepEqual(checkParams({ type: 'object' }, undefined), {});
  });

  it('keeps schemas with one $id apart', () => {
    const one: JsonObject = { $id: 'same', type: 'object', properties: { a: { type: 'string' } } };
    const two: JsonObject = { $id: 'same', type: 'object', properties: { a: { type: 'number' } } };
    assert.deepEqual(checkParams(one, { a: 'x' }), { a: 'x' });
    assert.deepEqual(checkParams(two, { a: 1 }), { a: 1 });
  });
});
