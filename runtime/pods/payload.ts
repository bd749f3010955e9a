/**
 * Pods and Jobs that a worker makes for its task (`launch: 'worker'`, the job operator), as JSON for the API
 * server. Pure. Their names follow from the task instance and its try, so that the next worker finds what a lost one
 * left. They have no label of the installation: executors leave them alone.
 */
import { createHash } from 'node:crypto';
import type { JobConfig } from '../../src/operators/job.ts';
import type { PodConfig } from '../../src/operators/pod.ts';
import type { Json } from '../../src/plan/plan.ts';
import type { JobManifest, PodManifest } from '../../src/pods/manifest.ts';
import type { OperatorContext } from '../operators/operator.ts';
import type { Assignment } from '../worker/assignment.ts';
import { built, finishPod, namespaceOf, orRefuse } from './basePod.ts';
import type { ClusterConfig } from './clusterConfig.ts';
import { imageParts, overridesProblems } from './directPod.ts';
import { podMetadata } from './podIdentity.ts';
import type { PodLaunch } from './podLaunch.ts';

export const PAYLOAD_LABEL = 'podline.dev/payload';
/** Of all pods of a Job; set by its controller. */
export const JOB_LABEL = 'batch.kubernetes.io/job-name';

export type PayloadContext = Pick<OperatorContext, 'task' | 'facts' | 'inputs' | 'params' | 'env'>;
type Config = Pick<PodConfig, 'image' | 'command' | 'args' | 'pod'>;

export function payloadPod(
  cluster: ClusterConfig,
  context: PayloadContext,
  config: Config,
): PodManifest {
  const launch = launchOf(context);
  const { namespace, problems } = namespaceOf(cluster, config.pod.namespace);
  const { id, labels, annotations, name } = identityOf(context, launch, namespace);
  const rendered = { config: config as never, env: context.env };
  const parts = imageParts(cluster, launch, config, rendered, []);
  const pod = finishPod(parts.pod(name), {
    metadata: {
      name,
      namespace,
      labels: { ...labels, [PAYLOAD_LABEL]: id },
      annotations: { ...annotations, ...parts.annotations },
    },
    env: parts.env,
    volumes: parts.volumes,
    volumeMounts: parts.volumeMounts,
  });
  return orRefuse(
    built(pod, cluster, [...problems, ...overridesProblems(config)]),
    cluster.name,
    context.task.id,
  );
}

export function payloadJob(
  cluster: ClusterConfig,
  context: PayloadContext,
  config: JobConfig,
): JobManifest {
  const { metadata, spec } = payloadPod(cluster, context, config);
  const { labels, annotations } = metadata;
  const { completions, queue } = config;
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      ...metadata,
      labels: { ...labels, ...(queue !== undefined && { 'kueue.x-k8s.io/queue-name': queue }) },
    },
    spec: {
      parallelism: config.parallelism,
      ...(completions !== undefined && { completions }),
      completionMode: config.completionMode,
      backoffLimit: config.backoffLimit,
      suspend: config.suspend,
      ttlSecondsAfterFinished: config.ttlSecondsAfterFinished,
      template: { metadata: { labels, annotations }, spec },
    },
  };
}

function identityOf(context: PayloadContext, launch: PodLaunch, namespace: string) {
  const { idempotencyKey, startedAt, try: number } = context.facts;
  const id = createHash('sha256')
    .update([idempotencyKey, startedAt, number].join('\n'))
    .digest('hex')
    .slice(0, 16);
  const { labels = {}, annotations } = podMetadata('', launch, 'payload', 'x', namespace);
  const { 'podline.dev/dag': dag = '', 'podline.dev/task': task = '' } = labels;
  const slug = `${dag}-${task}`
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '');
  // Names of Jobs end up in labels, with 63 characters.
  const name = `${slug.slice(0, 40).replace(/-+$/, '') || 'task'}-${id}`;
  return {
    id,
    name,
    annotations,
    labels: {
      'app.kubernetes.io/managed-by': 'podline',
      'podline.dev/kind': 'payload',
      'podline.dev/dag': dag,
      'podline.dev/task': task,
    },
  };
}

/** What the builders of pods want to know, as far as an operator knows it. */
function launchOf({ task, facts, inputs, params }: PayloadContext): PodLaunch {
  const literals = Object.entries(inputs).map(
    ([name, value]): [string, { kind: 'literal'; value: Json }] => [
      name,
      { kind: 'literal', value },
    ],
  );
  const own = { ...task, inputs: Object.fromEntries(literals) };
  const { dagId, runId, taskId, mapIndex } = facts;
  return {
    attemptId: 0,
    look: 0,
    number: facts.try,
    runId,
    dagId,
    taskId,
    mapIndex,
    nonce: Buffer.alloc(0),
    task: own as PodLaunch['task'],
    assignment: {
      attempt: { try: facts.try },
      instance: { mapIndex },
      run: { ...facts, params },
      traceparent: facts.traceparent,
      task: own,
    } as unknown as Assignment,
  };
}
