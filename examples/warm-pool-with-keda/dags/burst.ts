/** Many short tasks at once, for warm workers: a pod for each would take longer than the task. */
import { dag, typescript } from 'podline/dag';

export const burst = dag(
  'burst',
  {
    tags: ['example'],
    params: { tasks: 20, milliseconds: 200 },
    defaults: { executor: 'pool:fast' },
  },
  (d) => {
    const plan = d.task(
      'plan',
      typescript({
        inputs: { tasks: d.param('tasks') },
        run: ({ tasks }) => Array.from({ length: tasks }, (_, index) => index),
      }),
    );
    d.map('work', { index: plan.output }, ({ index }) =>
      typescript({
        inputs: { index, milliseconds: d.param('milliseconds') },
        run: async ({ index, milliseconds }) => {
          await new Promise((resolve) => setTimeout(resolve, milliseconds));
          return index;
        },
      }),
    );
  },
);
