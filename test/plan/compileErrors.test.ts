/** Mistakes in the graph: each is found, named and placed. */
import assert from 'node:assert/strict';
import {
  type Operator,
  type Task,
  bash,
  branch,
  dag,
  defineOperator,
  greatExpectations,
  http,
  sensor,
  sql,
  typescript,
} from 'podline/dag';
import { z } from 'zod';
import { codesOf, errorsOf, noop, planOf, untyped } from './support.ts';

const withInput = (value: unknown) =>
  typescript({ inputs: { x: value }, run: () => null }) as unknown as Operator;

describe('compile: mistakes in the graph', () => {
  it('an empty DAG', () =>
    assert.deepEqual(
      codesOf(() => null),
      ['dag.empty'],
    ));

  it('a task that waits for itself', () => {
    const [error] = errorsOf((d) => d.task('a', noop()).after('a'));
    assert.match(error?.message ?? '', /dag.cycle: DAG test has a cycle: a -> a\./);
  });

  it('a cycle of two, and one behind other tasks', () => {
    const [error] = errorsOf((d) => {
      const start = d.task('start', noop());
      const a = d.task('a', noop(), { after: start });
      const b = d.task('b', noop(), { after: a });
      const c = d.task('c', noop(), { after: b });
      a.after(c);
      d.task('end', noop(), { after: c });
    });
    assert.equal(error?.details.path, 'a -> b -> c -> a');
  });

  it('a cycle through a group and a mapped input', () => {
    const codes = codesOf((d) => {
      const list = d.task('list', typescript({ run: () => [1] }));
      const each = d.map('each', { x: list.output }, ({ x }) => withInput(x));
      list.after(d.group('g', (g) => g.task('t', noop(), { after: each })));
    });
    assert.deepEqual(codes, ['dag.cycle']);
  });

  it('a missing upstream, by id', () => {
    const [error] = errorsOf((d) => d.task('a', noop(), { after: 'nobody' }));
    assert.equal(error?.code, 'dag.unknown_task');
    assert.match(error.message, /Task a of DAG test refers to "nobody".*known ids are a\./);
  });

  it('something else than a task as upstream', () => {
    for (const bad of [3, {}, () => 1, noop(), [null]]) {
      const codes = codesOf((d) => d.task('a', noop(), { after: untyped(bad) }));
      assert.deepEqual(codes, ['dag.bad_option'], typeof bad);
    }
  });

  it('a list of upstreams that contains itself does not hang', () => {
    const list: unknown[] = [];
    list.push(list);
    assert.equal(planOf((d) => d.task('a', noop(), { after: untyped(list) })).tasks.length, 1);
  });

  it('duplicate ids, also of task and group', () => {
    const errors = errorsOf((d) => {
      d.task('a', noop());
      d.task('a', noop());
      d.group('a', (g) => g.task('b', noop()));
    });
    assert.deepEqual([...new Set(errors.map(({ code }) => code))], ['dag.duplicate_id']);
  });

  it('tasks of another DAG, as upstream and as input', () => {
    let foreign: Task<string> | undefined;
    dag('other', {}, (d) => {
      foreign = d.task('far', typescript({ run: () => 'x' }));
    });
    const errors = errorsOf((d) => {
      if (foreign) d.task('a', withInput(foreign.output), { after: foreign });
    });
    assert.deepEqual(
      errors.map(({ code }) => code),
      ['dag.foreign_task', 'dag.foreign_task'],
    );
    assert.match(errors[0]?.message ?? '', /task far of DAG other/);
  });

  it('a template that reads a task which is not upstream, or unknown', () => {
    const errors = errorsOf((d) => {
      d.task('a', noop());
      d.task('b', bash({ script: 'x\n{{ xcom.a }} {{ xcom.zz.rows }}' }));
    });
    assert.deepEqual(
      errors.map(({ code }) => code),
      ['dag.unknown_task', 'dag.not_upstream'],
    );
    assert.match(errors[0]?.message ?? '', /"xcom.zz.rows" \(config.script.text, line 2\)/);
  });

  it('templates that do not parse, with line and place', () => {
    const bad: [string, RegExp][] = [
      ['a\n{{ x', /line 2: "\{\{" is never closed/],
      ['{% if x %}', /line 1: .*endif/],
      ['a\nb\n{{ 1 + }}', /line 3: unexpected token/],
      ['{% include "x" %}', /"include" is not available/],
      ['{{ xcom[name] }}', /needs a fixed name/],
      ['{{ var }}', /needs a fixed name/],
      [`{{ ${'('.repeat(50_000)} }}`, /nested too deeply/],
    ];
    for (const [text, reason] of bad) {
      const [error] = errorsOf((d) => d.task('a', bash({ script: text })));
      assert.equal(error?.code, 'dag.bad_template', text.slice(0, 30));
      assert.match(error.message, reason);
      assert.match(error.message, /config\.script\.text/);
    }
  });

  it('an element of one mapped task in another task', () => {
    const codes = codesOf((d) => {
      let leaked: unknown;
      d.map('each', { x: [1] }, ({ x }) => {
        leaked = x;
        return withInput(x);
      });
      d.task('b', withInput(leaked));
    });
    assert.deepEqual(codes, ['dag.bad_option']);
  });

  it('mapping over what is no list, too many, or unequal lists', () => {
    const map = (over: object, options = {}) =>
      codesOf((d) => d.map('m', over as { x: number[] }, () => noop(), options));
    assert.deepEqual(map({ x: 3 }), ['dag.bad_option']);
    assert.deepEqual(map({}), ['dag.bad_option']);
    assert.deepEqual(map({ __proto__x: [1] }), ['dag.bad_option']);
    assert.deepEqual(map({ x: [1, 2, 3] }, { maxMapLength: 2 }), ['map.too_long']);
    assert.deepEqual(map({ x: [1, 2], y: [1] }, { combine: 'zip' }), ['map.unequal']);
    const list = Array.from({ length: 1000 }, (_, index) => index);
    assert.deepEqual(map({ a: list, b: list, c: list }), ['map.too_long']);
  });

  it('an asynchronous build function', () => {
    const codes = codesOf(async (d) => {
      d.task('a', noop());
      await Promise.resolve();
    });
    assert.deepEqual(codes, ['dag.bad_option']);
  });

  it('something that is no operator, or a broken one', () => {
    for (const bad of [undefined, null, 3, 'bash', {}]) {
      assert.deepEqual(
        codesOf((d) => d.task('a', untyped<Operator>(bad))),
        ['dag.bad_option'],
        typeof bad,
      );
    }
    const broken: Operator[] = [
      bash(untyped({})),
      bash(untyped({ script: 'x', file: 'y' })),
      bash({ script: ' ' }),
      bash({ script: 'x', skipExitCode: 0 }),
      sql(untyped({ connection: 'w', sql: 'x', rows: 'many' })),
      sql(untyped({ connection: '', sql: 'x' })),
      branch(untyped<{ run: () => null }>({})),
      http({ url: 'x', headers: { 'a b': 'x' } }),
      http({ url: 'x', headers: { a: 'x\r\nEvil: 1' } }),
      http({ url: 'x', expect: 1000 }),
      sensor.time(untyped({ at: 'tomorrow' })),
      sensor.time({ delay: -1 }),
      sensor.time(untyped({})),
      sensor.file({ path: 'x', interval: 0 }),
      greatExpectations(untyped({ connection: 'w', expectations: [] })),
    ];
    for (const [index, operator] of broken.entries()) {
      const codes = codesOf((d) => d.task('a', operator));
      assert.ok(codes.includes('dag.bad_option'), `operator ${index}`);
    }
  });

  it('a third-party config that does not fit its schema', () => {
    const shout = defineOperator<{ text: string }>({
      name: 'acme.shout',
      module: '@acme/shout',
      schema: z.object({ text: z.string() }),
    });
    const [error] = errorsOf((d) => d.task('a', shout(untyped({ text: 3 }))));
    assert.match(error?.message ?? '', /operator acme.shout: text: /);
    const plan = planOf((d) => d.task('a', shout({ text: 'x' })));
    assert.equal(plan.tasks[0]?.operatorModule, '@acme/shout');
  });

  it('a script file that is missing or too large', () => {
    const build = (d: Parameters<Parameters<typeof planOf>[0]>[0]) =>
      d.task('a', bash({ file: 'x.sh' }));
    const [missing] = errorsOf(build, {}, { dagFile: 'etl.ts' });
    assert.match(missing?.message ?? '', /names the file x.sh, which does not exist beside etl.ts/);
    const large = 'x'.repeat(256 * 1024 + 1);
    assert.deepEqual(codesOf(build, {}, { readFile: () => large }), ['dag.bad_option']);
    assert.deepEqual(
      codesOf((d) => d.task('a', bash({ script: large }))),
      ['dag.bad_option'],
    );
  });

  it('reports all problems at once, and stops at 100', () => {
    const errors = errorsOf(
      (d) => {
        for (let index = 0; index < 500; index++) d.task(`t${index}`, noop(), { retries: -1 });
      },
      { schedule: 'x', timezone: 'Mars' },
    );
    assert.equal(errors.length, 100);
    assert.deepEqual(
      errors
        .slice(0, 3)
        .map(({ code }) => code)
        .sort(),
      ['dag.bad_option', 'dag.bad_schedule', 'dag.bad_timezone'],
    );
  });
});
