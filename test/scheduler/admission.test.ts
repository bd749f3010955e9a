/** Who gets a slot: priority, wide tasks, pools, limits of DAGs and tasks. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Candidate, CappedCount } from '../../runtime/database/queries/findCandidates.ts';
import { admit } from '../../runtime/scheduler/admission.ts';

let nextId = 0;

function candidate(over: Partial<Candidate> = {}): Candidate {
  return {
    id: ++nextId,
    run_id: 1,
    dag_id: 'd',
    task_id: 't',
    pool: 'p',
    pool_slots: 1,
    priority: 1,
    cap_dag: null,
    cap_run: null,
    dag_free: 100,
    ...over,
  };
}

function room(slots: number, free = slots, capped: CappedCount[] = []) {
  return { pools: new Map([['p', { slots, free }]]), capped };
}

const ids = (list: Candidate[]) => list.map(({ id }) => id);

describe('admission', () => {
  it('fills a pool in the order given and no further', () => {
    const list = [candidate(), candidate(), candidate()];
    assert.deepEqual(admit(list, room(2)).ids, ids(list.slice(0, 2)));
    assert.deepEqual(admit(list, room(2, 0)).ids, []);
    assert.deepEqual(admit(list, { pools: new Map(), capped: [] }).ids, []);
  });

  it('a wide task that does not fit now keeps its pool for itself, but no other pool', () => {
    const wide = candidate({ pool_slots: 3 });
    const narrow = candidate();
    const elsewhere = candidate({ pool: 'q' });
    const pools = new Map([
      ['p', { slots: 3, free: 2 }],
      ['q', { slots: 1, free: 1 }],
    ]);
    assert.deepEqual(admit([wide, narrow, elsewhere], { pools, capped: [] }).ids, [elsewhere.id]);
    assert.deepEqual(admit([wide, narrow], room(3)).ids, [wide.id]);
  });

  it('a task that is wider than its whole pool holds up nobody', () => {
    const narrow = candidate();
    assert.deepEqual(admit([candidate({ pool_slots: 4 }), narrow], room(3)).ids, [narrow.id]);
  });

  it('counts places of a DAG over all its pools', () => {
    const list = [
      candidate({ dag_free: 2 }),
      candidate({ dag_free: 2, pool: 'q' }),
      candidate({ dag_free: 2 }),
      candidate({ dag_id: 'other', dag_free: 1 }),
    ];
    const pools = new Map([
      ['p', { slots: 9, free: 9 }],
      ['q', { slots: 9, free: 9 }],
    ]);
    assert.deepEqual(admit(list, { pools, capped: [] }).ids, ids([list[0]!, list[1]!, list[3]!]));
  });

  it('limits of a task, in a run and over all runs, with what is already active', () => {
    const capped = [{ dag_id: 'd', task_id: 't', run_id: 1, active: 1 }];
    const perRun = [
      candidate({ cap_run: 1 }),
      candidate({ cap_run: 1, run_id: 2 }),
      candidate({ cap_run: 1, run_id: 2 }),
    ];
    const first = admit(perRun, room(9, 9, capped));
    assert.deepEqual(first.ids, [perRun[1]?.id]);
    assert.deepEqual(first.full, [
      { dag_id: 'd', task_id: 't', run_id: 1 },
      { dag_id: 'd', task_id: 't', run_id: 2 },
    ]);
    const overall = [candidate({ cap_dag: 2, run_id: 2 }), candidate({ cap_dag: 2, run_id: 3 })];
    const second = admit(overall, room(9, 9, capped));
    assert.deepEqual(second.ids, [overall[0]?.id]);
    assert.deepEqual(second.full, [{ dag_id: 'd', task_id: 't', run_id: null }]);
  });

  it('never exceeds any limit and says exactly what it took', () => {
    const some = fc.record({
      dag_id: fc.constantFrom('a', 'b'),
      task_id: fc.constantFrom('x', 'y'),
      run_id: fc.integer({ min: 1, max: 2 }),
      pool: fc.constantFrom('p', 'q', 'missing'),
      pool_slots: fc.integer({ min: 1, max: 4 }),
      cap_dag: fc.constantFrom(null, 1, 2),
      cap_run: fc.constantFrom(null, 1),
    });
    fc.assert(
      fc.property(fc.array(some, { maxLength: 30 }), fc.nat(5), fc.nat(5), (list, p, q) => {
        const candidates = list.map((each) => candidate({ ...each, dag_free: 3 }));
        const pools = new Map([
          ['p', { slots: 5, free: p }],
          ['q', { slots: 5, free: q }],
        ]);
        const admission = admit(candidates, { pools, capped: [] });
        const taken = candidates.filter(({ id }) => admission.ids.includes(id));
        const used = (pool: string) =>
          taken
            .filter((each) => each.pool === pool)
            .reduce((sum, each) => sum + each.pool_slots, 0);
        assert.ok(used('p') <= p && used('q') <= q && used('missing') === 0);
        for (const [pool, slots] of admission.taken) assert.equal(slots, used(pool));
        for (const one of taken) {
          const same = taken.filter(
            ({ dag_id, task_id }) => dag_id === one.dag_id && task_id === one.task_id,
          );
          const position = same.indexOf(one);
          const inRun = same.filter(({ run_id }) => run_id === one.run_id).indexOf(one);
          assert.ok(one.cap_dag === null || position < one.cap_dag);
          assert.ok(one.cap_run === null || inRun < one.cap_run);
        }
        for (const dag of ['a', 'b'])
          assert.ok(taken.filter(({ dag_id }) => dag_id === dag).length <= 3);
      }),
      { seed: 7, numRuns: 500 },
    );
  });
});
