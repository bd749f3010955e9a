/** The corpus of bad input: ids, numbers, times, payloads. Each gets a clear error, none a crash. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Operator, typescript } from 'podline/dag';
import { z } from 'zod';
import { codesOf, errorsOf, noop, planOf, untyped } from './support.ts';

const withInput = (value: unknown) =>
  typescript({ inputs: { x: value }, run: () => null }) as unknown as Operator;

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
      { outlets: 's3://lake/orders' },
      { outlets: ['two words'] },
      { inlets: ['a\u202eb'] },
      { inlets: [''] },
      { inlets: ['twice', 'twice'] },
      { outlets: Array.from({ length: 51 }, (_, number) => `a${number}`) },
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
