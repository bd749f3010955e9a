/** Helpers of the compiler's tests: short DAGs, and the errors of bad ones. */
import assert from 'node:assert/strict';
import { type DagBuilder, type DagOptions, type Operator, bash, dag } from 'podline/dag';
import { type PodlineError, PodlineErrors } from '../../src/errors.ts';
import { type CompileOptions, compile } from '../../src/plan/compile.ts';
import type { Plan, PlanTask } from '../../src/plan/plan.ts';

export type Build = (d: DagBuilder<Record<never, never>>) => unknown;

/** Anything an author without a compiler could write. */
export function untyped<T>(value: unknown): T {
  return value as T;
}

export const noop = (): Operator => bash({ script: 'true' });

export function planOf(build: Build, options: object = {}, compileOptions?: CompileOptions): Plan {
  return compile(dag('test', options as DagOptions<Record<never, never>>, build), compileOptions);
}

export function errorsOf(
  build: Build,
  options: object = {},
  compileOptions?: CompileOptions,
  ...ids: unknown[]
): PodlineError[] {
  // Undefined is one of the bad ids, so that a default value will not do.
  const id = ids.length > 0 ? ids[0] : 'test';
  try {
    compile(dag(id as string, options as DagOptions<Record<never, never>>, build), compileOptions);
  } catch (error) {
    assert.ok(error instanceof PodlineErrors, `not a list of problems: ${String(error)}`);
    return error.errors;
  }
  return assert.fail('it compiled');
}

export function codesOf(...given: Parameters<typeof errorsOf>): string[] {
  return errorsOf(...given).map(({ code }) => code);
}

export function taskOf(plan: Plan, id: string): PlanTask {
  const task = plan.tasks.find((task) => task.id === id);
  assert.ok(task, `no task ${id}`);
  return task;
}
