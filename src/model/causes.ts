/**
 * Why an attempt did not succeed. Recorded on the attempt, shown to people, and usable in retry
 * rules. Infrastructure causes spend their own budget, never a retry of the user.
 */

export const CAUSES = {
  exit_code: { infrastructure: false, says: 'the process ended with a non-zero exit code' },
  signal: { infrastructure: false, says: 'the process was ended by a signal' },
  error: { infrastructure: false, says: 'the task threw an error' },
  check_failed: { infrastructure: false, says: 'a data-quality check failed' },
  fail_now: { infrastructure: false, says: 'the task asked to fail without retries' },
  template: { infrastructure: false, says: 'a template could not be rendered' },
  input: { infrastructure: false, says: 'an input, connection or variable is missing' },
  xcom: { infrastructure: false, says: 'the output could not be stored' },
  map_length: { infrastructure: false, says: 'the mapped list is too long or no list' },
  missing_program: {
    infrastructure: false,
    says: 'a program that the task needs is not installed',
  },
  timeout: { infrastructure: false, says: 'the execution timeout passed' },
  sensor_timeout: { infrastructure: false, says: 'the sensor waited for too long' },
  oom: { infrastructure: false, says: 'the process used more memory than it may' },
  run_timeout: { infrastructure: false, says: 'the run timeout passed' },
  cancelled: { infrastructure: false, says: 'a person cancelled it' },
  marked: { infrastructure: false, says: 'a person marked it' },
  worker_lost: { infrastructure: true, says: 'the worker process went away' },
  launch_lost: { infrastructure: true, says: 'the launch was never confirmed' },
  launch_failed: { infrastructure: true, says: 'the process could not be started' },
  evicted: { infrastructure: true, says: 'the pod was evicted' },
  preempted: { infrastructure: true, says: 'the pod was preempted' },
  node_lost: { infrastructure: true, says: 'the node went away' },
  pod_deleted: { infrastructure: true, says: 'the pod was deleted' },
  unschedulable: { infrastructure: true, says: 'no node had room for the pod' },
  image_pull: { infrastructure: false, says: 'the image could not be pulled' },
  quota: { infrastructure: true, says: 'the namespace quota was used up' },
  admission: { infrastructure: false, says: 'the cluster refused the pod' },
  interrupted: { infrastructure: true, says: 'the worker was asked to stop' },
} as const satisfies Record<string, { infrastructure: boolean; says: string }>;

export type Cause = keyof typeof CAUSES;

export function isCause(value: unknown): value is Cause {
  return typeof value === 'string' && Object.hasOwn(CAUSES, value);
}

export function isInfrastructure(cause: Cause): boolean {
  return CAUSES[cause].infrastructure;
}
