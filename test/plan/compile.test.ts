/** What the compiler makes of a DAG: order, edges, options, references. */
import assert from 'node:assert/strict';
import {
  bash,
  branch,
  chain,
  dag,
  email,
  python,
  sensor,
  shortCircuit,
  sql,
  typescript,
  webhook,
} from 'podline/dag';
import { z } from 'zod';
import { compile } from '../../src/plan/compile.ts';
import { noop, planOf, taskOf } from './support.ts';

describe('compile', () => {
  it('fills every default', () => {
    const plan = planOf((d) => d.task('a', noop()));
    assert.deepEqual(plan, {
      format: 1,
      dagId: 'test',
      tags: [],
      schedule: { kind: 'none' },
      timezone: 'UTC',
      catchup: false,
      maxActiveRuns: 16,
      maxActiveTasks: 16,
      failFast: false,
      params: { type: 'object' },
      callbacks: {},
      groups: [],
      tasks: [
        {
          id: 'a',
          operator: 'bash',
          config: { script: { text: 'true' } },
          inputs: {},
          references: { xcoms: [], variables: [], connections: [] },
          upstream: [],
          triggerRule: 'all_success',
          env: {},
          retries: {
            max: 0,
            delay: 300,
            factor: 1,
            maxDelay: 86_400,
            jitter: 0,
            rules: [],
            infrastructure: 3,
          },
          pool: 'default_pool',
          poolSlots: 1,
          priority: 1,
          dependsOnPast: false,
          executor: 'default',
          setup: false,
          callbacks: {},
        },
      ],
    });
  });

  it('reads the options of DAG and task', () => {
    const plan = planOf(
      (d) =>
        d.task('a', noop(), {
          retries: {
            max: 2,
            delay: '5m',
            factor: 2,
            maxDelay: '1h',
            jitter: 0.5,
            infrastructure: 0,
            rules: [{ causes: ['exit_code'], exitCodes: [7], action: 'retry', delay: '10s' }],
          },
          executionTimeout: '1h30m',
          executor: 'pool:heavy',
          callbacks: { onFailure: [webhook('http://x/'), email({ connection: 'm', to: 'a@b.c' })] },
        }),
      {
        schedule: '@daily',
        timezone: 'Europe/Berlin',
        startDate: '2026-01-01',
        endDate: new Date('2027-01-01T00:00:00Z'),
        runTimeout: '1d',
        callbacks: { onSuccess: webhook({ url: 'http://y/', headers: { a: 'b' } }) },
      },
    );
    assert.deepEqual(plan.schedule, { kind: 'cron', cron: '0 0 * * *' });
    assert.equal(plan.startDate, '2025-12-31T23:00:00.000Z');
    assert.equal(plan.endDate, '2027-01-01T00:00:00.000Z');
    assert.equal(plan.runTimeout, 86_400);
    assert.deepEqual(plan.callbacks.success, [
      { kind: 'webhook', url: 'http://y/', headers: { a: 'b' } },
    ]);
    const task = taskOf(plan, 'a');
    assert.deepEqual(task.retries, {
      max: 2,
      delay: 300,
      factor: 2,
      maxDelay: 3600,
      jitter: 0.5,
      infrastructure: 0,
      rules: [{ causes: ['exit_code'], exitCodes: [7], action: 'retry', delay: 10 }],
    });
    assert.equal(task.executionTimeout, 5400);
    assert.equal(task.executor, 'pool:heavy');
    assert.deepEqual(task.callbacks.failure, [
      { kind: 'webhook', url: 'http://x/' },
      { kind: 'email', connection: 'm', to: ['a@b.c'] },
    ]);
  });

  it('layers defaults of DAG, groups and task', () => {
    const plan = planOf(
      (d) => {
        d.group(
          'g',
          (g) => {
            g.task('a', noop());
            g.task('b', noop(), { retries: 5, env: { B: '2' } });
          },
          { defaults: { pool: 'small', env: { G: '1' } } },
        );
      },
      { defaults: { retries: 1, pool: 'large', env: { D: '0' } } },
    );
    const [a, b] = [taskOf(plan, 'g.a'), taskOf(plan, 'g.b')];
    assert.deepEqual([a.retries.max, a.pool, a.env], [1, 'small', { D: '0', G: '1' }]);
    assert.deepEqual([b.retries.max, b.env], [5, { D: '0', G: '1', B: '2' }]);
  });

  it('puts tasks in topological order, whatever the order of declaration', () => {
    const plan = planOf((d) => {
      const last = d.task('last', noop());
      const middle = d.task('middle', noop());
      const first = d.task('first', noop());
      chain(first, middle, last);
    });
    assert.deepEqual(
      plan.tasks.map(({ id }) => id),
      ['first', 'middle', 'last'],
    );
  });

  it('makes edges from inputs, `after` (tasks, groups, ids, lists) and chain', () => {
    const plan = planOf((d) => {
      const a = d.task('a', noop());
      const b = d.task('b', typescript({ inputs: { x: a.output }, run: ({ x }) => x }));
      d.task('c', noop(), { after: [b, ['a', [b]]] });
      chain(b, [d.task('d', noop()), d.task('e', noop())], d.task('f', noop()));
    });
    assert.deepEqual(Object.fromEntries(plan.tasks.map(({ id, upstream }) => [id, upstream])), {
      a: [],
      b: ['a'],
      c: ['a', 'b'],
      d: ['b'],
      e: ['b'],
      f: ['d', 'e'],
    });
  });

  it('lets a group stand for its first and last tasks', () => {
    const plan = planOf((d) => {
      const before = d.task('before', noop());
      const outer = d.group(
        'outer',
        (g) => {
          const one = g.task('one', noop());
          const inner = g.group('inner', (i) => {
            chain(i.task('x', noop()), i.task('y', noop()));
          });
          inner.after(one);
          g.task('two', noop(), { after: inner });
          g.task('alone', noop());
        },
        { after: before, label: 'Outer' },
      );
      d.task('after', noop(), { after: outer });
    });
    assert.deepEqual(Object.fromEntries(plan.tasks.map(({ id, upstream }) => [id, upstream])), {
      before: [],
      'outer.one': ['before'],
      'outer.alone': ['before'],
      'outer.inner.x': ['outer.one'],
      'outer.inner.y': ['outer.inner.x'],
      'outer.two': ['outer.inner.y'],
      after: ['outer.alone', 'outer.two'],
    });
    assert.deepEqual(plan.groups, [{ id: 'outer', label: 'Outer' }, { id: 'outer.inner' }]);
    assert.equal(taskOf(plan, 'outer.inner.x').group, 'outer.inner');
  });

  it('wires setups and teardowns, and leaves teardowns out of the ends of a group', () => {
    const plan = planOf(
      (d) => {
        const group = d.group('g', (g) => {
          const setup = g.task('up', noop());
          const work = g.task('work', noop(), { after: setup });
          g.task('down', noop(), { after: work, teardownOf: setup, teardownFailsRun: true });
        });
        d.task('next', noop(), { after: group });
      },
      { defaults: { triggerRule: 'none_failed' } },
    );
    assert.equal(taskOf(plan, 'g.up').setup, true);
    const down = taskOf(plan, 'g.down');
    assert.deepEqual(down.teardownOf, ['g.up']);
    assert.deepEqual(down.upstream, ['g.up', 'g.work']);
    assert.equal(down.triggerRule, 'all_done_setup_success');
    assert.equal(down.teardownFailsRun, true);
    assert.deepEqual(taskOf(plan, 'next').upstream, ['g.work']);
    assert.equal(taskOf(plan, 'next').triggerRule, 'none_failed');
  });

  it('turns references into inputs, with paths, keys and params', () => {
    const plan = compile(
      dag('test', { params: { day: 'x' } }, (d) => {
        const a = d.task('a', typescript({ run: () => ({ rows: [{ id: 1 }] }) }));
        d.task(
          'b',
          typescript({
            inputs: {
              id: a.output.at('rows').at(0).at('id'),
              other: a.output.key('other'),
              day: d.param('day'),
              fixed: [1, 2],
            },
            run: () => null,
          }),
        );
      }),
    );
    const b = taskOf(plan, 'b');
    assert.deepEqual(b.inputs, {
      id: { kind: 'xcom', task: 'a', key: 'return_value', path: ['rows', '0', 'id'] },
      other: { kind: 'xcom', task: 'a', key: 'other' },
      day: { kind: 'param', name: 'day' },
      fixed: { kind: 'literal', value: [1, 2] },
    });
    assert.deepEqual(b.references.xcoms, [
      { kind: 'xcom', task: 'a', key: 'other' },
      { kind: 'xcom', task: 'a', key: 'return_value' },
    ]);
  });

  it('compiles mapped tasks over outputs, lists and objects', () => {
    const plan = planOf((d) => {
      const list = d.task('list', typescript({ run: () => [1, 2] }));
      const each = d.map(
        'each',
        { item: list.output, size: ['s', 'l'], env: { a: 1 } },
        ({ item, size, env }) =>
          typescript({ inputs: { item, size, name: env.at('key') }, run: ({ item }) => item }),
        { maxMapLength: 10 },
      );
      d.map('again', { value: each.output }, ({ value }) =>
        typescript({ inputs: { value }, run: () => 1 }),
      );
      d.task('first', typescript({ inputs: { one: each.output.at(0) }, run: ({ one }) => one }));
    });
    const each = taskOf(plan, 'each');
    assert.deepEqual(each.map, {
      over: {
        item: { kind: 'xcom', task: 'list', key: 'return_value' },
        size: { kind: 'literal', value: ['s', 'l'] },
        env: { kind: 'literal', value: [{ key: 'a', value: 1 }] },
      },
      order: ['item', 'size', 'env'],
      combine: 'product',
      maxLength: 10,
    });
    assert.deepEqual(each.inputs.name, { kind: 'map', key: 'env', path: ['key'] });
    assert.deepEqual(each.upstream, ['list']);
    const list = { kind: 'xcom', task: 'each', key: 'return_value', mapped: true };
    assert.deepEqual(taskOf(plan, 'again').map?.over.value, list);
    assert.deepEqual(taskOf(plan, 'again').references.xcoms, [list]);
    assert.deepEqual(taskOf(plan, 'first').inputs.one, { ...list, path: ['0'] });
  });

  it('finds what templates refer to, in config, files and env', () => {
    const files: Record<string, string> = {
      'x.sql': 'select {{ var.LIMIT }} -- {{ conn.other.host }}',
    };
    const plan = planOf(
      (d) => {
        const g = d.group('clean', (g) => g.task('dedupe', noop()));
        d.task('my-task', noop());
        d.task(
          'load',
          sql({ connection: 'w', file: 'x.sql', parameters: ['{{ xcom.clean.dedupe.rows[0] }}'] }),
          {
            after: [g, 'my-task'],
            env: { A: "{% if xcom['my-task'] %}{{ var['B'] }}{% endif %}" },
            connections: ['declared'],
            variables: ['V'],
          },
        );
      },
      {},
      { readFile: (file) => files[file] },
    );
    assert.deepEqual(taskOf(plan, 'load').references, {
      xcoms: [
        { kind: 'xcom', task: 'clean.dedupe', key: 'return_value' },
        { kind: 'xcom', task: 'my-task', key: 'return_value' },
      ],
      variables: ['B', 'LIMIT', 'V'],
      connections: ['declared', 'other', 'w'],
    });
  });

  it('leaves strings alone with templates: false, and bash lists and raw blocks always', () => {
    const plan = planOf((d) => {
      d.task('r', python({ script: 'f"{{x}" {%' }), { templates: false });
      d.task('list', bash({ script: 'echo ${#list[@]} {% raw %}{{ xcom.nobody }}{% endraw %}' }));
    });
    assert.equal(taskOf(plan, 'r').templates, false);
    assert.deepEqual(taskOf(plan, 'list').references.xcoms, []);
  });

  it('accepts templates that read a task further up', () => {
    const plan = planOf((d) => {
      const a = d.task('a', noop());
      const b = d.task('b', noop(), { after: a });
      d.task('c', bash({ script: '{{ xcom.a }}' }), { after: b });
    });
    assert.deepEqual(taskOf(plan, 'c').upstream, ['b']);
    assert.equal(taskOf(plan, 'c').references.xcoms.length, 1);
  });

  it('computes the three priority rules, each task counted once', () => {
    const diamond = (rule: string) =>
      planOf(
        (d) => {
          const a = d.task('a', noop(), { priority: 10 });
          const b = d.task('b', noop(), { after: a, priority: 2 });
          const c = d.task('c', noop(), { after: a });
          d.task('d', noop(), { after: [b, c], priority: 5 });
        },
        { priorityWeightRule: rule },
      ).tasks.map(({ priority }) => priority);
    assert.deepEqual(diamond('downstream'), [18, 7, 6, 5]);
    assert.deepEqual(diamond('upstream'), [10, 12, 11, 18]);
    assert.deepEqual(diamond('absolute'), [10, 2, 1, 5]);
  });

  it('keeps a priority in the range of its column', () => {
    const plan = planOf((d) => {
      chain(
        d.task('a', noop(), { priority: 2147483647 }),
        d.task('b', noop(), { priority: 2147483647 }),
      );
    });
    assert.equal(plan.tasks[0]?.priority, 2147483647);
  });

  it('marks flow and sensors', () => {
    const plan = planOf((d) => {
      d.task('b', branch({ run: () => 'x' }));
      d.task('s', shortCircuit({ run: () => true }));
      d.task('t', sensor.time({ delay: '2h' }));
      d.task(
        'q',
        sensor.sql({ connection: 'w', sql: 'select 1', interval: '10s', softFail: true }),
      );
      d.task('e', sensor.externalRun({ dag: 'other', offset: '1d' }));
    });
    assert.equal(taskOf(plan, 'b').flow, 'branch');
    assert.equal(taskOf(plan, 's').flow, 'short_circuit');
    assert.deepEqual(taskOf(plan, 't').config, { delay: 7200 });
    const { sensor: poke, references } = taskOf(plan, 'q');
    assert.deepEqual(poke, { mode: 'poke', interval: 10, timeout: 604_800, softFail: true });
    assert.deepEqual(references.connections, ['w']);
    assert.deepEqual(taskOf(plan, 'e').config, { dag: 'other', offset: 86_400 });
    assert.equal(taskOf(plan, 'e').sensor?.mode, 'external_run');
  });

  it('takes params as zod object, JSON Schema or short form', () => {
    const paramsOf = (params: { [name: string]: unknown } | z.ZodObject) =>
      compile(dag('test', { params }, (d) => d.task('a', noop()))).params;
    const properties = { day: { type: 'string', default: 'x' } };
    const zod = paramsOf(z.object({ day: z.string().default('x') }));
    assert.deepEqual(zod.properties, properties);
    assert.equal(zod.additionalProperties, false);
    assert.deepEqual(paramsOf({ type: 'object', properties }), { type: 'object', properties });
    assert.deepEqual(paramsOf({ day: 'x', n: { type: 'integer' } }), {
      type: 'object',
      properties: { day: { type: 'string', default: 'x' }, n: { type: 'integer' } },
      required: ['n'],
      additionalProperties: false,
    });
  });
});
