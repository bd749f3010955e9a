/** Very large and very deep DAGs: compiled in time, or refused by a limit. */
import assert from 'node:assert/strict';
import { type Task, bash, dag } from 'podline/dag';
import { compile } from '../../src/plan/compile.ts';
import { codesOf, errorsOf, noop, planOf } from './support.ts';

describe('compile: large DAGs', () => {
  const chainOf = (count: number) =>
    dag('chain', {}, (d) => {
      let last: Task | undefined;
      for (let index = 0; index < count; index++)
        last = d.task(`t${index}`, noop(), { after: last });
    });

  it('a chain of 10,000, and templates that reach across it', () => {
    const value = dag('chain', {}, (d) => {
      let last: Task = d.task('t0', noop());
      for (let index = 1; index < 10_000; index++) {
        last = d.task(`t${index}`, bash({ script: '{{ xcom.t0 }}' }), { after: last });
      }
    });
    const plan = compile(value);
    assert.equal(plan.tasks[0]?.priority, 10_000);
  });

  it('a fan-out and fan-in of 10,000', () => {
    const plan = planOf((d) => {
      const start = d.task('start', noop());
      const middle = Array.from({ length: 10_000 }, (_, index) =>
        d.task(`t${index}`, noop(), { after: start }),
      );
      d.task('end', noop(), { after: middle });
    });
    assert.equal(plan.tasks.at(-1)?.upstream.length, 10_000);
    assert.equal(plan.tasks[0]?.priority, 10_002);
  });

  it('200,000 edges', () => {
    const plan = planOf((d) => {
      const tasks: Task[] = [];
      for (let index = 0; index < 10_000; index++) {
        tasks.push(d.task(`t${index}`, noop(), { after: tasks.slice(-20) }));
      }
    });
    assert.equal(
      plan.tasks.reduce((sum, { upstream }) => sum + upstream.length, 0),
      199_790,
    );
  });

  it('50,000 tasks, and refuses one more', () => {
    assert.equal(compile(chainOf(50_000)).tasks.length, 50_000);
    assert.deepEqual(
      codesOf((d) => {
        for (let index = 0; index <= 50_000; index++) d.task(`t${index}`, noop());
      }),
      ['dag.too_large'],
    );
  });

  it('refuses 100 million edges at once', () => {
    const codes = codesOf((d) => {
      const wide = (id: string) =>
        d.group(id, (g) => {
          for (let index = 0; index < 10_000; index++) g.task(`t${index}`, noop());
        });
      wide('b').after(wide('a'));
    });
    assert.deepEqual(codes, ['dag.too_large']);
  });

  it('names a cycle of 10,000 without all its tasks', () => {
    const [error] = errorsOf((d) => {
      const first = d.task('t0', noop());
      let last: Task = first;
      for (let index = 1; index < 10_000; index++)
        last = d.task(`t${index}`, noop(), { after: last });
      first.after(last);
    });
    assert.equal(error?.code, 'dag.cycle');
    assert.ok(error.message.length < 500);
    assert.match(error.message, /t0 -> t1 -> .* -> t0\./);
  });
});
