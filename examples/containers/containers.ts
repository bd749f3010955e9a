/**
 * One pod per task: a container of any image counts, a worker in its own pod checks, and a pod that asks for too
 * much memory shows how a cause decides about retries. Needs a cluster (docs/clusters.md).
 */
import { bash, dag, json, pod, typescript } from 'podline/dag';

export const containers = dag(
  'containers',
  {
    description: 'Any image as a task, beside tasks in pods of their own',
    params: { image: 'docker.io/library/busybox:1.36', words: 'a pod for each task' },
    // Every task that is no container itself runs in a pod of the cluster's default image.
    defaults: {
      executor: 'kubernetes',
      pod: { resources: { requests: { cpu: '50m', memory: '64Mi' } } },
      retries: {
        max: 2,
        delay: '10s',
        // More of the same does not help against too little memory.
        rules: [{ causes: ['oom'], action: 'fail' }],
      },
    },
  },
  (d) => {
    const count = d.task(
      'count',
      pod({
        image: '{{ params.image }}',
        command: ['sh', '-c'],
        args: [
          'n=$(echo "$WORDS" | wc -w); echo "counted $n words"; echo "{\\"words\\": $n}" > /dev/termination-log',
        ],
        env: { WORDS: '{{ params.words }}' },
        resources: { limits: { memory: '64Mi' } },
        // Images that start as root say here who they are instead.
        securityContext: { runAsUser: 10001 },
        output: 'message',
        outputType: json<{ words: number }>(),
      }),
      { executionTimeout: '5m' },
    );
    const check = d.task(
      'check',
      typescript({
        inputs: { words: count.output.at('words') },
        run: ({ words }) => {
          if (words === 0) throw new Error('there are no words');
          return { words, even: words % 2 === 0 };
        },
      }),
    );
    d.task('report', bash({ script: 'echo "{{ xcom.check.words }} words on $(uname -n)"' }), {
      after: check,
    });
  },
);
