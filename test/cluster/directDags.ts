/** DAGs of any image, for direct.test.ts. */
export const DAGS: Record<string, string> = {
  'direct.ts': `
import { dag, pod, typescript } from 'podline/dag';

const image = 'docker.io/local/busybox:1';
const imagePullPolicy = 'IfNotPresent' as const;
const securityContext = { runAsUser: 10001, runAsGroup: 10001 };
const own = { image, imagePullPolicy, securityContext, terminationGracePeriodSeconds: 2 };
const sh = (script: string) => ({ ...own, command: ['sh', '-c', script] });
const defaults = { retries: { max: 0, infrastructure: 2 } };

export const talk = dag('talk', { defaults }, (d) => {
  d.task('talk', pod({
    ...sh('i=0; while [ $i -lt 2000 ]; do echo line $i; i=$((i+1)); done; sleep 2; echo last; printf end'),
    initContainers: [{ name: 'prepare', image, imagePullPolicy, command: ['sh', '-c', 'echo prepared'] }],
    sidecars: [{ name: 'proxy', image, imagePullPolicy, command: ['sh', '-c', 'trap "echo leaving; exit 0" TERM; echo ready; while true; do sleep 0.2; done'] }],
  }));
});

export const outputs = dag('outputs', { defaults }, (d) => {
  const message = d.task('message', pod<{ rows: number }>({
    ...sh('echo "{\\\\"rows\\\\": 3}" > /dev/termination-log'),
    output: 'message',
  }));
  const file = d.task('file', pod<number[]>({ ...sh('echo "[1, 2, 3]" > "$PODLINE_OUTPUT"'), output: 'file' }));
  d.task('sum', typescript({
    inputs: { rows: message.output, list: file.output },
    run: ({ rows, list }) => (rows as { rows: number }).rows + (list as number[]).length,
  }));
  d.task('bad', pod({ ...sh('echo nonsense > "$PODLINE_OUTPUT"'), output: 'file' }));
  d.task('none', pod({ ...sh('true'), output: 'file' }));
});

export const ends = dag('ends', { defaults }, (d) => {
  d.task('fails', pod(sh('echo broken; exit 7')));
  d.task('skips', pod(sh('exit 99')));
  d.task('rendered', pod({ ...own, command: ['sh', '-c', 'echo "$0 $WHEN"', '{{ dag_run.run_id }}'], env: { WHEN: 'now' } }));
  d.task('escapes', pod({ ...own, command: ['{{ run_id.constructor.constructor("return process")() }}'] }));
});

export const long = dag('long', { defaults }, (d) => {
  d.task('long', pod(sh('trap "echo asked to end; exit 1" TERM; echo begun; while true; do sleep 0.1; done')));
});
`,
};
