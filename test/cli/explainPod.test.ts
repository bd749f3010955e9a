/** What people read about a pod that does not run yet; facts of any shape are survived. */
import assert from 'node:assert/strict';
import type { Json } from '../../src/plan/plan.ts';
import { explainPodWait, podPlace } from '../../runtime/explain/explainPod.ts';

const now = new Date('2026-01-01T00:01:00Z');

describe('explaining pods', () => {
  it('says what a pod waits for, how long, and the words of the cluster', () => {
    const waiting = {
      reason: 'unschedulable',
      message: '0/3 nodes are available: 3 Insufficient cpu.',
      since: '2026-01-01T00:00:18Z',
    };
    assert.equal(
      explainPodWait({ pod: 'p', waiting }, now),
      'no node has room for its pod (for 42 s): 0/3 nodes are available: 3 Insufficient cpu.',
    );
  });

  it('passes on a reason that it does not know', () => {
    assert.equal(explainPodWait({ waiting: { reason: 'moon_phase' } }, now), 'moon_phase');
  });

  it('names cluster, namespace, pod and node', () => {
    const facts = { cluster: 'eu', namespace: 'etl', pod: 'load-1', node: 'n1', uid: 'u' };
    assert.deepEqual(podPlace(facts), {
      cluster: 'eu',
      namespace: 'etl',
      pod: 'load-1',
      node: 'n1',
    });
  });

  const strange: Json[] = [null, 1, 'x', [], {}, { waiting: 7 }, { waiting: { reason: {} } }];
  for (const facts of [...strange, { waiting: { reason: '__proto__', since: 'soon' } }]) {
    it(`survives ${JSON.stringify(facts)}`, () => {
      assert.match(explainPodWait(facts, now), /^(__proto__)?$/);
      assert.equal(podPlace(facts), undefined);
    });
  }
});
