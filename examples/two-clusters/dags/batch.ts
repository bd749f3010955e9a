/** Work in two clusters: a task beside the schedulers, and a container in the cluster `batch`. */
import { bash, dag, pod } from 'podline/dag';

export const batch = dag('batch', { tags: ['example'] }, (d) => {
  const prepare = d.task('prepare', bash({ script: 'echo ready' }));
  d.task(
    'crunch',
    pod({
      cluster: 'batch',
      image: 'docker.io/library/busybox:1.36',
      command: ['sh', '-c', 'echo done'],
      securityContext: { runAsUser: 10001 },
    }),
    { after: [prepare] },
  );
});
