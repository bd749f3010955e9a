/**
 * The plan: the compiled, static, versioned JSON of one DAG. Written by src/plan/compile.ts, read
 * by registration, scheduler and worker. Every field is plain JSON; times are seconds unless the
 * name says otherwise. A change of this shape raises PLAN_FORMAT.
 */
import type { Cause } from '../model/causes.ts';
import type { TriggerRule } from '../model/triggerRules.ts';
import type { PodOverrides } from '../pods/podOverrides.ts';

export const PLAN_FORMAT = 1;

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

export type Schedule =
  | { kind: 'none' }
  | { kind: 'once' }
  | { kind: 'continuous' }
  /** `cron` has five fields and is read in Plan.timezone. */
  | { kind: 'cron'; cron: string }
  /** Ticks every `seconds` from startDate. */
  | { kind: 'interval'; seconds: number };

export interface Plan {
  format: typeof PLAN_FORMAT;
  dagId: string;
  description?: string;
  owner?: string;
  tags: string[];
  schedule: Schedule;
  /** IANA zone, default UTC. */
  timezone: string;
  /** ISO 8601 instant. Required by `cron` and `interval` with catchup. */
  startDate?: string;
  endDate?: string;
  catchup: boolean;
  maxActiveRuns: number;
  maxActiveTasks: number;
  /** Seconds after which a running run fails. */
  runTimeout?: number;
  /** One failed task fails the rest of the run at once. */
  failFast: boolean;
  /** JSON Schema (draft 2020-12) of the params object; `default` values fill in. */
  params: JsonObject;
  callbacks: Callbacks;
  groups: PlanGroup[];
  /** In topological order: a task stands after everything it depends on. */
  tasks: PlanTask[];
}

export interface PlanGroup {
  id: string;
  label?: string;
}

export interface PlanTask {
  /** Full id, groups included: `clean.dedupe`. */
  id: string;
  group?: string;
  description?: string;
  /** Name of the operator: looked up in the worker's registry of run functions. */
  operator: string;
  /** Package that brings the operator, when it is not built in. */
  operatorModule?: string;
  /** Operator config; strings are templates unless the operator says otherwise. */
  config: JsonObject;
  /** False: the strings of config and env are no templates. */
  templates?: false;
  /** Named inputs, resolved by the claim and handed to the task. */
  inputs: Record<string, InputRef>;
  /** What templates and config refer to; the claim delivers exactly these. */
  references: { xcoms: XComRef[]; variables: string[]; connections: string[] };
  /** Direct upstream task ids, sorted. */
  upstream: string[];
  triggerRule: TriggerRule;
  /** Static environment of the task's process, values are templates. */
  env: Record<string, string>;
  retries: RetryPolicy;
  /** Seconds one attempt may run. */
  executionTimeout?: number;
  pool: string;
  poolSlots: number;
  /** Effective weight after the weight rule; higher goes first. */
  priority: number;
  dependsOnPast: boolean;
  /** Limit of instances of this task over all runs of the DAG. */
  maxActivePerDag?: number;
  /** Limit of instances of this task in one run (mapped tasks). */
  maxActivePerRun?: number;
  /** `local`, `kubernetes`, `pool:NAME`, or `default`: what the installation says. */
  executor: string;
  /** Settings of the pod, when the task gets one. */
  pod?: PodOverrides;
  map?: PlanMap;
  sensor?: PlanSensor;
  /** `branch`: outcome names the direct downstream tasks to follow. `short_circuit`: false skips. */
  flow?: 'branch' | 'short_circuit';
  /** Assets that it reads and writes. */
  inlets?: string[];
  outlets?: string[];
  setup: boolean;
  /** Ids of the setups that this teardown belongs to. */
  teardownOf?: string[];
  /** Whether a failing teardown fails the run. Default false. */
  teardownFailsRun?: boolean;
  callbacks: Callbacks;
}

export type InputRef =
  | { kind: 'literal'; value: Json }
  | XComRef
  /** The element of the mapped list under this key. */
  | { kind: 'map'; key: string; path?: string[] }
  | { kind: 'param'; name: string };

/**
 * `path` walks into the value: ["rows", "0", "id"]. Key default: return_value. `mapped` says that the
 * task is mapped, so that the value is the list of its instances' outputs, in map order.
 */
export interface XComRef {
  kind: 'xcom';
  task: string;
  key: string;
  path?: string[];
  mapped?: boolean;
  /** Inputs only: null when there is no such value, instead of an error. */
  optional?: boolean;
}

export interface PlanMap {
  /** Each key is expanded over its list; a mapping expands over its values. */
  over: Record<string, { kind: 'literal'; value: Json[] } | XComRef>;
  /** The keys as the author wrote them, because jsonb does not keep the order of an object's keys. */
  order?: string[];
  combine: 'product' | 'zip';
  /** Largest number of instances; more fails the task with cause map_length. */
  maxLength: number;
}

export interface PlanSensor {
  /**
   * `poke`: a worker looks, and if it is not yet true the instance waits in up_for_reschedule
   * with no process. `time` and `external_run` are decided by the scheduler alone (deferred).
   */
  mode: 'poke' | 'time' | 'external_run';
  /** Seconds between two looks. */
  interval: number;
  /** Seconds from the first look until the sensor fails (or is skipped when softFail). */
  timeout: number;
  softFail: boolean;
}

export interface RetryPolicy {
  /** Number of retries after the first try. */
  max: number;
  /** Seconds before a retry. */
  delay: number;
  /** Multiplier per further retry; 1 = constant. */
  factor: number;
  /** Upper bound of the delay, seconds. */
  maxDelay: number;
  /** Part of the delay (0..1) that is random. */
  jitter: number;
  /** First rule that matches the cause decides. */
  rules: RetryRule[];
  /** Budget for infrastructure causes, apart from `max`. */
  infrastructure: number;
}

export interface RetryRule {
  causes: Cause[];
  /** Only these exit codes, when given. */
  exitCodes?: number[];
  action: 'retry' | 'fail' | 'skip';
  /** Seconds, instead of the policy's delay. */
  delay?: number;
}

export type CallbackEvent = 'success' | 'failure' | 'retry' | 'skip';

export type Callbacks = Partial<Record<CallbackEvent, Notification[]>>;

export type Notification =
  | { kind: 'webhook'; url: string; headers?: Record<string, string> }
  | { kind: 'email'; connection: string; to: string[]; subject?: string };
