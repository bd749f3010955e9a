/** A DAG with an operator that is not Podline's: see checksum/ and the README of this folder. */
import { bash, dag, json } from 'podline/dag';
import { checksum } from './checksum/operator.ts';

export const customOperator = dag(
  'custom_operator',
  {
    tags: ['example'],
    params: {
      // sha256 of "abc" and a line feed.
      expect: 'edeaaff3f1774ad2888673770c6d64097e391bc362d7d6fb34982ddf0efd18cb',
    },
  },
  (d) => {
    const write = d.task(
      'write',
      bash({
        script: `
          file=$(mktemp -t podline-checksum-XXXXXX)
          echo abc > "$file"
          printf '{"file": "%s"}' "$file" > "$PODLINE_OUTPUT"
        `,
        output: json<{ file: string }>(),
      }),
    );
    const file = write.output.at('file');
    const check = d.task(
      'check',
      checksum({ path: '{{ inputs.file }}', expect: '{{ params.expect }}', inputs: { file } }),
    );
    d.task(
      'tell',
      bash({
        script: 'echo "{{ inputs.bytes }} bytes are what they should be"',
        inputs: { bytes: check.output.at('bytes') },
      }),
    );
    d.task('remove', bash({ script: 'rm "{{ inputs.file }}"', inputs: { file } }), {
      after: check,
      teardownOf: write,
    });
  },
);
