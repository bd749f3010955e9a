/**
 * pod with `launch: 'worker'`: this worker creates the pod, follows its log, takes its end as the task's and
 * removes it. Pods of `launch: 'direct'` never come here; the scheduler launches them itself.
 */
import type { PodConfig } from '../../src/operators/pod.ts';
import type { PlanTask } from '../../src/plan/plan.ts';
import { payloadPod, PAYLOAD_LABEL } from '../pods/payload.ts';
import { openPodClient, type PodClient } from '../pods/podClient.ts';
import type { PodFacts, PodFailure } from '../pods/podFacts.ts';
import { outcomeOfPod } from '../pods/podOutcome.ts';
import { PodWatch } from '../pods/podWatch.ts';
import { badConfig } from './config.ts';
import { type OperatorContext, type OperatorResult, TaskFailure } from './operator.ts';
import { clusterOf, make, takeAway } from './payloadCluster.ts';
import { PayloadLogs } from './payloadLogs.ts';

export async function run(context: OperatorContext): Promise<OperatorResult> {
  const config = context.config as unknown as PodConfig;
  if (config.output === 'file') {
    throw badConfig(
      context,
      "output 'file' needs launch 'direct'; with launch 'worker' use 'message'",
    );
  }
  const cluster = await clusterOf(context, config.pod.cluster);
  const manifest = payloadPod(cluster, context, config);
  const { name, namespace = '', labels = {} } = manifest.metadata;
  const client = await openPodClient(cluster);
  let pod: PodFacts | undefined;
  try {
    pod = await make(context, `pod ${name}`, {
      create: () => client.create(namespace, manifest),
      get: () => client.get(namespace, name),
      isUsable: (found) => !found.deleting && found.phase !== 'Failed',
      remove: ({ uid }) => client.remove(namespace, name, { uid }),
    });
    context.log(`pod ${name} in namespace ${namespace} of cluster ${cluster.name}`);
    const id = labels[PAYLOAD_LABEL] ?? '';
    pod = await untilEnd(context, client, pod, config, `${PAYLOAD_LABEL}=${id}`);
    return resultOf(pod, context, config);
  } finally {
    if (pod) await cleanUp(context, client, pod, config);
    client.close();
  }
}

/** The pod when it is terminal. Throws when it is gone, does not start, or the task must stop. */
async function untilEnd(
  context: OperatorContext,
  client: PodClient,
  made: PodFacts,
  config: PodConfig,
  selector: string,
): Promise<PodFacts> {
  const { cluster } = client;
  const { signal } = context;
  const logs = new PayloadLogs({ client, context, wanted: config.logs, podName: () => undefined });
  let settle: { resolve(pod: PodFacts): void; reject(error: unknown): void } | undefined;
  const ended = new Promise<PodFacts>((resolve, reject) => (settle = { resolve, reject }));
  const fail = (failure: PodFailure): void =>
    settle?.reject(new TaskFailure(failure.cause, failure.message));
  let last = made;
  let told = '';
  const look = (): void => {
    const failure = startFailure(last, {
      startupTimeout: config.pod.startupTimeout ?? cluster.startupTimeout,
      imagePullGrace: cluster.imagePullGrace,
    });
    if (failure) fail(failure);
  };
  const watch = new PodWatch({
    client,
    namespace: made.namespace,
    selector,
    log: { info: () => {}, warn: say, error: say },
    onChange(pod) {
      if (pod.uid !== made.uid) return;
      last = pod;
      logs.follow(pod);
      const words = pod.waiting ? `${pod.waiting.reason}: ${pod.waiting.message}` : '';
      if (words !== '' && words !== told) context.log(`the pod waits: ${words}`);
      told = words;
      if (pod.terminal) settle?.resolve(pod);
      else look();
    },
    onGone(pod) {
      if (pod.uid !== made.uid) return;
      fail({ cause: 'pod_deleted', message: `The pod ${pod.name} was deleted by somebody.` });
    },
    onSynced(pods) {
      if (pods.has(made.uid)) return;
      fail({ cause: 'pod_deleted', message: `The pod ${made.name} is not there any more.` });
    },
  });
  function say(fields: object, message: string): void {
    context.log(`${message} ${JSON.stringify(fields)}`);
  }
  const stop = (): void => settle?.reject(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  const timer = setInterval(look, 1000);
  watch.start();
  try {
    signal.throwIfAborted();
    return await ended;
  } finally {
    clearInterval(timer);
    signal.removeEventListener('abort', stop);
    await watch.stop();
    await logs.finish();
  }
}

interface StartLimits {
  startupTimeout: number;
  imagePullGrace: number;
}

/** Null: it runs, or may still come to run. */
export function startFailure(
  { waiting, createdAt, deleting }: Pick<PodFacts, 'waiting' | 'createdAt' | 'deleting'>,
  limits: StartLimits,
  now = Date.now(),
): PodFailure | null {
  if (!waiting || deleting) return null;
  const { reason, message, since } = waiting;
  const isImage = reason === 'image_pull' || reason === 'image_invalid';
  const waited = (now - Date.parse(since)) / 1000;
  if (isImage && waited > limits.imagePullGrace) {
    return { cause: 'image_pull', message: `The image could not be pulled: ${message}` };
  }
  const age = (now - Date.parse(createdAt)) / 1000;
  if (age <= limits.startupTimeout) return null;
  const cause = reason === 'unschedulable' ? 'unschedulable' : 'launch_failed';
  return {
    cause: isImage ? 'image_pull' : cause,
    message: `The pod did not run within ${limits.startupTimeout} s: ${message}`,
  };
}

function resultOf(pod: PodFacts, context: OperatorContext, config: PodConfig): OperatorResult {
  const task = { id: context.task.id, config: config as unknown as PlanTask['config'] };
  const { state, cause, message, exitCode, xcom } = outcomeOfPod(pod, task);
  const code = exitCode === undefined ? {} : { exitCode };
  if (exitCode !== undefined) context.log(`exit code ${exitCode}`);
  if (state === 'skipped') return { skipped: message ?? '', ...code };
  if (state === 'failed') throw new TaskFailure(cause ?? 'error', message ?? '', code);
  return { ...code, ...(xcom !== undefined && { output: xcom }) };
}

async function cleanUp(
  context: OperatorContext,
  client: PodClient,
  pod: PodFacts,
  config: PodConfig,
): Promise<void> {
  const keep = config.keepPod ?? client.cluster.keepPods;
  const isFailed = pod.phase === 'Failed' || pod.failure !== null;
  // A pod that still runs is never kept: it would go on working for a task that is over.
  if (pod.terminal && (keep === 'always' || (keep === 'failed' && isFailed))) return;
  const { namespace, name, uid } = pod;
  const graceSeconds =
    pod.terminal || !context.signal.aborted ? {} : { graceSeconds: graceOf(context) };
  await takeAway(context, `pod ${name}`, () =>
    client.remove(namespace, name, { uid, ...graceSeconds }),
  );
}

/** 0 would mean: forget the pod before it is dead. */
function graceOf(context: OperatorContext): number {
  return Math.max(1, Math.floor(context.graceSeconds()));
}
