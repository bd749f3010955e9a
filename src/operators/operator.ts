/**
 * What an operator is to the author: a typed definition that yields a value for d.task(...). What it
 * does at run time is a run function of the same name in the worker.
 *
 * A third-party package brings an operator in two halves. The definition, here:
 *
 *   import { defineOperator } from 'podline/dag';
 *   export const shout = defineOperator<{ text: string }, string>({
 *     name: 'acme.shout',
 *     module: '@acme/podline-shout',
 *   });
 *
 * and in the worker, the module of that name exports the run function. Authors then write
 * d.task('hello', shout({ text: '{{ ds }}', inputs: { rows: load.output } })).
 */
import type { Inputs } from '../dag/ref.ts';
import type { TaskFunction } from '../dag/registry.ts';
import type { PlanSensor } from '../plan/plan.ts';

declare const outputOf: unique symbol;
declare const paramsOf: unique symbol;

/** Type-only promise about the JSON that a task hands on: `output: json<{ rows: number }>()`. */
export interface OutputType<T> {
  readonly [outputOf]?: T;
}

export function json<T>(): OutputType<T> {
  return {};
}

/** Sensor settings before their durations are read. */
export type SensorDefinition = { [K in keyof PlanSensor]: unknown };

export interface Operator<Output = unknown, Params = unknown> {
  readonly operator: string;
  /** Package whose run function does the work, when it is not built in. */
  readonly module?: string;
  /** Plain JSON, in which references may stand; `duration(...)` marks values to be read as seconds. */
  readonly config: { readonly [key: string]: unknown };
  readonly inputs: Inputs;
  readonly connections: readonly unknown[];
  readonly variables?: readonly unknown[];
  readonly flow?: 'branch' | 'short_circuit';
  readonly sensor?: SensorDefinition;
  readonly run?: TaskFunction;
  /** Finds mistakes in the config; returns plain words for each. */
  readonly check?: (config: { [key: string]: unknown }) => string[];
  readonly [outputOf]?: Output;
  readonly [paramsOf]?: (params: Params) => void;
}

/** What every operator takes beside its own config. */
export interface CommonDefinition {
  /** Values handed to the task: references to outputs, or JSON. Templates see them as `inputs.NAME`. */
  inputs?: Inputs;
}

/** The shape shared by zod 4 schemas, so that this module loads no validator. */
interface SchemaLike {
  safeParse(value: unknown): {
    success: boolean;
    error?: { issues: readonly { path: readonly PropertyKey[]; message: string }[] };
  };
}

export interface OperatorDefinition<Config> {
  /** Name in the worker's registry; use a prefix of your own, such as `acme.shout`. */
  name: string;
  /** npm package with the run function. */
  module: string;
  /** A zod schema that the config must fit when the DAG is built. */
  schema?: SchemaLike;
  /** Connections that the task needs, from its config. */
  connections?: (config: Config) => string[];
}

export function defineOperator<Config extends object, Output = unknown>(
  definition: OperatorDefinition<Config>,
): (config: Config & CommonDefinition) => Operator<Output> {
  const { name, module, schema, connections } = definition;
  return ({ inputs = {}, ...config }) => ({
    operator: name,
    module,
    config,
    inputs,
    connections: connections?.(config as unknown as Config) ?? [],
    check: schema && ((resolved) => problems(schema, resolved)),
  });
}

function problems(schema: SchemaLike, config: unknown): string[] {
  const result = schema.safeParse(config);
  return result.success
    ? []
    : (result.error?.issues ?? []).map((issue) =>
        issue.path.length > 0
          ? `${issue.path.map(String).join('.')}: ${issue.message}`
          : issue.message,
      );
}
