/**
 * The public door `podline/dag`: everything a DAG file needs, and nothing else. Loads neither Pulumi
 * nor a database driver nor a validator, so that a DAG file is evaluated in milliseconds.
 */
export { dag } from './dag/dag.ts';
export type { Dag, DagBuilder, MapOver, Scope } from './dag/dag.ts';
export { chain } from './dag/task.ts';
export type { Group, GroupHandle, Task, TaskHandle } from './dag/task.ts';
export type { ElementOf, Input, Inputs, OptionalRef, OutputRef, Ref, Resolved } from './dag/ref.ts';
export type {
  DagOptions,
  GroupOptions,
  MapOptions,
  NotificationOption,
  ParamsOf,
  RetryOptions,
  RetryRuleOptions,
  TaskCallbacks,
  TaskDefaults,
  TaskOptions,
  Upstream,
} from './dag/options.ts';
export type { Duration } from './dag/duration.ts';
export type { Json, JsonObject, Notification } from './plan/plan.ts';
export type { Cause } from './model/causes.ts';
export type { TriggerRule } from './model/triggerRules.ts';

export { defineOperator, json } from './operators/operator.ts';
export type { Operator, OperatorDefinition, OutputType } from './operators/operator.ts';
export type { ConnectionValue, TaskContext } from './operators/context.ts';
export { bash } from './operators/bash.ts';
export { python } from './operators/python.ts';
export { r } from './operators/r.ts';
export { sql } from './operators/sql.ts';
export { CheckFailed, FailTask, SkipTask } from './operators/outcome.ts';
export { branch, shortCircuit, typescript } from './operators/typescript.ts';
export { http } from './operators/http.ts';
export { sftpToS3 } from './operators/sftpToS3.ts';
export { greatExpectations } from './operators/greatExpectations.ts';
export { sensor } from './operators/sensor.ts';
export { email, notify, webhook } from './operators/notify.ts';
export { pod } from './operators/pod.ts';
export type { PodDefinition } from './operators/pod.ts';
export { job } from './operators/job.ts';
export type { JobDefinition, JobResult } from './operators/job.ts';
export type { PodOverrides } from './pods/podOverrides.ts';
export { empty } from './operators/empty.ts';
