/**
 * Setup and teardown, and trigger rules. The scratch folder is made before the work and removed after it,
 * whether the work succeeds or not. Run it with the param `fail` to see the other path.
 */
import { bash, dag, empty, json } from 'podline/dag';

export const scratch = dag('etl_scratch', { tags: ['example'], params: { fail: false } }, (d) => {
  const make = d.task(
    'make_folder',
    bash({
      script: `
          folder=$(mktemp --directory -t podline-scratch-XXXXXX)
          printf '{"folder": "%s"}' "$folder" > "$PODLINE_OUTPUT"
        `,
      output: json<{ folder: string }>(),
    }),
    { setup: true },
  );
  const folder = make.output.at('folder');
  const write = d.task(
    'write',
    bash({ script: 'seq 1000 > "{{ inputs.folder }}/numbers.txt"', inputs: { folder } }),
  );
  const sum = d.task(
    'sum',
    bash({
      script: `
          if [ "{{ params.fail }}" = true ]; then echo 'asked to fail' >&2; exit 1; fi
          awk '{ total += $1 } END { print total }' "{{ inputs.folder }}/numbers.txt" > "$PODLINE_OUTPUT"
        `,
      inputs: { folder },
      output: json<number>(),
    }),
    { after: write },
  );
  d.task('remove_folder', bash({ script: 'rm -r "{{ inputs.folder }}"', inputs: { folder } }), {
    after: sum,
    teardownOf: make,
  });

  // Runs only when something failed, and is skipped otherwise.
  d.task('on_failure', bash({ script: 'echo "somebody should look at {{ run_id }}"' }), {
    after: [write, sum],
    triggerRule: 'one_failed',
  });
  // Runs whatever happened. The last tasks decide about the run: alone, this one would hide that `sum`
  // failed; `publish` does not.
  d.task('always_count', empty(), { after: [write, sum], triggerRule: 'all_done' });
  d.task(
    'publish',
    bash({ script: 'echo "published {{ inputs.total }}"', inputs: { total: sum.output } }),
  );
});
