/**
 * job: a Kubernetes Job, for work of several pods (parallelism, completions), or work that a queue such as
 * Kueue admits (suspend). A worker creates it, waits for its end and removes it; see runtime/operators/job.ts.
 */
import type { PodOverrides } from '../pods/podOverrides.ts';
import type { CommonDefinition, Operator } from './operator.ts';
import { choiceProblems, isWhole, KEEP, programProblems } from './pod.ts';

export interface JobDefinition extends PodOverrides, CommonDefinition {
  image: string;
  command?: readonly string[];
  args?: readonly string[];
  /** Pods at a time. Default 1. */
  parallelism?: number;
  /** Pods that must succeed. Default: one, or as many as `parallelism` run. */
  completions?: number;
  /** `Indexed`: each pod gets JOB_COMPLETION_INDEX. Default NonIndexed. */
  completionMode?: 'Indexed' | 'NonIndexed';
  /** Failed pods that the Job replaces by itself before it fails. Default 0: retries are the task's. */
  backoffLimit?: number;
  /** Creates the Job suspended; something else, such as Kueue, lets it go. Default false, with `queue` true. */
  suspend?: boolean;
  /** Local queue of Kueue. */
  queue?: string;
  /** Seconds after which the cluster itself removes the ended Job, should nobody else do it. Default 3600. */
  ttlSecondsAfterFinished?: number;
  /** false: the task is done as soon as the Job is created; the Job is left alone. Default true. */
  wait?: boolean;
  logs?: 'all' | 'none' | readonly string[];
  keepJob?: 'never' | 'failed' | 'always';
}

/** Config in the plan. */
export interface JobConfig {
  image: string;
  command?: string[];
  args?: string[];
  parallelism: number;
  completions?: number;
  completionMode: 'Indexed' | 'NonIndexed';
  backoffLimit: number;
  suspend: boolean;
  queue?: string;
  ttlSecondsAfterFinished: number;
  wait: boolean;
  logs: 'all' | 'none' | string[];
  keepJob: 'never' | 'failed' | 'always';
  pod: PodOverrides;
}

export interface JobResult {
  job: string;
  namespace: string;
  succeeded: number;
  failed: number;
}

export function job(definition: JobDefinition): Operator<JobResult> {
  const {
    image,
    command,
    args,
    parallelism = 1,
    completions,
    completionMode = 'NonIndexed',
    backoffLimit = 0,
    queue,
    suspend = queue !== undefined,
    ttlSecondsAfterFinished = 3600,
    wait = true,
    logs = 'all',
    keepJob = 'never',
    inputs = {},
    ...overrides
  } = definition;
  return {
    operator: 'job',
    config: {
      image,
      command,
      args,
      parallelism,
      completions,
      completionMode,
      backoffLimit,
      suspend,
      queue,
      ttlSecondsAfterFinished,
      wait,
      logs,
      keepJob,
      pod: overrides,
    },
    inputs,
    connections: [],
    check: jobProblems,
  };
}

const LIMITS = {
  parallelism: [1, 100_000],
  completions: [1, 1_000_000],
  backoffLimit: [0, 1_000_000],
  ttlSecondsAfterFinished: [0, 31_536_000],
} as const;

function jobProblems(config: { [key: string]: unknown }): string[] {
  const { completionMode, completions, suspend, wait, queue, keepJob } = config;
  const problems = [
    ...programProblems(config),
    ...choiceProblems('completionMode', completionMode, ['Indexed', 'NonIndexed']),
    ...choiceProblems('keepJob', keepJob, KEEP),
    ...choiceProblems('suspend', suspend, [true, false]),
    ...choiceProblems('wait', wait, [true, false]),
  ];
  for (const [name, [min, max]] of Object.entries(LIMITS)) {
    if (config[name] !== undefined && !isWhole(config[name], min, max))
      problems.push(`${name} must be a whole number from ${min} to ${max}`);
  }
  if (completionMode === 'Indexed' && completions === undefined)
    problems.push('completionMode "Indexed" needs completions');
  if (queue !== undefined && !/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(queue as string))
    problems.push('queue must be the name of a local queue: lower-case letters, digits and "-"');
  return problems;
}
