/**
 * job: creates a Kubernetes Job in a cluster of this worker, waits until it is complete or has failed, with the logs of
 * its pods in the task's log, and removes it with its pods; also when the task is stopped.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { JobConfig, JobResult } from '../../src/operators/job.ts';
import { ApiError } from '../pods/apiError.ts';
import { JobClient, type JobFacts } from '../pods/jobClient.ts';
import { JOB_LABEL, payloadJob } from '../pods/payload.ts';
import { openPodClient } from '../pods/podClient.ts';
import type { PodFacts } from '../pods/podFacts.ts';
import { PodWatch } from '../pods/podWatch.ts';
import { backoff } from '../worker/reconnect.ts';
import { type OperatorContext, type OperatorResult, TaskFailure } from './operator.ts';
import { clusterOf, make, takeAway } from './payloadCluster.ts';
import { PayloadLogs } from './payloadLogs.ts';

export async function run(context: OperatorContext): Promise<OperatorResult> {
  const config = context.config as unknown as JobConfig;
  const cluster = await clusterOf(context, config.pod.cluster);
  const manifest = payloadJob(cluster, context, config);
  const { name, namespace = '' } = manifest.metadata;
  const jobs = await JobClient.open(cluster);
  const pods = await openPodClient(cluster);
  const seen = new Map<string, PodFacts>();
  let job: JobFacts | undefined;
  let logs: PayloadLogs | undefined;
  let watch: PodWatch | undefined;
  try {
    job = await make(context, `Job ${name}`, {
      create: () => jobs.create(namespace, manifest),
      get: () => jobs.get(namespace, name),
      isUsable: (found) => !found.deleting && found.end?.state !== 'failed',
      remove: ({ uid }) => jobs.remove(namespace, name, uid),
    });
    context.log(`Job ${name} in namespace ${namespace} of cluster ${cluster.name}`);
    if (!config.wait) return { output: resultOf(job, namespace) };
    const isSingle = config.parallelism === 1 && (config.completions ?? 1) === 1;
    const following = new PayloadLogs({
      client: pods,
      context,
      wanted: config.logs,
      podName: (pod) => (isSingle ? undefined : pod.name.slice(name.length + 1)),
    });
    logs = following;
    const say = (fields: object, message: string): void =>
      context.log(`${message} ${JSON.stringify(fields)}`);
    watch = new PodWatch({
      client: pods,
      namespace,
      selector: `${JOB_LABEL}=${name}`,
      log: { info: () => {}, warn: say, error: say },
      onChange(pod) {
        seen.set(pod.uid, pod);
        following.follow(pod);
      },
      onGone: () => {},
      onSynced: () => {},
    });
    watch.start();
    job = await untilEnd(context, jobs, namespace, job);
    if (job.end?.state === 'failed') throw failureOf(job, [...seen.values()]);
    return { output: resultOf(job, namespace) };
  } finally {
    await watch?.stop();
    await logs?.finish();
    if (job && !isKept(config, job)) {
      const { uid } = job;
      await takeAway(context, `Job ${name}`, () => jobs.remove(namespace, name, uid));
    }
    jobs.close();
    pods.close();
  }
}

/** The Job when it has ended. Decides nothing while the API does not answer. */
async function untilEnd(
  context: OperatorContext,
  jobs: JobClient,
  namespace: string,
  made: JobFacts,
): Promise<JobFacts> {
  const { signal } = context;
  let job = made;
  let told = '';
  for (let failures = 0; ;) {
    signal.throwIfAborted();
    try {
      const found = await jobs.get(namespace, job.name);
      if (!found || found.uid !== made.uid || found.deleting) {
        throw new TaskFailure('pod_deleted', `The Job ${job.name} was deleted by somebody.`);
      }
      job = found;
      const { active, succeeded, failed, suspended } = job;
      const words = suspended
        ? 'the Job is suspended until a queue lets it go'
        : `${active} active, ${succeeded} succeeded, ${failed} failed`;
      if (words !== told) context.log(words);
      told = words;
      if (job.end) return job;
      await jobs.changed(namespace, job, signal);
      failures = 0;
    } catch (error) {
      signal.throwIfAborted();
      const isPassing =
        error instanceof ApiError ? error.retryable : !(error instanceof TaskFailure);
      if (!isPassing) throw error;
      if (failures === 3) context.log(`the cluster does not answer: ${(error as Error).message}`);
      await sleep(backoff(failures, Math.random), undefined, { signal }).catch(() => {});
      failures += 1;
    }
  }
}

function failureOf({ name, end, failed }: JobFacts, pods: PodFacts[]): TaskFailure {
  const words = `The Job ${name} failed: ${end?.message || end?.reason || 'it says no reason'}.`;
  if (end?.reason === 'DeadlineExceeded') return new TaskFailure('timeout', words);
  const bad = pods.filter((pod) => pod.failure !== null);
  const failure = bad.at(-1)?.failure;
  if (!failure) return new TaskFailure('error', `${words} ${failed} of its pods failed.`);
  const { cause, message, exitCode } = failure;
  return new TaskFailure(
    cause,
    `${words} The last of ${failed} failed pods: ${message}.`,
    exitCode === undefined ? {} : { exitCode },
  );
}

function resultOf({ name, succeeded, failed }: JobFacts, namespace: string): JobResult {
  return { job: name, namespace, succeeded, failed };
}

/** A Job that still works for a task that is over is never kept. */
function isKept({ keepJob, wait }: JobConfig, { end }: JobFacts): boolean {
  if (!wait) return true;
  if (!end) return false;
  return keepJob === 'always' || (keepJob === 'failed' && end.state === 'failed');
}
