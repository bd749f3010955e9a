/**
 * Tasks whose body is a function of the DAG file: typescript, and the two that steer the flow, branch
 * and shortCircuit. The body is found again by DAG and task id (src/dag/registry.ts); the plan holds
 * only the inputs, and the bundle's hash covers the code.
 */
import type { Inputs, Resolved } from '../dag/ref.ts';
import type { TaskFunction } from '../dag/registry.ts';
import type { JsonObject } from '../plan/plan.ts';
import type { TaskContext } from './context.ts';
import type { Operator } from './operator.ts';

export interface BodyDefinition<I extends Inputs, Output, Params> {
  /** References to outputs of other tasks, or JSON values; the body gets their values, typed. */
  inputs?: I;
  run: (inputs: Resolved<I>, context: TaskContext<Params>) => Output | Promise<Output>;
  /** Connections that the body asks for with context.connection(...). */
  connections?: readonly string[];
  /** Variables that the body asks for with context.variable(...). */
  variables?: readonly string[];
}

/** What a returned value is once it is stored as JSON. */
type Stored<T> = [T] extends [void] ? null : T;

// The empty default makes `inputs` of a body without inputs an object without keys.
export function typescript<
  const I extends Inputs = Record<never, never>,
  Output = unknown,
  Params = JsonObject,
>(definition: BodyDefinition<I, Output, Params>): Operator<Stored<Output>, Params> {
  return body('typescript', definition);
}

/** Follows only the direct downstream tasks whose ids the body returns; the others are skipped. */
export function branch<const I extends Inputs = Record<never, never>, Params = JsonObject>(
  definition: BodyDefinition<I, string | readonly string[] | null, Params>,
): Operator<string[], Params> {
  return { ...body<I, unknown, Params>('branch', definition), flow: 'branch' };
}

/** Skips everything downstream when the body returns false. */
export function shortCircuit<const I extends Inputs = Record<never, never>, Params = JsonObject>(
  definition: BodyDefinition<I, boolean, Params>,
): Operator<boolean, Params> {
  return { ...body<I, unknown, Params>('short_circuit', definition), flow: 'short_circuit' };
}

function body<I extends Inputs, Output, Params>(
  operator: string,
  definition: BodyDefinition<I, Output, Params>,
): Operator<never, Params> {
  const { inputs, run, connections = [], variables = [] } = definition;
  return {
    operator,
    config: {},
    inputs: inputs ?? {},
    connections,
    variables,
    run: run as unknown as TaskFunction,
    check: () => (typeof run === 'function' ? [] : ['run must be a function']),
  };
}
