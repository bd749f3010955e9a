/** Templates: each name, filter and macro of docs/templates.md, and what a mistake says. */
import assert from 'node:assert/strict';
import { parseConnection } from '../../src/connections/connection.ts';
import { templateContext } from '../../runtime/worker/context.ts';
import { prepare } from '../../runtime/worker/prepare.ts';
import { renderText } from '../../runtime/worker/templates.ts';
import { PodlineError } from '../../src/errors.ts';
import type { PlanTask } from '../../src/plan/plan.ts';
import { assignment, planTask } from './fixture.ts';

const warehouse = parseConnection(
  'warehouse',
  'postgresql://ann:pa%3Ass@db:5433/sales?role=reader',
);
const facts = assignment(
  planTask({
    operator: 'bash',
    references: {
      xcoms: [
        { kind: 'xcom', task: 'load', key: 'return_value' },
        { kind: 'xcom', task: 'clean.each', key: 'return_value', mapped: true },
        { kind: 'xcom', task: 'silent', key: 'return_value' },
      ],
      variables: ['bucket'],
      connections: ['warehouse'],
    },
  }),
  {
    variables: { bucket: 'raw' },
    xcoms: [
      { task: 'load', key: 'return_value', mapIndex: -1, value: { rows: [{ id: 7 }] } },
      { task: 'clean.each', key: 'return_value', mapIndex: 1, value: 'b' },
      { task: 'clean.each', key: 'return_value', mapIndex: 0, value: 'a' },
    ],
  },
);
facts.run.params = { region: "O'Hara", list: [1, 2] };
const context = templateContext(facts, { name: 'in' }, new Map([['warehouse', warehouse]]));
const place = { task: 'work', where: 'sql/load.sql' };
const render = (text: string) => renderText(text, context, place);

describe('templates', () => {
  const cases: [string, string][] = [
    [
      '{{ ds }} {{ ds_nodash }} {{ ts }} {{ ts_nodash }}',
      '2026-03-01 20260301 2026-03-01T06:00:00+00:00 20260301T060000',
    ],
    ['{{ logical_date | strftime("%d.%m.%Y %H:%M") }}', '01.03.2026 06:00'],
    [
      '{{ data_interval_start | ds }}/{{ data_interval_end | ts_nodash }}',
      '2026-02-28/20260301T060000',
    ],
    ['{{ dag_id }} {{ dag.dag_id }} {{ task.task_id }} {{ run_id }}', 'sales sales work manual__1'],
    ['{{ ti.try_number }} {{ map_index }}', '1 -1'],
    ['{{ params.region | sqlstring }}', "'O''Hara'"],
    ['{{ params.list | tojson }}', '[1,2]'],
    ['{{ "a\\"b" | identifier }}', '"a""b"'],
    ['{{ var.bucket }}', 'raw'],
    [
      '{{ conn.warehouse.host }}:{{ conn.warehouse.port }} {{ conn.warehouse.password }}',
      'db:5433 pa:ss',
    ],
    ['{{ conn.warehouse.extra.role }} {{ conn.warehouse.schema }}', 'reader sales'],
    ['{{ xcom.load.rows[0].id }}', '7'],
    ['{{ xcom.clean.each | join(",") }}', 'a,b'],
    ['{{ inputs.name }}', 'in'],
    ['{{ macros.ds_add(ds, -1) }} {{ macros.ds_format(ds, "%Y-%m-%d", "%j") }}', '2026-02-28 060'],
    ['{% for n in params.list %}{{ n }};{% endfor %}', '1;2;'],
    ['a {# comment #}b', 'a b'],
    ['<{{ "&" }}>', '<&>'],
    ['no template: { } % #', 'no template: { } % #'],
  ];
  for (const [text, expected] of cases) {
    it(text, async () => {
      assert.equal(await render(text), expected);
    });
  }

  const failures: [string, RegExp][] = [
    ['line one\n{{ params.nothing }}', /sql\/load\.sql:2:\d+: a value is null or not defined/],
    ['{{ nothing }}', /sql\/load\.sql:1/],
    ['{{ var.other }}', /The variable "other" is not set/],
    ['{{ conn.other.host }}', /The connection "other" is not defined/],
    ['{{ xcom.silent }}', /needs the output "return_value" of silent, which has none/],
    ['{{ xcom.unknown }}', /unknown/],
    ['{{ ds | nofilter }}', /filter not found: nofilter/],
    ['{% if %}', /sql\/load\.sql/],
    ['{{ "x" | strftime("%Y") }}', /"x" is no date/],
  ];
  for (const [text, expected] of failures) {
    it(`fails: ${JSON.stringify(text)}`, async () => {
      await assert.rejects(render(text), (error: unknown) => {
        assert.ok(error instanceof PodlineError);
        assert.equal(error.code, 'task.template');
        assert.match(error.message, expected);
        return true;
      });
    });
  }

  it('renders strings at any depth of the config, references to inputs, and the environment', async () => {
    const task = planTask({
      operator: 'http',
      config: {
        list: ['{{ ds }}', 1, { deep: '{{ params.a }}' }],
        body: { $input: 'rows' },
        script: { file: 'a.sql', text: 'select {{ params.a }}' },
      },
      inputs: { rows: { kind: 'literal', value: ['{{ not rendered }}'] } },
      env: { DAY: '{{ ds }}', PLAIN: '${list[@]}' },
    });
    const given = assignment(task);
    given.run.params = { a: 'A' };
    const { config, env } = await prepare(given, new Map());
    assert.deepEqual(config, {
      list: ['2026-03-01', 1, { deep: 'A' }],
      body: ['{{ not rendered }}'],
      script: { file: 'a.sql', text: 'select A' },
    });
    assert.equal(env.DAY, '2026-03-01');
  });

  it('leaves everything as it is with templates: false', async () => {
    const task: PlanTask = planTask({
      operator: 'bash',
      templates: false,
      config: { script: { text: 'echo ${#a[@]} {{ ds }}' } },
    });
    const { config } = await prepare(assignment(task), new Map());
    assert.deepEqual(config, task.config);
  });
});
