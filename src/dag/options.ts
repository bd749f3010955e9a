/** The options of DAGs, tasks, groups and mappings as authors write them; src/plan checks them. */
import type { Cause } from '../model/causes.ts';
import type { TriggerRule } from '../model/triggerRules.ts';
import type { Json, Notification } from '../plan/plan.ts';
import type { PodOverrides } from '../pods/podOverrides.ts';
import type { Duration } from './duration.ts';
import type { GroupHandle, TaskHandle } from './task.ts';

export interface RetryOptions {
  /** Retries after the first try. Default 0. */
  max?: number;
  /** Wait before a retry. Default 300 seconds. */
  delay?: Duration;
  /** Multiplier of the wait for each further retry. Default 1. */
  factor?: number;
  /** Longest wait. Default one day. */
  maxDelay?: Duration;
  /** Part of the wait, 0 to 1, that is random. Default 0. */
  jitter?: number;
  /** The first rule that fits the cause of the failure decides. */
  rules?: RetryRuleOptions[];
  /** Retries for infrastructure causes, apart from `max`. Default 3. */
  infrastructure?: number;
}

export interface RetryRuleOptions {
  causes: Cause[];
  exitCodes?: number[];
  action: 'retry' | 'fail' | 'skip';
  delay?: Duration;
}

export type NotificationOption = Notification | Notification[];

export interface TaskCallbacks {
  onSuccess?: NotificationOption;
  onFailure?: NotificationOption;
  onRetry?: NotificationOption;
  onSkip?: NotificationOption;
}

/** What a DAG can set for all its tasks under `defaults`. */
export interface TaskDefaults {
  /** A number of retries, or the whole policy. */
  retries?: number | RetryOptions;
  /** Longest time that one attempt may run. */
  executionTimeout?: Duration;
  /** Default all_success. */
  triggerRule?: TriggerRule;
  /** Default default_pool. */
  pool?: string;
  poolSlots?: number;
  /** Own weight, before the weight rule of the DAG. Default 1. */
  priority?: number;
  dependsOnPast?: boolean;
  /** Limit of instances of the task over all runs of the DAG. */
  maxActivePerDag?: number;
  /** Limit of instances of a mapped task in one run. */
  maxActivePerRun?: number;
  /** `local`, `kubernetes` or `pool:NAME`. Default: what the scheduler has. */
  executor?: string;
  /** The task's pod, where it gets one; laid over `pod` of the groups and the DAG. See docs/pods.md. */
  pod?: PodOverrides;
  /** Environment of the task's process; values are templates. */
  env?: Record<string, string>;
  /** Connections that the task may read, beside those that its operator names. */
  connections?: string[];
  /** Variables that the task may read, beside those that its templates name. */
  variables?: string[];
  callbacks?: TaskCallbacks;
  /** `false`: the strings of the operator's config are taken as they are. Default true. */
  templates?: boolean;
}

export type Upstream = TaskHandle | GroupHandle | string | readonly Upstream[];

export interface TaskOptions extends TaskDefaults {
  description?: string;
  /** Tasks, groups or ids that run before this task. An input reference makes the edge by itself. */
  after?: Upstream;
  /** Assets that the task reads: names or addresses, such as `s3://lake/orders`. For people; nothing waits for them. */
  inlets?: readonly string[];
  /** Assets that the task writes. A run shows which ones it wrote. */
  outlets?: readonly string[];
  /** Marks a setup task. */
  setup?: boolean;
  /** Makes this task the teardown of these setups; it runs whatever happened in between. */
  teardownOf?: TaskHandle | string | readonly (TaskHandle | string)[];
  /** Whether a failing teardown fails the run. Default false. */
  teardownFailsRun?: boolean;
}

export interface MapOptions extends TaskOptions {
  /** How several lists are put together. Default product, where the last list varies fastest. */
  combine?: 'product' | 'zip';
  /** Largest number of instances. Default 1024. */
  maxMapLength?: number;
}

export interface GroupOptions {
  label?: string;
  /** What runs before the first tasks of the group. */
  after?: Upstream;
  defaults?: TaskDefaults;
}

/** A zod object, seen only by its shape so that this module loads no validator. */
export interface ParamsSchema<Value = unknown> {
  readonly _zod: { readonly output: Value };
}

/**
 * Params of a DAG: a zod object, a JSON Schema with `type: 'object'`, or, for short, a mapping of
 * names to the JSON Schema or the default value of each param.
 */
export type ParamsDeclaration = ParamsSchema | { readonly [name: string]: unknown };

type ParamValue<S> = S extends { readonly enum: readonly (infer V)[] }
  ? V
  : S extends { readonly type: 'string' } | string
    ? string
    : S extends { readonly type: 'integer' | 'number' } | number
      ? number
      : S extends { readonly type: 'boolean' } | boolean
        ? boolean
        : Json;

/** The type of `context.params` that a declaration leads to. */
export type ParamsOf<D> =
  D extends ParamsSchema<infer Value>
    ? Value
    : D extends { readonly type: 'object' }
      ? D extends { readonly properties: infer Properties }
        ? { [K in keyof Properties]: ParamValue<Properties[K]> }
        : { [name: string]: Json }
      : { -readonly [K in keyof D]: ParamValue<D[K]> };

export interface DagOptions<Params = ParamsDeclaration> {
  description?: string;
  owner?: string;
  tags?: readonly string[];
  /**
   * A five-field cron expression, a preset (`@hourly`, `@daily`, `@weekly`, `@monthly`, `@yearly`),
   * `@once`, `@continuous`, `{ every: '6h' }`, or null for runs by hand alone. Default null.
   */
  schedule?: string | { every: Duration } | null;
  /** IANA time zone in which the schedule and dates without an offset are read. Default UTC. */
  timezone?: string;
  startDate?: string | Date;
  endDate?: string | Date;
  /** Make the runs between startDate and now, too. Default false. */
  catchup?: boolean;
  /** Default 16. */
  maxActiveRuns?: number;
  /** Default 16. */
  maxActiveTasks?: number;
  runTimeout?: Duration;
  /** One failed task fails the rest of the run at once. Default false. */
  failFast?: boolean;
  params?: Params;
  defaults?: TaskDefaults;
  /** How the priority of a task follows from the weights around it. Default downstream. */
  priorityWeightRule?: 'downstream' | 'upstream' | 'absolute';
  /** Told when a run ends. */
  callbacks?: Pick<TaskCallbacks, 'onSuccess' | 'onFailure'>;
}
