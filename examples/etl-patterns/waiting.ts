/**
 * Sensors: tasks that wait for something and hold no process while they do. `etl_waiting` goes on once a
 * run of `etl_source` for the same logical date has succeeded, a file has arrived, and a time has come.
 *
 *   podline dags trigger etl_source  --logical-date 2026-01-01T00:00:00Z --param folder=/tmp
 *   podline dags trigger etl_waiting --logical-date 2026-01-01T00:00:00Z --param folder=/tmp
 */
import { bash, dag, sensor } from 'podline/dag';

const params = { folder: { type: 'string', default: '/tmp' } } as const;

export const source = dag('etl_source', { tags: ['example'], params }, (d) => {
  d.task('deliver', bash({ script: 'touch "{{ params.folder }}/orders-{{ ds_nodash }}.csv"' }));
});

export const waiting = dag(
  'etl_waiting',
  { tags: ['example'], params, defaults: { retries: 0 } },
  (d) => {
    const patience = { interval: '1s', timeout: '1h' };
    const otherDag = d.task('other_dag', sensor.externalRun({ dag: source, ...patience }));
    const file = d.task(
      'file',
      sensor.file({ path: '{{ params.folder }}/orders-{{ ds_nodash }}.*', ...patience }),
    );
    // The end of the data interval plus one second, long ago for a run of the past.
    const time = d.task('time', sensor.time({ delay: '1s', ...patience }));
    // Nobody delivers this one: softFail skips it instead of failing.
    const optional = d.task(
      'optional_file',
      sensor.file({
        path: '{{ params.folder }}/corrections-{{ ds_nodash }}.csv',
        interval: '1s',
        timeout: '1s',
        softFail: true,
      }),
    );
    d.task('import', bash({ script: 'ls "{{ params.folder }}"/orders-{{ ds_nodash }}.csv' }), {
      after: [otherDag, file, time, optional],
      triggerRule: 'none_failed',
    });
  },
);
