/** DAGs of the executor's tests, as files that are built like anybody's. */

export const DAGS: Record<string, string> = {
  'work.ts': `
import { bash, dag, pod as image, typescript } from 'podline/dag';

const retries = { max: 0, infrastructure: 3 };
const pod = { terminationGracePeriodSeconds: 2 };
const defaults = { retries, pod };

export const chain = dag('chain', { defaults }, (d) => {
  const first = d.task('first', bash({ script: 'echo first; echo 41 > "$PODLINE_OUTPUT"' }));
  const second = d.task('second', typescript({
    inputs: { given: first.output },
    run: ({ given }) => Number(given) + 1,
  }));
  d.task('third', bash({ script: 'echo third' }), { after: second });
});

export const direct = dag('direct', { defaults }, (d) => {
  const some = { image: 'docker.io/local/busybox:1', securityContext: { runAsUser: 65534 } };
  d.task('good', image({
    ...some,
    command: ['sh', '-c', "echo '{\\"day\\": \\"{{ run_id }}\\"}' > /dev/termination-log"],
    output: 'message',
  }));
  d.task('bad', image({ ...some, command: ['sh', '-c', 'exit 3'] }));
  d.task('late', image({ ...some, command: ['sleep', '60'], terminationGracePeriodSeconds: 1 }), { executionTimeout: '3s' });
});

export const long = dag('long', { defaults }, (d) => {
  d.task('sleep', bash({ script: 'echo begun; exec sleep 300' }));
});

export const short = dag('short', { defaults }, (d) => {
  d.task('sleep', bash({ script: 'sleep 5' }));
});

export const wide = dag('wide', { defaults }, (d) => {
  for (let n = 0; n < 6; n += 1) d.task('t' + n, bash({ script: 'true' }));
});

export const nowhere = dag('nowhere', { defaults: { retries: { max: 0, infrastructure: 0 } } }, (d) => {
  d.task('lost', bash({ script: 'true' }), { pod: { nodeSelector: { disk: 'nowhere' }, startupTimeout: 3 } });
});

export const noImage = dag('noImage', { defaults }, (d) => {
  d.task('lost', bash({ script: 'true' }), { pod: { image: 'docker.io/local/none:1' } });
});
`,
};
