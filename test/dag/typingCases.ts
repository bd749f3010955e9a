/**
 * What the types of `podline/dag` accept and refuse. Never run: typing.test.ts hands this file to the
 * TypeScript compiler, which fails on an unused `@ts-expect-error` as on any other mistake.
 */
import { z } from 'zod';
import {
  type Ref,
  bash,
  branch,
  dag,
  defineOperator,
  json,
  python,
  sensor,
  shortCircuit,
  sql,
  typescript,
} from 'podline/dag';

type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
/** Compiles only when the type of the value is exactly the expected one. */
const is =
  <Expected>() =>
  <Given>(_value: Given, _same: Equal<Given, Expected>): void =>
    undefined;

interface Row {
  id: number;
  name: string;
}

export const wiring = dag('wiring', {}, (d) => {
  const fetch = d.task(
    'fetch',
    bash({
      script: 'x',
      output: json<{ rows: number; list: Row[]; maybe: { a: string } | null }>(),
    }),
  );
  const whole: Ref<{ rows: number; list: Row[]; maybe: { a: string } | null }> = fetch.output;

  const sum = d.task(
    'sum',
    typescript({
      inputs: {
        n: fetch.output.at('rows'),
        text: 'a',
        flag: true,
        first: fetch.output.at('list').at(0),
      },
      run: ({ n, text, flag, first }) => {
        is<number>()(n, true);
        is<string>()(text, true);
        is<boolean>()(flag, true);
        is<Row>()(first, true);
        return n + 1;
      },
    }),
  );
  const wanted: Ref<number> = sum.output;
  // @ts-expect-error a number is no text
  const wrong: Ref<string> = sum.output;

  // @ts-expect-error the output has no such key
  fetch.output.at('row');
  // @ts-expect-error a list has no names
  fetch.output.at('list').at('id');

  d.task(
    'wrong-use',
    typescript({
      inputs: { n: fetch.output.at('rows') },
      run: ({ n }) => {
        // @ts-expect-error n is a number
        const text: string = n;
        return text;
      },
    }),
  );
  d.task(
    'wrong-name',
    typescript({
      inputs: { n: fetch.output.at('rows') },
      run: (inputs) => {
        // @ts-expect-error there is no input m
        return inputs.m as unknown;
      },
    }),
  );
  // @ts-expect-error `after` takes tasks, groups and ids
  d.task('wrong-after', bash({ script: 'x' }), { after: 3 });
  // @ts-expect-error no such trigger rule
  d.task('wrong-rule', bash({ script: 'x' }), { triggerRule: 'all_sucess' });
  // @ts-expect-error no such option
  d.task('wrong-option', bash({ script: 'x' }), { retires: 2 });
  // @ts-expect-error either a script or a file
  d.task('wrong-script', bash({ script: 'x', file: 'y' }));
  // @ts-expect-error a script or a file
  d.task('no-script', python({}));
  return { whole, wanted, wrong };
});

export const mapping = dag('mapping', {}, (d) => {
  const load = d.task('load', python({ script: 'x', output: json<Row[]>() }));
  const table = d.task(
    'table',
    python({ script: 'x', output: json<{ [name: string]: number }>() }),
  );
  const each = d.map(
    'each',
    { row: load.output, size: [1, 2], entry: table.output },
    ({ row, size, entry }) =>
      typescript({
        inputs: { row, size, entry, name: row.at('name') },
        run: ({ row, size, entry, name }) => {
          is<Row>()(row, true);
          is<number>()(size, true);
          is<{ key: string; value: number }>()(entry, true);
          is<string>()(name, true);
          return { name, size };
        },
      }),
    { combine: 'zip' },
  );
  d.task(
    'total',
    typescript({
      inputs: { all: each.output },
      run: ({ all }) => {
        is<{ name: string; size: number }[]>()(all, true);
        return all.length;
      },
    }),
  );
  // @ts-expect-error one number is no list to map over
  d.map('wrong', { item: 3 }, ({ item }) => typescript({ inputs: { item }, run: () => 1 }));
});

export const withParams = dag(
  'params',
  { params: z.object({ country: z.string().default('de'), limit: z.number().optional() }) },
  (d) => {
    const limit: Ref<number | undefined> = d.param('limit');
    // @ts-expect-error no such param
    d.param('size');
    d.task(
      'use',
      typescript({
        inputs: { country: d.param('country') },
        run: ({ country }, context) => {
          is<string>()(country, true);
          is<{ country: string; limit?: number | undefined }>()(context.params, true);
          // @ts-expect-error no such param
          return context.params.size as unknown;
        },
      }),
    );
    return limit;
  },
);

export const shortParams = dag(
  'shortParams',
  { params: { country: 'de', count: { type: 'integer', minimum: 1 }, kind: { enum: ['a', 'b'] } } },
  (d) => {
    d.task(
      'use',
      typescript({
        run: (_inputs, context) => {
          is<{ country: string; count: number; kind: 'a' | 'b' }>()(context.params, true);
          return context.params.count;
        },
      }),
    );
  },
);

export const flow = dag('flow', { schedule: { every: '6h' } }, (d) => {
  const rows = d.task('rows', sql({ connection: 'w', sql: 'select 1', rows: 'all' }));
  const typed = d.task(
    'typed',
    sql({ connection: 'w', sql: 'select 1', rows: 'first', output: json<Row>() }),
  );
  const none = d.task('none', sql({ connection: 'w', sql: 'select 1' }));
  const nothing: Ref<null> = none.output;
  d.task(
    'by',
    sql({ connection: 'w', sql: 'select $1', parameters: [typed.output.at('id'), 3, 'x'] }),
  );
  d.task(
    'pick',
    branch({
      inputs: { rows: rows.output },
      run: ({ rows }) => (rows.length > 1 ? 'a' : ['b', 'c']),
    }),
  );
  // @ts-expect-error a branch returns task ids
  d.task('wrong-pick', branch({ run: () => 3 }));
  // @ts-expect-error a short circuit returns a boolean
  d.task('wrong-gate', shortCircuit({ run: () => 'yes' }));
  // @ts-expect-error `at` or `delay`
  d.task('wrong-time', sensor.time({ interval: 3 }));
  d.task('wait', sensor.externalRun({ dag: mapping, offset: '1d' }));
  const clean = d.group('clean', (g) => g.task('dedupe', typescript({ run: async () => ['x'] })));
  const deduped: Ref<string[]> = clean.result.output;
  d.task('end', typescript({ inputs: { deduped }, run: ({ deduped }) => deduped[0] }), {
    after: clean,
  });

  const shout = defineOperator<{ text: string }, number>({ name: 'acme.shout', module: '@acme/x' });
  const loud: Ref<number> = d.task(
    'loud',
    shout({ text: 'x', inputs: { rows: rows.output } }),
  ).output;
  // @ts-expect-error the config needs text
  d.task('wrong-loud', shout({ txt: 'x' }));
  return { loud, nothing };
});
