/**
 * The pod of any image as a task (launch direct), as JSON for the API server. Pure; called by the kubernetes
 * executor. The container has facts and inputs by the task protocol, and nothing that opens the database.
 */
import path from 'node:path';
import type { PodConfig } from '../../src/operators/pod.ts';
import { checkOverrides } from '../../src/pods/checkOverrides.ts';
import type { PodProblem } from '../../src/pods/checkPod.ts';
import {
  type Container,
  type EnvVar,
  MAIN_CONTAINER,
  type PodManifest,
  type Volume,
} from '../../src/pods/manifest.ts';
import { resolveInputs } from '../worker/inputs.ts';
import { OUTPUT_COMMAND, RUNTIME_USER } from '../worker/imagePaths.ts';
import {
  type Additions,
  basePod,
  built,
  type Built,
  finishPod,
  layeredPod,
  namespaceOf,
  orRefuse,
} from './basePod.ts';
import type { ClusterConfig } from './clusterConfig.ts';
import { OUTPUT_CONTAINER } from './outputMessage.ts';
import { connectionEnv, podMetadata, podName } from './podIdentity.ts';
import type { PodLaunch } from './podLaunch.ts';
import { INPUT_MOUNT, literal, protocolOf } from './podProtocol.ts';
import type { Rendered } from './render.ts';
import { type TaskPodInput, workerEnv } from './taskPod.ts';

export const OUTPUT_FOLDER = '/podline/output';

const INPUTS_VOLUME = 'podline-input';
const OUTPUT_VOLUME = 'podline-output';
/** Seconds beyond what the scheduler allows. */
const DEADLINE_MARGIN = 60;

export interface DirectPodInput extends TaskPodInput {
  rendered: Rendered;
}

/** Throws PodlineError pod.refused with every problem, when the cluster would not take the pod. */
export function directPod(input: DirectPodInput): PodManifest {
  return orRefuse(buildDirectPod(input), input.cluster.name, input.launch.taskId);
}

export function buildDirectPod(input: DirectPodInput): Built {
  const { cluster, installation, launch, rendered } = input;
  const { task } = launch;
  const config = rendered.config as unknown as PodConfig;
  const wanted = config.pod.namespace ?? task.pod?.namespace;
  const { namespace, problems } = namespaceOf(cluster, wanted);
  const name = podName(installation, launch);
  const startup = task.pod?.startupTimeout ?? cluster.startupTimeout;
  const parts = imageParts(cluster, launch, config, rendered);
  const output = config.output === 'file' ? outputParts(input, config) : undefined;
  const pod = finishPod(parts.pod(name), {
    metadata: withAnnotations(
      podMetadata(installation, launch, 'direct', name, namespace),
      parts.annotations,
    ),
    env: [...parts.env, ...(output?.env ?? [])],
    volumes: [...parts.volumes, ...(output?.volumes ?? [])],
    volumeMounts: [...parts.volumeMounts, ...(output?.volumeMounts ?? [])],
    sidecars: output?.sidecars,
    // The scheduler keeps the time, and waits until the container has ended; the kubelet calls a pod failed while
    // its container still ends. This is for the time without a scheduler, and includes pulling the image.
    ...(task.executionTimeout !== undefined && {
      activeDeadlineSeconds: Math.ceil(task.executionTimeout + startup + DEADLINE_MARGIN),
    }),
  });
  return built(pod, cluster, [...problems, ...overridesProblems(config)]);
}

/** What the templates have become is looked at as strictly as what stands in the DAG. */
export function overridesProblems(config: Pick<PodConfig, 'pod'>): PodProblem[] {
  return checkOverrides(config.pod, 'rendered').map(({ path, problem }) => ({
    path: `pod.${path}`,
    problem,
  }));
}

/** Image, command, environment and inputs of the main container: shared by direct pods, payloads and Jobs. */
export function imageParts(
  cluster: ClusterConfig,
  launch: PodLaunch,
  config: Pick<PodConfig, 'image' | 'command' | 'args' | 'pod'>,
  rendered: Rendered,
  layers = [launch.task.pod],
) {
  const { image, command, args } = config;
  const inputs = launch.assignment ? resolveInputs(launch.assignment) : {};
  const protocol = protocolOf(launch, inputs);
  const env: EnvVar[] = Object.entries(rendered.env).map(([name, value]) => ({
    name,
    value: literal(value),
  }));
  const connections = connectionEnv(launch.task.references.connections, false);
  const base: Partial<Container> = {
    env: [...connections, ...env.filter(({ name }) => !name.startsWith('PODLINE_'))],
  };
  const hasFiles = Object.keys(protocol.annotations).length > 0;
  const volumes: Volume[] = hasFiles
    ? [{ name: INPUTS_VOLUME, downwardAPI: { items: protocol.files } }]
    : [];
  return {
    pod(name: string) {
      const layered = [...layers, { ...config.pod, image }];
      const pod = layeredPod(basePod(cluster, name, base), cluster, layered);
      const containers = pod.spec.containers.map((container) =>
        // The template's command is that of workers, and so is its image.
        container.name === MAIN_CONTAINER ? withCommand(container, command, args) : container,
      );
      return { ...pod, spec: { ...pod.spec, containers } };
    },
    env: protocol.env,
    annotations: protocol.annotations,
    volumes,
    volumeMounts: hasFiles ? [{ name: INPUTS_VOLUME, mountPath: INPUT_MOUNT, readOnly: true }] : [],
  };
}

function withCommand(
  { command: _c, args: _a, ...container }: Container,
  command: readonly string[] | undefined,
  args: readonly string[] | undefined,
): Container {
  return {
    ...container,
    ...(command && { command: command.map(String) }),
    ...(args && { args: args.map(String) }),
  };
}

/** The main container writes a file; a second one, of the runtime's image, hands it on. */
function outputParts(
  { cluster, launch, token }: DirectPodInput,
  config: PodConfig,
): Partial<Additions> & { env: EnvVar[] } {
  const file = config.outputFile ?? `${OUTPUT_FOLDER}/output.json`;
  const folder = path.posix.dirname(file);
  const runAsUser = config.pod.securityContext?.runAsUser;
  const sidecar: Container = {
    name: OUTPUT_CONTAINER,
    ...(cluster.image !== undefined && { image: cluster.image }),
    ...(cluster.imagePullPolicy !== undefined && { imagePullPolicy: cluster.imagePullPolicy }),
    command: [...OUTPUT_COMMAND],
    args: [`${OUTPUT_FOLDER}/${path.posix.basename(file)}`],
    env: workerEnv(cluster, launch, token),
    restartPolicy: 'Always',
    resources: { requests: { cpu: '1m', memory: '32Mi' } },
    volumeMounts: [{ name: OUTPUT_VOLUME, mountPath: OUTPUT_FOLDER }],
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      readOnlyRootFilesystem: true,
      // So that it can read a file that only its owner may read.
      ...(runAsUser === undefined ? { runAsUser: RUNTIME_USER } : { runAsUser }),
    },
  };
  return {
    env: [{ name: 'PODLINE_OUTPUT', value: file }],
    volumes: [{ name: OUTPUT_VOLUME, emptyDir: { sizeLimit: '16Mi' } }],
    volumeMounts: [{ name: OUTPUT_VOLUME, mountPath: folder }],
    sidecars: [sidecar],
  };
}

function withAnnotations<Metadata extends { annotations?: Record<string, string> }>(
  metadata: Metadata,
  more: Record<string, string>,
): Metadata {
  return { ...metadata, annotations: { ...metadata.annotations, ...more } };
}
