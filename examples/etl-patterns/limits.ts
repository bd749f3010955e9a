/**
 * Limits: a pool for what several DAGs share, and caps of a single task. Needs the pool `reports`:
 *
 *   podline pools set reports 2
 */
import { bash, dag, typescript } from 'podline/dag';

export const limits = dag('etl_limits', { tags: ['example'], maxActiveTasks: 8 }, (d) => {
  const regions = d.task(
    'regions',
    typescript({ run: () => ['north', 'east', 'south', 'west', 'centre', 'coast'] }),
  );
  // At most two at a time, because the pool has two slots; the large ones first.
  const report = d.map(
    'report',
    { region: regions.output },
    ({ region }) => typescript({ inputs: { region }, run: ({ region }) => `report of ${region}` }),
    { pool: 'reports', priority: 10 },
  );
  // Takes both slots: it runs alone in its pool.
  d.task('rebuild_index', bash({ script: 'echo rebuilt' }), { pool: 'reports', poolSlots: 2 });
  // At most one instance at a time in one run, without any pool.
  d.map(
    'send',
    { text: report.output },
    ({ text }) => bash({ script: 'echo "{{ inputs.text }}"', inputs: { text } }),
    { maxActivePerRun: 1 },
  );
});
