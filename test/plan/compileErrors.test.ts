import assert from 'node:assert/strict';
import fc from 'fast-check';
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
import { compile } from '../../src/plan/compile.ts';
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

describe('compile: bad input corpus', () => {
  const badIds: unknown[] = [
    '',
    ' ',
    '.',
    '..',
    '/',
    '%2e%2e',
    'a\0',
    'a\n',
    '\u202eabc',
    'a\u200bb',
    'é',
    'e\u0301',
    '😀',
    'а',
    'a/b',
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    "'; DROP TABLE dag;--",
    '<script>',
    '$(id)',
    '-a',
    '_a',
    'a.',
    '.a',
    'a..b',
    'x'.repeat(201),
    'x'.repeat(1000),
    null,
    undefined,
    3,
    {},
    [],
    true,
  ];
  it('refuses bad ids of DAGs, tasks and groups', () => {
    for (const id of badIds) {
      const name = JSON.stringify(id);
      assert.ok(
        codesOf((d) => d.task('a', noop()), {}, undefined, id).includes('dag.bad_id'),
        `DAG ${name}`,
      );
      assert.ok(codesOf((d) => d.task(untyped(id), noop())).includes('dag.bad_id'), `task ${name}`);
      const group = codesOf((d) => d.group(untyped(id), (g) => g.task('t', noop())));
      assert.ok(group.includes('dag.bad_id'), `group ${name}`);
    }
  });

  it('accepts unusual but good ids', () => {
    const ids = [
      'a',
      'A',
      '0',
      '9-x',
      'a_b-C',
      'health',
      'configs',
      'trailing-',
      'x'.repeat(200),
      'x'.repeat(63),
      'x'.repeat(64),
    ];
    const plan = planOf((d) => ids.forEach((id) => d.task(id, noop())));
    assert.deepEqual(new Set(plan.tasks.map(({ id }) => id)), new Set(ids));
  });

  it('refuses ids that grow too long through groups', () => {
    const codes = codesOf((d) => d.group('g'.repeat(150), (g) => g.task('t'.repeat(150), noop())));
    assert.deepEqual(codes, ['dag.bad_id']);
  });

  const badCounts: unknown[] = [
    -1,
    NaN,
    Infinity,
    1e309,
    2 ** 53 + 1,
    '3',
    1.5,
    true,
    [],
    {},
    3n,
    -Infinity,
  ];
  it('refuses bad numbers in every option', () => {
    const options = ['poolSlots', 'maxActivePerDag', 'maxActivePerRun', 'retries', 'priority'];
    for (const option of options) {
      for (const value of badCounts) {
        if (option === 'priority' && value === -1) continue;
        if (option === 'retries' && typeof value === 'object' && !Array.isArray(value)) continue;
        const errors = errorsOf((d) => d.task('a', noop(), { [option]: value }));
        assert.ok(
          errors.every(({ code }) => code === 'dag.bad_option'),
          `${option} ${String(value)}`,
        );
        assert.match(errors[0]?.message ?? '', new RegExp(`DAG test, task a, ${option}`));
      }
      const codes = codesOf((d) => d.task('a', noop(), { [option]: null }));
      assert.deepEqual(codes, ['dag.bad_option'], option);
    }
    for (const option of ['maxActiveRuns', 'maxActiveTasks']) {
      for (const value of [...badCounts, 0, null]) {
        assert.deepEqual(
          codesOf((d) => d.task('a', noop()), { [option]: value }),
          ['dag.bad_option'],
        );
      }
    }
    for (const value of [0, -1, NaN, Infinity, 1e12, '5', 'soon', null, '-5m']) {
      const task = codesOf((d) => d.task('a', noop(), { executionTimeout: untyped(value) }));
      assert.deepEqual(task, ['dag.bad_option'], `executionTimeout ${String(value)}`);
      const run = codesOf((d) => d.task('a', noop()), { runTimeout: value });
      assert.deepEqual(run, ['dag.bad_option'], `runTimeout ${String(value)}`);
    }
    for (const policy of [
      { delay: -1 },
      { delay: 1e12 },
      { factor: 0 },
      { factor: NaN },
      { jitter: 2 },
      { max: 1e9 },
      { rules: 3 },
      { rules: [{}] },
      { rules: [{ causes: ['nope'], action: 'retry' }] },
      { rules: [null] },
      { oops: 1 },
    ]) {
      const codes = codesOf((d) => d.task('a', noop(), { retries: untyped(policy) }));
      assert.ok(
        codes.every((code) => code === 'dag.bad_option'),
        JSON.stringify(policy),
      );
    }
  });

  it('writes -0 as 0', () => {
    const plan = planOf((d) => d.task('a', withInput(-0), { retries: -0 }));
    assert.ok(Object.is(plan.tasks[0]?.retries.max, 0));
  });

  it('refuses other bad options, and options that do not exist', () => {
    const bad: object[] = [
      { retires: 3 },
      { triggerRule: 'all_sucess' },
      { pool: '' },
      { pool: 3 },
      { executor: 'magic' },
      { executor: 'pool:' },
      { env: { 'A B': 'x' } },
      { env: { A: 3 } },
      { env: { A: '\0' } },
      { env: 3 },
      { dependsOnPast: 'yes' },
      { callbacks: { onFailure: 'http://x' } },
      { callbacks: { onFail: [] } },
      { callbacks: { onFailure: { kind: 'email', to: [] } } },
      { connections: 'w' },
      { setup: 1 },
      { maxMapLength: 3 },
      { templates: 'no' },
    ];
    for (const options of bad) {
      const codes = codesOf((d) => d.task('a', noop(), options));
      assert.deepEqual([...new Set(codes)], ['dag.bad_option'], JSON.stringify(options));
    }
    for (const options of [
      { shedule: '@daily' },
      { tags: 'x' },
      { catchup: 1 },
      { defaults: { after: 'x' } },
      { defaults: 3 },
      { catchup: true, schedule: '@daily' },
      { callbacks: { onRetry: [] } },
    ]) {
      const codes = codesOf((d) => d.task('a', noop()), options);
      assert.deepEqual([...new Set(codes)], ['dag.bad_option'], JSON.stringify(options));
    }
  });

  it('refuses bad schedules, zones and dates', () => {
    const only = (options: object) => codesOf((d) => d.task('a', noop()), options);
    for (const schedule of [
      '60 * * * *',
      '* * 31 2 *',
      '* * * * * *',
      '* * * * * * *',
      '@never',
      '',
      'x'.repeat(10_000),
      3,
      {},
      [],
      { every: 0 },
      { every: '-1h' },
      true,
    ]) {
      assert.deepEqual(only({ schedule }), ['dag.bad_schedule'], JSON.stringify(schedule));
    }
    for (const timezone of ['Mars/Base', '', '+02:00', 'x'.repeat(1000), 3, null]) {
      assert.deepEqual(only({ timezone }), ['dag.bad_timezone'], JSON.stringify(timezone));
    }
    for (const startDate of [
      '0000-01-01',
      '9999-12-31',
      '2026-02-30',
      'today',
      '',
      3,
      null,
      new Date(NaN),
    ]) {
      assert.deepEqual(only({ startDate }), ['dag.bad_option'], String(startDate));
    }
    assert.deepEqual(only({ startDate: '2026-02-01', endDate: '2026-01-01' }), ['dag.bad_option']);
  });

  it('refuses bad params', () => {
    const only = (params: unknown, more = {}) =>
      codesOf((d) => d.task('a', noop()), { params, ...more });
    for (const params of [
      3,
      'x',
      [],
      null,
      { type: 'object', properties: 3 },
      { a: { type: 'nope' } },
      z.object({ a: z.date() }),
      z.string(),
      { constructor: 1 },
    ]) {
      assert.deepEqual(only(params), ['dag.bad_params'], JSON.stringify(params));
    }
    assert.deepEqual(only({ a: 10n }), ['dag.not_json']);
    assert.deepEqual(only({ a: { type: 'string' } }, { schedule: '@daily' }), ['dag.bad_params']);
    assert.deepEqual(only({ a: { type: 'string', default: 3 } }, { schedule: '@daily' }), [
      'dag.bad_params',
    ]);
  });

  it('refuses literals that are no JSON, and names the place', () => {
    const cyclic: Record<string, unknown> = {};
    cyclic.self = cyclic;
    let deep: unknown = 1;
    for (let level = 0; level < 100_000; level++) deep = { deep };
    class Money {
      amount = 1;
    }
    const bad: [unknown, RegExp][] = [
      [cyclic, /x\.self holds an object that contains itself/],
      [deep, /more than 200 levels/],
      [{ a: [1, 10n] }, /x\.a\[1\] holds a BigInt/],
      [new Date(0), /a Date/],
      [Buffer.from('x'), /binary data/],
      [() => 1, /a function/],
      [Symbol('x'), /a symbol/],
      [NaN, /NaN/],
      [[Infinity], /x\[0\] holds Infinity/],
      ['\ud800', /half of a surrogate pair/],
      [{ '\udc00': 1 }, /half of a surrogate pair/],
      ['a\0b', /U\+0000/],
      [new Money(), /class Money/],
      [new Map(), /class Map/],
      [Promise.resolve(1), /class Promise/],
      [{ toJSON: () => 'x' }, /toJSON/],
      [
        {
          get boom() {
            throw new Error('no');
          },
        },
        /throws when it is read \(no\)/,
      ],
      [JSON.parse('{"__proto__": {"a": 1}}'), /__proto__/],
      [[undefined], /x\[0\] holds undefined/],
    ];
    for (const [value, reason] of bad) {
      const [error] = errorsOf((d) => d.task('a', withInput(value)));
      assert.equal(error?.code, 'dag.not_json', String(reason));
      assert.match(error.message, reason);
      assert.match(error.message, /DAG test, task a, inputs\.x/);
    }
  });

  it('never throws anything but PodlineErrors, whatever an option holds', () => {
    const options = [
      'retries',
      'executionTimeout',
      'triggerRule',
      'pool',
      'poolSlots',
      'priority',
      'executor',
      'env',
      'connections',
      'callbacks',
      'after',
      'teardownOf',
      'description',
      'templates',
    ];
    fc.assert(
      fc.property(
        fc.constantFrom(...options),
        fc.anything({
          withBigInt: true,
          withDate: true,
          withMap: true,
          withNullPrototype: true,
          withSparseArray: true,
        }),
        (option, value) => {
          try {
            planOf((d) => d.task('a', withInput(value), untyped({ [option]: value })));
          } catch (error) {
            assert.equal((error as Error).name, 'PodlineErrors', String((error as Error).stack));
          }
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('keeps JSON as it is', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        fc.pre(!/\\u0000|\\ud[89a-f]|__proto__/i.test(JSON.stringify(value)));
        const plan = planOf((d) => d.task('a', withInput(value)));
        const literal = plan.tasks[0]?.inputs.x;
        assert.deepEqual(literal, {
          kind: 'literal',
          value: JSON.parse(JSON.stringify(value)) as unknown,
        });
      }),
    );
  });
});

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
