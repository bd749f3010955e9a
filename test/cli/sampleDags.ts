/** The DAGs that the tests of the commands talk about. */
import { bash, dag } from 'podline/dag';

export const sales = dag(
  'sales',
  {
    schedule: '30 2 * * *',
    timezone: 'Europe/Berlin',
    startDate: '2026-03-27T00:00:00Z',
    catchup: true,
    tags: ['daily'],
    params: {
      region: { type: 'string', default: 'eu' },
      top: { type: 'integer', default: 3 },
    },
  },
  (d) => {
    const extract = d.task('extract', bash({ script: 'echo {{ params.region }} {{ ds }}' }));
    const load = d.task('load', bash({ script: 'exit 1' }), {
      after: extract,
      retries: { max: 1, delay: '10m' },
    });
    d.task('report', bash({ script: 'true' }), { after: load });
  },
);
export const idle = dag('idle', { schedule: null }, (d) => {
  d.task('only', bash({ script: 'echo ok; echo "[1, 2]" > "$PODLINE_OUTPUT"' }));
  d.task('keyed', bash({ script: 'echo {{ conn.store.password }}' }));
});
export const crowded = dag('crowded', { schedule: null }, (d) => {
  d.task('first', bash({ script: 'true' }), { pool: 'narrow' });
  d.task('second', bash({ script: 'true' }), { pool: 'narrow' });
});
