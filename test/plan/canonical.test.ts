/** Canonical JSON and version hashes. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { canonicalJson, sha256, versionHash } from '../../src/plan/canonical.ts';
import { noop, planOf } from './support.ts';

function shuffled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shuffled);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, member]) => [key, shuffled(member)]),
  );
}

describe('canonical JSON', () => {
  it('sorts keys at every level and drops undefined', () => {
    const text = canonicalJson({ b: [{ d: 1, c: undefined }], a: { z: 1, y: -0 } });
    assert.equal(text, '{"a":{"y":0,"z":1},"b":[{"d":1}]}');
  });

  it('does not depend on the order of keys, and keeps the value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        fc.pre(!JSON.stringify(value).includes('__proto__'));
        assert.equal(canonicalJson(shuffled(value)), canonicalJson(value));
        assert.deepEqual(JSON.parse(canonicalJson(value)), JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('hashes parts apart', () => {
    assert.notEqual(sha256('ab', 'c'), sha256('a', 'bc'));
    assert.equal(sha256('ä'), sha256(Buffer.from('ä')));
  });

  it('gives a DAG the same version each time, another for another plan or bundle', () => {
    const plan = planOf((d) => d.task('a', noop()));
    const other = planOf((d) => d.task('a', noop(), { retries: 1 }));
    const hash = versionHash(plan, null);
    assert.match(hash, /^[0-9a-f]{64}$/);
    assert.equal(
      versionHash(
        planOf((d) => d.task('a', noop())),
        null,
      ),
      hash,
    );
    assert.notEqual(versionHash(other, null), hash);
    assert.notEqual(versionHash(plan, 'x'), hash);
  });
});
