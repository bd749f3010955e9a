/** The DAG of the quickstart: a script counts, TypeScript reports. On a cluster each task runs in a pod of its own. */
import { bash, dag, json, typescript } from 'podline/dag';

export const hello = dag(
  'hello',
  {
    description: 'Two tasks, and a value that goes from one to the other',
    schedule: '0 6 * * *',
    timezone: 'Europe/Berlin',
    tags: ['example'],
  },
  (d) => {
    const count = d.task('count', bash({ file: 'count.sh', output: json<{ rows: number }>() }));
    d.task(
      'report',
      typescript({
        inputs: { rows: count.output.at('rows') },
        run: ({ rows }) => `${rows} rows`,
      }),
    );
  },
);
