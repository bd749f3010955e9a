/** A DAG of the saved installation: its schedule, edge and script are what previews speak of. */
import { bash, dag, json, typescript } from 'podline/dag';

export const nightly = dag('nightly', { schedule: '0 2 * * *' }, (d) => {
  const count = d.task(
    'count',
    bash({ script: 'echo 4 > "$PODLINE_OUTPUT"', output: json<number>() }),
  );
  d.task(
    'report',
    typescript({ inputs: { rows: count.output }, run: ({ rows }) => `${rows} rows` }),
  );
});
