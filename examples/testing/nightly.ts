/** A DAG with a schedule, retries and a branch. nightly.test.ts beside it tests all of that in a second. */
import { bash, branch, dag, json } from 'podline/dag';

export const nightly = dag(
  'nightly',
  {
    tags: ['example'],
    // Each day at half past two in Berlin, where that time does not exist on one day of the year.
    schedule: '30 2 * * *',
    timezone: 'Europe/Berlin',
    startDate: '2026-03-01',
    defaults: { retries: { max: 2, delay: '6h' } },
  },
  (d) => {
    const load = d.task(
      'load',
      bash({ script: 'echo 42 > "$PODLINE_OUTPUT"', output: json<number>() }),
    );
    const choose = d.task(
      'choose',
      branch({
        inputs: { rows: load.output },
        run: ({ rows }) => (rows > 0 ? 'publish' : 'nothing'),
      }),
    );
    d.task('publish', bash({ script: 'echo publish' }), { after: choose });
    d.task('nothing', bash({ script: 'echo nothing new' }), { after: choose });
  },
);
