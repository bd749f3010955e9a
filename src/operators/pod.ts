/**
 * pod: any image as a task. By default the scheduler itself launches the pod and takes the outcome from its
 * status (`launch: 'direct'`); with `launch: 'worker'` a worker launches it and waits, maybe in another cluster.
 */
import type { Json } from '../plan/plan.ts';
import type { PodOverrides } from '../pods/podOverrides.ts';
import type { CommonDefinition, Operator, OutputType } from './operator.ts';

export interface PodDefinition<Output> extends PodOverrides, CommonDefinition {
  image: string;
  /** Instead of the image's entrypoint. */
  command?: readonly string[];
  args?: readonly string[];
  /** Who creates the pod and watches it: the scheduler (default), or a worker. */
  launch?: 'direct' | 'worker';
  /** `message`: JSON in the termination message, at most 4096 bytes. `file`: JSON in $PODLINE_OUTPUT. Default none. */
  output?: 'none' | 'message' | 'file';
  /** Type of the output: `outputType: json<{ rows: number }>()`. */
  outputType?: OutputType<Output>;
  /** Where the program writes its output. Default: /podline/output/output.json; $PODLINE_OUTPUT names it. */
  outputFile?: string;
  /** Exit codes that skip the task. Default 99. */
  skipOnExitCode?: number | readonly number[];
  /** Containers whose logs are kept. Default `all`. */
  logs?: 'all' | 'none' | readonly string[];
  /** Default: what the cluster's configuration says. */
  keepPod?: 'never' | 'failed' | 'always';
}

/** Config in the plan. Strings are templates, but for launch, cluster, namespace and output. */
export interface PodConfig {
  launch: 'direct' | 'worker';
  image: string;
  command?: string[];
  args?: string[];
  output: 'none' | 'message' | 'file';
  outputFile?: string;
  skipOnExitCode: number[];
  logs: 'all' | 'none' | string[];
  keepPod?: 'never' | 'failed' | 'always';
  /** Everything else about the pod. `cluster` and `namespace` stand in PlanTask.pod as well when it is direct. */
  pod: PodOverrides;
}

export function pod<Output = Json>(definition: PodDefinition<Output>): Operator<Output> {
  const {
    image,
    command,
    args,
    launch = 'direct',
    output = 'none',
    outputType: _type,
    outputFile,
    skipOnExitCode = 99,
    logs = 'all',
    keepPod,
    inputs = {},
    ...overrides
  } = definition;
  return {
    operator: 'pod',
    config: {
      launch,
      image,
      command,
      args,
      output,
      outputFile,
      skipOnExitCode: [skipOnExitCode].flat(),
      logs,
      keepPod,
      pod: overrides,
    },
    inputs,
    connections: [],
    check: podProblems,
  };
}

function podProblems(config: { [key: string]: unknown }): string[] {
  const { launch, output, outputFile, skipOnExitCode, keepPod } = config;
  const codes = skipOnExitCode as unknown[];
  return [
    ...programProblems(config),
    ...choiceProblems('launch', launch, ['direct', 'worker']),
    ...choiceProblems('output', output, ['none', 'message', 'file']),
    ...choiceProblems('keepPod', keepPod ?? 'never', KEEP),
    ...(codes.every((code) => isWhole(code, 1, 255))
      ? []
      : ['skipOnExitCode must be whole numbers from 1 to 255']),
    ...(output === 'file' && launch === 'worker'
      ? ['output "file" needs launch "direct"; a worker reads the termination message']
      : []),
    ...(outputFile === undefined || output === 'file' ? [] : ['outputFile needs output: "file"']),
    ...(outputFile === undefined || FILE.test(outputFile as string)
      ? []
      : [
          'outputFile must be a path such as /work/output.json, in a folder that it may have alone',
        ]),
  ];
}

/** Not at the root, whose files it would hide. */
const FILE = /^(\/[\w.-]*\w[\w.-]*){2,}$/;
export const KEEP = ['never', 'failed', 'always'] as const;

/** Of image, command, args and logs, which pod and job share. */
export function programProblems(config: { [key: string]: unknown }): string[] {
  const { image, command, args, logs } = config;
  const isTexts = (value: unknown) =>
    Array.isArray(value) && value.every((text) => typeof text === 'string');
  return [
    ...(typeof image === 'string' && image !== '' ? [] : ['image must be text that is not empty']),
    ...(command === undefined || isTexts(command) ? [] : ['command must be a list of texts']),
    ...(args === undefined || isTexts(args) ? [] : ['args must be a list of texts']),
    ...(logs === 'all' || logs === 'none' || isTexts(logs)
      ? []
      : ['logs must be "all", "none" or a list of names of containers']),
  ];
}

export function choiceProblems(
  name: string,
  value: unknown,
  choices: readonly unknown[],
): string[] {
  return choices.includes(value) ? [] : [`${name} must be one of ${choices.join(', ')}`];
}

export function isWhole(value: unknown, min: number, max: number): boolean {
  return Number.isInteger(value) && Number(value) >= min && Number(value) <= max;
}
