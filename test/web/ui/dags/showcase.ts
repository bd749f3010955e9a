/** DAGs that the tests of the pages look at: params of every kind, a failure, mapped tasks, a long log, hostile text. */
import { bash, dag, typescript } from 'podline/dag';

export const typed = dag(
  'typed_params',
  {
    description: 'Params of every kind',
    tags: ['showcase'],
    params: {
      region: { type: 'string', enum: ['eu', 'us'], default: 'eu', description: 'Where to look' },
      count: { type: 'integer', minimum: 1, maximum: 9, default: 3 },
      isDry: { type: 'boolean', default: true, title: 'Dry' },
      day: { type: 'string', format: 'date', default: '2026-01-31' },
      note: { type: 'string', default: '', maxLength: 40 },
      limits: { type: 'object', default: { most: 10 } },
    },
  },
  (d) => {
    d.task('say', bash({ script: 'echo "{{ params.region }} {{ params.count }}"' }));
  },
);

export const daily = dag(
  'daily',
  { schedule: '@daily', startDate: '2026-01-01', tags: ['showcase'] },
  (d) => {
    d.task('work', bash({ script: 'echo {{ ds }}' }));
  },
);

/** Nobody works for this executor: its tasks stand in the queue. */
export const waiting = dag('waiting', { tags: ['showcase'] }, (d) => {
  d.task('load', bash({ script: 'true' }), { executor: 'pool:nobody' });
});

export const failing = dag('failing', { tags: ['showcase'] }, (d) => {
  const first = d.task('first', bash({ script: 'echo one' }));
  const broken = d.task(
    'broken',
    bash({ script: 'echo "[ERROR] there is no such table: orders"; exit 3' }),
    { after: first, retries: { max: 1, delay: '1s' } },
  );
  d.task('after', bash({ script: 'echo never' }), { after: broken });
});

export const mapped = dag('mapped', { tags: ['showcase'] }, (d) => {
  const list = d.task('list', typescript({ run: () => [1, 2, 3, 4, 5] }));
  d.map('each', { one: list.output }, ({ one }) =>
    typescript({ inputs: { one }, run: (inputs: { one: number }) => inputs.one * 2 }),
  );
});

/** Says a line a moment for as long as a file is there that the test removes. */
export const talking = dag(
  'talking',
  { tags: ['showcase'], params: { file: { type: 'string', default: '/nowhere' } } },
  (d) => {
    const talk = d.task(
      'talk',
      bash({
        script:
          'n=0; while [ -e "{{ params.file }}" ]; do n=$((n+1)); echo "line $n"; sleep 0.1; done; echo over',
      }),
    );
    d.task('behind', bash({ script: 'echo last' }), { after: talk });
  },
);

const HOSTILE = [
  '<script>window.hacked = 1</script><img src=x onerror="window.hacked = 2">',
  'javascript:alert(1)',
  '\u001b[31mred\u001b[0m \u001b[1;32mbold green\u001b[0m',
  '\u001b]8;;javascript:alert(1)\u0007click\u001b]8;;\u0007 \u001b]0;title\u0007',
  'user\u202egnp.exe zero\u200bwidth',
  '\u001b[2J\u001b[1;1Hgone?',
];

export const hostile = dag('hostile', { tags: ['showcase'] }, (d) => {
  d.task(
    'speak',
    typescript({
      run() {
        for (const line of HOSTILE) process.stdout.write(`${line}\n`);
        return { '<b>key</b>': HOSTILE };
      },
    }),
  );
});
