/** A preview of a DAG: what an author changed is the one line that is shown. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  type DagBuilder,
  bash,
  http,
  job,
  json,
  notify,
  pod,
  python,
  sensor,
  sql,
  typescript,
} from 'podline/dag';
import { planView } from '../../components/spec/planView.ts';
import { durationText } from '../../components/spec/readable.ts';
import { parseDuration } from '../../src/dag/duration.ts';
import { type Build, changedPaths, planOf, viewOf } from './planViews.ts';

describe('plan view', () => {
  it('says what the author wrote and leaves out what he did not', () => {
    const view = viewOf(
      (d) => {
        const load = d.task('load', sql({ file: 'sql/load.sql', connection: 'warehouse' }));
        d.task('report', bash({ script: 'echo done' }), { after: load, retries: 2 });
      },
      { schedule: '0 6 * * *', timezone: 'Europe/Berlin', tags: ['sales', 'daily'] },
      { 'sql/load.sql': 'SELECT 1\n;\n' },
    );
    assert.deepEqual(view, {
      dagId: 'sales',
      file: 'sales.ts',
      schedule: '0 6 * * *',
      timezone: 'Europe/Berlin',
      tags: 'sales, daily',
      tasks: {
        load: {
          operator: 'sql',
          script: '2 lines, 1454fbe22859',
          scriptFile: 'sql/load.sql',
          settings: { connection: 'warehouse' },
        },
        report: { operator: 'bash', script: 'echo done', after: 'load', retries: 2 },
      },
    });
  });

  it('shows nothing of a DAG that says nothing', () => {
    assert.deepEqual(
      planView({ plan: planOf((d) => d.task('a', bash({ script: 'true' }))), bundle: null }),
      { dagId: 'sales', schedule: 'none', tasks: { a: { operator: 'bash', script: 'true' } } },
    );
  });

  it('leaves out the defaults of every operator', () => {
    const { tasks } = viewOf((d) => {
      d.task('p', pod({ image: 'example/p:1' }));
      d.task('s', sql({ sql: 'SELECT 1', connection: 'w' }));
      d.task('h', http({ url: '/day', connection: 'api' }));
      d.task('y', python({ script: 'pass' }));
      d.task('b', typescript({ run: () => 1 }));
      d.task('t', sensor.time({ delay: '1h' }));
      d.task('q', sensor.sql({ sql: 'SELECT 1', connection: 'w' }));
      d.task('x', sensor.externalRun({ dag: 'other' }));
      d.task('j', job({ image: 'example/j:1' }));
      d.task('n', notify.webhook({ url: 'https://hooks.example/T0/secret' }));
      d.task('f', sensor.file({ path: '/data/x' }));
    });
    assert.deepEqual(tasks.p, { operator: 'pod', image: 'example/p:1' });
    assert.deepEqual(tasks.y, { operator: 'python', script: 'pass' });
    assert.deepEqual(tasks.b, { operator: 'typescript' });
    assert.deepEqual(tasks.t, { operator: 'sensor.time', settings: { delay: '3600' } });
    assert.deepEqual(tasks.x, { operator: 'sensor.externalRun', settings: { dag: 'other' } });
    assert.deepEqual(tasks.f, { operator: 'sensor.file', settings: { path: '/data/x' } });
    for (const id of ['s', 'q']) {
      assert.deepEqual(tasks[id]?.settings, { connection: 'w' }, id);
      assert.equal(tasks[id].sensor, undefined);
    }
    assert.deepEqual(tasks.h?.settings, { url: '/day', connection: 'api' });
    assert.deepEqual(tasks.j, { operator: 'job', image: 'example/j:1' });
    assert.deepEqual(tasks.n?.settings, { url: 'hooks.example (d2eb6b8363c7)' });
  });

  it('spells every kind of schedule as the author does', () => {
    const one: Build = (d) => d.task('a', bash({ script: 'true' }));
    const schedule = (given: unknown) => viewOf(one, { schedule: given }).schedule;
    assert.equal(schedule('0 6 * * *'), '0 6 * * *');
    assert.equal(schedule('@daily'), '0 0 * * *');
    assert.equal(schedule({ every: '90m' }), 'every 1h30m');
    assert.equal(schedule('@once'), '@once');
    assert.equal(schedule('@continuous'), '@continuous');
    assert.equal(schedule(null), 'none');
  });

  it('writes durations so that they can be read back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2_147_483_647_000 }), (milliseconds) => {
        const seconds = milliseconds / 1000;
        assert.equal(parseDuration(durationText(seconds)), seconds);
      }),
    );
    assert.equal(durationText(90_061.5), '1d1h1m1s500ms');
  });

  describe('one change is one line', () => {
    const files = { 'a.sql': 'SELECT 1\n', 'b.sh': 'echo b\nexit 0\n' };
    const base = (d: DagBuilder<Record<never, never>>, part: Record<string, unknown> = {}) => {
      const a = d.task('a', sql({ file: 'a.sql', connection: 'w' }), part.a as object);
      const b = d.task('b', bash({ file: 'b.sh', output: json<{ rows: number }>() }), {
        ...(part.b as object),
      });
      d.task('c', bash({ script: 'true' }), { after: [a, b], ...(part.c as object) });
      d.task('image', pod({ image: 'example/x:1', ...(part.pod as object) }), { after: b });
    };
    const options = { schedule: '0 6 * * *', tags: ['x'], params: { limit: 3 } };
    const before = viewOf((d) => base(d), options, files);

    const cases: [title: string, path: string, after: () => typeof before][] = [
      ['cron', 'schedule', () => viewOf(base, { ...options, schedule: '0 7 * * *' }, files)],
      ['time zone', 'timezone', () => viewOf(base, { ...options, timezone: 'Asia/Tokyo' }, files)],
      ['tag', 'tags', () => viewOf(base, { ...options, tags: ['x', 'y'] }, files)],
      ['limit', 'maxActiveRuns', () => viewOf(base, { ...options, maxActiveRuns: 1 }, files)],
      [
        'param',
        'params limit.default',
        () => viewOf(base, { ...options, params: { limit: 4 } }, files),
      ],
      [
        'new task at the end',
        'tasks d',
        () =>
          viewOf(
            (d) => {
              base(d);
              d.task('d', bash({ script: 'true' }), { after: 'c' });
            },
            options,
            files,
          ),
      ],
      [
        'script file',
        'tasks a script',
        () => viewOf(base, options, { ...files, 'a.sql': 'SELECT 2\n' }),
      ],
      [
        'edge',
        'tasks c after',
        () => viewOf((d) => base(d, { c: { after: 'a' } }), options, files),
      ],
      [
        'image',
        'tasks image image',
        () => viewOf((d) => base(d, { pod: { image: 'example/x:2' } }), options, files),
      ],
      [
        'image of a worker pod',
        'tasks b image',
        () => viewOf((d) => base(d, { b: { pod: { image: 'example/b:2' } } }), options, files),
      ],
      [
        'arguments',
        'tasks image args',
        () => viewOf((d) => base(d, { pod: { args: ['--day', '{{ ds }}'] } }), options, files),
      ],
      [
        'resources',
        'tasks image pod',
        () =>
          viewOf(
            (d) => base(d, { pod: { resources: { requests: { cpu: '2' } } } }),
            options,
            files,
          ),
      ],
      [
        'cluster of a direct pod',
        'tasks image pod',
        () => viewOf((d) => base(d, { pod: { cluster: 'gpu' } }), options, files),
      ],
      ...(
        [
          ['executor', 'pool:gpu'],
          ['pool', 'heavy'],
          ['poolSlots', 2],
          ['priority', 9],
          ['triggerRule', 'all_done'],
          ['retries', 3],
          ['executionTimeout', '1h'],
          ['dependsOnPast', true],
          ['maxActivePerDag', 1],
          ['outlets', ['s3://lake/orders']],
          ['inlets', ['orders']],
          ['description', 'loads'],
          ['templates', false],
        ] as const
      ).map(([name, value]): (typeof cases)[number] => [
        name,
        `tasks a ${name}`,
        () => viewOf((d) => base(d, { a: { [name]: value } }), options, files),
      ]),
      [
        'wait before a retry',
        'tasks a retryPolicy',
        () => viewOf((d) => base(d, { a: { retries: { delay: '1m' } } }), options, files),
      ],
      [
        'environment',
        'tasks a env',
        () => viewOf((d) => base(d, { a: { env: { MODE: 'full' } } }), options, files),
      ],
      [
        'callback',
        'callbacks',
        () =>
          viewOf(
            base,
            {
              ...options,
              callbacks: { onFailure: { kind: 'webhook', url: 'https://hooks.example/T/secret' } },
            },
            files,
          ),
      ],
    ];
    for (const [title, path, after] of cases) {
      it(title, () => assert.deepEqual(changedPaths(before, after()), [path]));
    }

    it('code of the tasks', () => {
      const plan = planOf(base, options, files);
      const view = (bundle: string) => planView({ plan, bundle });
      assert.deepEqual(changedPaths(view('1'.repeat(64)), view('2'.repeat(64))), ['code']);
    });
  });

  describe('secrets', () => {
    it('are never shown: by name, in webhooks, in long texts', () => {
      const secret = 'S3cr3t-Value';
      const view = viewOf(
        (d) => {
          d.task('a', bash({ script: 'true' }), {
            env: { API_TOKEN: secret, MODE: 'x' },
            pod: { env: { DB_PASSWORD: secret, KEY: { secret: 'store', key: 'password' } } },
            executor: 'kubernetes',
          });
          d.task('h', http({ url: '/day', connection: 'api', headers: { authorization: secret } }));
        },
        { callbacks: { onFailure: { kind: 'webhook', url: `https://hooks.example/${secret}` } } },
      );
      const text = JSON.stringify(view);
      assert.ok(!text.includes(secret), text);
      assert.equal(view.tasks.a?.env?.MODE, 'x');
      assert.equal(view.tasks.a.pod?.['env.KEY.secretKeyRef.name'], 'store');
      assert.match(view.tasks.a.env.API_TOKEN ?? '', /^hidden, [0-9a-f]{12}$/);
      assert.match(view.callbacks?.failure ?? '', /^webhook hooks\.example \(/);
    });
  });
});
