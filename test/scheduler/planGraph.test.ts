/** The indexed plan: edges, leaves, what setups and teardowns ask for; and the queue of tasks to look at. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { bash, dag } from 'podline/dag';
import { ancestors, descendants, type PlanGraph } from '../../runtime/scheduler/planGraph.ts';
import { TaskQueue } from '../../runtime/scheduler/taskQueue.ts';
import { graphOf } from './pure.ts';

const work = bash({ script: 'true' });

function names(graph: PlanGraph, positions: Iterable<number> | undefined): string[] {
  return [...(positions ?? [])].map((at) => graph.tasks[at]?.id ?? '?').sort();
}

function of(graph: PlanGraph, task: string): number {
  return graph.indexOf.get(task) ?? -1;
}

describe('plan graph', () => {
  const diamond = graphOf(
    dag('diamond', {}, (d) => {
      const a = d.task('a', work);
      const b = d.task('b', work, { after: a });
      const c = d.task('c', work, { after: a });
      d.task('z', work, { after: [b, c] });
    }),
  );

  it('knows both directions of every edge', () => {
    assert.deepEqual(names(diamond, diamond.downstream[of(diamond, 'a')]), ['b', 'c']);
    assert.deepEqual(names(diamond, diamond.upstream[of(diamond, 'z')]), ['b', 'c']);
    assert.deepEqual(names(diamond, descendants(diamond, [of(diamond, 'b')])), ['z']);
    assert.deepEqual(names(diamond, ancestors(diamond, [of(diamond, 'z')])), ['a', 'b', 'c']);
    assert.deepEqual(names(diamond, diamond.leaves), ['z']);
  });

  it('leaves: tasks that nothing but ignorable teardowns comes after', () => {
    const make = (teardownFailsRun: boolean) =>
      graphOf(
        dag('scaffold', {}, (d) => {
          const up = d.task('up', work);
          const job = d.task('job', work, { after: up });
          d.task('down', work, { teardownOf: up, after: job, teardownFailsRun });
        }),
      );
    assert.deepEqual(names(make(false), make(false).leaves), ['job']);
    assert.deepEqual(names(make(true), make(true).leaves), ['down']);
    const only = graphOf(
      dag('only', {}, (d) => {
        const up = d.task('up', work);
        d.task('down', work, { teardownOf: up });
      }),
    );
    assert.deepEqual(names(only, only.leaves), ['up']);
  });

  it('work inside a setup waits for it from afar; its teardown waits for all of the work', () => {
    const graph = graphOf(
      dag('far', {}, (d) => {
        const up = d.task('up', work);
        const one = d.task('one', work, { after: up });
        const two = d.task('two', work, { after: one, triggerRule: 'all_done' });
        const down = d.task('down', work, { teardownOf: up, after: two });
        d.task('next', work, { after: two });
        d.task('last', work, { after: down });
      }),
    );
    assert.deepEqual(names(graph, graph.guards[of(graph, 'two')]), ['up']);
    assert.deepEqual(names(graph, graph.guards[of(graph, 'one')]), []);
    assert.deepEqual(names(graph, graph.guards[of(graph, 'next')]), []);
    assert.deepEqual(names(graph, graph.scopes[of(graph, 'down')]), ['one']);
    assert.ok(graph.watchers[of(graph, 'up')]?.includes(of(graph, 'two')));
    assert.ok(graph.watchers[of(graph, 'one')]?.includes(of(graph, 'down')));
  });
});

describe('task queue', () => {
  it('gives every task once, the smallest first, whatever was added when', () => {
    const step = fc.oneof(fc.nat(20), fc.constant('take' as const));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const queue = new TaskQueue();
        const plain = new Set<number>();
        for (const each of steps) {
          if (each === 'take') {
            const least = plain.size > 0 ? Math.min(...plain) : undefined;
            if (least !== undefined) plain.delete(least);
            assert.equal(queue.take(), least);
          } else {
            queue.add(each);
            plain.add(each);
          }
          assert.equal(queue.size, plain.size);
        }
      }),
      { seed: 7, numRuns: 500 },
    );
  });
});
