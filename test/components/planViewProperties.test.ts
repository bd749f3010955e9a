/** What holds for the view of any DAG: nothing is forgotten, nothing is shown twice, order says nothing. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { bash, json, pod, sensor, typescript } from 'podline/dag';
import { planView } from '../../components/spec/planView.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { changedPaths, planOf } from './planViews.ts';

describe('view of any plan', () => {
  it('shows every change: no part of a plan is forgotten', () => {
    const plan = planOf(
      (d) => {
        const first = d.task('first', bash({ file: 'a.sh', output: json<{ days: string[] }>() }), {
          pod: {
            image: 'example/a:1',
            env: { A: 'b' },
            volumes: [{ name: 'x', emptyDir: { sizeLimit: '1Gi' } }],
            volumeMounts: [{ name: 'x', mountPath: '/x' }],
            tolerations: [{ key: 'gpu', operator: 'Exists' }],
            imagePullSecrets: ['pull'],
          },
          env: { MODE: 'full' },
          retries: {
            max: 2,
            rules: [{ causes: ['exit_code'], exitCodes: [75], action: 'retry', delay: 9 }],
          },
          callbacks: { onRetry: { kind: 'email', connection: 'm', to: ['a@b.example'] } },
          executionTimeout: 60,
          variables: ['region'],
          connections: ['lake'],
          maxActivePerRun: 2,
          maxActivePerDag: 3,
          description: 'first',
        });
        d.map(
          'each',
          { day: first.output.at('days') },
          ({ day }) =>
            typescript({
              inputs: { day, limit: d.param('limit' as never), text: 'x' },
              run: () => 1,
            }),
          { maxMapLength: 9, combine: 'zip' },
        );
        d.task('wait', sensor.sql({ sql: 'SELECT 1', connection: 'w', interval: 5, timeout: 50 }));
        d.task('pod', pod({ image: 'x/y:1', args: ['a'], cluster: 'gpu', output: 'message' }));
        d.group(
          'g',
          (g) =>
            g.task('undo', bash({ script: 'true' }), { teardownOf: first, teardownFailsRun: true }),
          { label: 'Group' },
        );
      },
      {
        schedule: { every: '1h' },
        description: 'all of it',
        owner: 'me',
        startDate: '2026-01-01',
        endDate: '2027-01-01',
        catchup: true,
        runTimeout: '2h',
        failFast: true,
        tags: ['a'],
        params: { limit: { type: 'integer', default: 3, minimum: 1 } },
        callbacks: { onFailure: { kind: 'webhook', url: 'https://h.example/x' } },
      },
      { 'a.sh': 'true\n' },
    );
    // What follows from other parts of the same plan.
    const derived = [
      /^format$/,
      /^groups \d+ id$/,
      /^tasks \d+ group$/,
      /^tasks \d+ references xcoms /,
      // Without a second list to walk, the order of one says nothing.
      /^tasks \d+ map order 0$/,
      // A teardown names its setups.
      /^tasks \d+ setup$/,
    ];
    const view = JSON.stringify(planView({ plan, bundle: null }));
    const forgotten: string[] = [];
    let count = 0;
    const visit = (value: unknown, path: string, write: (changed: unknown) => void): void => {
      if (typeof value === 'object' && value !== null) {
        for (const [key, member] of Object.entries(value)) {
          const at = path === '' ? key : `${path} ${key}`;
          visit(member, at, (changed) => ((value as Record<string, unknown>)[key] = changed));
        }
        return;
      }
      if (derived.some((pattern) => pattern.test(path))) return;
      count++;
      write(
        typeof value === 'boolean'
          ? !value
          : typeof value === 'number'
            ? value + 1
            : `${String(value)}x`,
      );
      if (JSON.stringify(planView({ plan, bundle: null })) === view) forgotten.push(path);
      write(value);
    };
    visit(plan, '', () => {});
    assert.deepEqual(forgotten, []);
    assert.ok(count > 120, `${count} parts`);
  });

  describe('any DAG', () => {
    const weights = fc.array(fc.integer({ min: -3, max: 5 }), { minLength: 1, maxLength: 12 });
    const edges = fc.array(fc.tuple(fc.nat(11), fc.nat(11)), { maxLength: 20 });
    const rule = fc.constantFrom('downstream', 'upstream', 'absolute');
    const shape = fc.record({ weights, edges, rule });
    const make = (given: { weights: number[]; edges: [number, number][]; rule: string }) =>
      planOf(
        (d) => {
          given.weights.forEach((priority, at) => {
            const after = given.edges
              .filter(([from, to]) => Math.max(from, to) === at && from !== to)
              .map(([from, to]) => `t${Math.min(from, to)}`);
            d.task(`t${at}`, bash({ script: `echo ${at}` }), { after, priority });
          });
        },
        { priorityWeightRule: given.rule },
      );
    const viewIt = (plan: Plan) => planView({ plan, bundle: null });

    it('has one view, whatever the order of keys is', () => {
      const reversed = (value: unknown): unknown => {
        if (typeof value !== 'object' || value === null) return value;
        if (Array.isArray(value)) return value.map(reversed);
        const entries = Object.entries(value).map(([key, member]) => [key, reversed(member)]);
        return Object.fromEntries(entries.reverse());
      };
      fc.assert(
        fc.property(shape, (given) => {
          const plan = make(given);
          assert.deepEqual(viewIt(plan), viewIt(reversed(plan) as Plan));
          assert.deepEqual(viewIt(plan), viewIt(make(given)));
        }),
      );
    });

    it('shows a new task after any others as that task alone', () => {
      fc.assert(
        fc.property(shape, fc.nat(11), ({ weights, edges, rule }, upstream) => {
          const ones = weights.map(() => 1);
          const before = make({ weights: ones, edges, rule });
          const at = weights.length;
          const more: [number, number] = [upstream % at, at];
          const after = make({ weights: [...ones, 1], edges: [...edges, more], rule });
          const changed = changedPaths(viewIt(before), viewIt(after));
          // One task alone does not tell how weights add up.
          const expected = changed.filter((path) => path !== 'priorityRule');
          assert.deepEqual(expected, [`tasks t${at}`]);
        }),
      );
    });

    it('shows a changed script as that script alone', () => {
      fc.assert(
        fc.property(shape, fc.nat(11), fc.string({ minLength: 1 }), (given, at, text) => {
          const before = make(given);
          const after = structuredClone(before);
          const task = after.tasks[at % after.tasks.length]!;
          fc.pre((task.config.script as { text: string }).text !== text);
          task.config.script = { text };
          assert.deepEqual(changedPaths(viewIt(before), viewIt(after)), [
            `tasks ${task.id} script`,
          ]);
        }),
      );
    });

    it('finds the weights that the author gave', () => {
      fc.assert(
        fc.property(weights, edges, (given, paths) => {
          // Most are usual, as in life; else several rules explain the same plan.
          const few = given.map((weight, at) => (at === 0 ? weight : 1));
          const view = viewIt(make({ weights: few, edges: paths, rule: 'downstream' }));
          if (view.priorityRule !== undefined) return;
          for (const [at, weight] of few.entries()) {
            assert.equal(view.tasks[`t${at}`]?.priority ?? 1, weight);
          }
        }),
      );
    });
  });
});
