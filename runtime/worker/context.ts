/**
 * What templates can say: Airflow's names where its users know them. A name that is not there is an
 * error that says what is missing, never empty text. Made by execute.ts, used by templates.ts.
 */
import { PodlineError } from '../../src/errors.ts';
import type { Json, XComRef } from '../../src/plan/plan.ts';
import { connectionVariable, CONNECTION_PREFIX } from '../../src/connections/names.ts';
import type { Connection } from '../../src/connections/connection.ts';
import type { Assignment } from './assignment.ts';
import { xcomValue } from './inputs.ts';
import { macros, strftime } from './macros.ts';
import type { TemplateContext } from './templates.ts';

export function templateContext(
  assignment: Assignment,
  inputs: Record<string, Json>,
  connections: ReadonlyMap<string, Connection>,
): TemplateContext {
  const { run, task, attempt, instance, variables } = assignment;
  const logical = run.logicalDate === null ? undefined : new Date(run.logicalDate);
  const stamp = (text: string | null): string | undefined =>
    text === null ? undefined : strftime(new Date(text), '%Y-%m-%dT%H:%M:%S+00:00');
  return {
    ds: logical && strftime(logical, '%Y-%m-%d'),
    ds_nodash: logical && strftime(logical, '%Y%m%d'),
    ts: stamp(run.logicalDate),
    ts_nodash: logical && strftime(logical, '%Y%m%dT%H%M%S'),
    logical_date: stamp(run.logicalDate),
    data_interval_start: stamp(run.intervalStart),
    data_interval_end: stamp(run.intervalEnd),
    run_id: run.runId,
    dag_id: run.dagId,
    task_id: task.id,
    dag: { dag_id: run.dagId, timezone: assignment.timezone },
    task: { task_id: task.id },
    ti: {
      task_id: task.id,
      dag_id: run.dagId,
      run_id: run.runId,
      try_number: attempt.try,
      max_tries: attempt.maxTries,
      map_index: instance.mapIndex,
    },
    dag_run: {
      run_id: run.runId,
      run_type: run.kind,
      logical_date: stamp(run.logicalDate),
      start_date: stamp(run.startedAt),
      conf: run.params,
    },
    map_index: instance.mapIndex,
    params: run.params,
    inputs,
    var: named(variables, (variable) => new PodlineError('not_found.variable', { variable })),
    conn: named(
      Object.fromEntries(connections),
      (connection) =>
        new PodlineError('not_found.connection', {
          connection,
          variable: connectionVariable(connection).slice(CONNECTION_PREFIX.length),
        }),
    ),
    xcom: xcomTree(assignment),
    macros,
  };
}

/** An object that throws for a name it does not have. */
function named<T>(values: Record<string, T>, missing: (name: string) => Error): object {
  return new Proxy(values, {
    get(target, name) {
      if (typeof name === 'symbol') return undefined;
      if (!Object.hasOwn(target, name)) throw missing(name);
      return target[name];
    },
  });
}

/**
 * `xcom.TASK.path` is the return value of a task; groups make further levels (`xcom.clean.dedupe`).
 * A declared task without output throws when it is read.
 */
function xcomTree(assignment: Assignment): object {
  const tree: Record<string, unknown> = {};
  for (const ref of assignment.task.references.xcoms) {
    if (ref.key !== 'return_value') continue;
    const steps = ref.task.split('.');
    const last = steps.pop() ?? '';
    let level = tree;
    for (const step of steps) level = (level[step] ??= {}) as Record<string, unknown>;
    if (Object.hasOwn(level, last)) continue;
    Object.defineProperty(level, last, { enumerable: true, get: () => read(assignment, ref) });
  }
  return named(
    tree,
    (name) =>
      new PodlineError('xcom.missing', {
        task: assignment.task.id,
        key: 'return_value',
        ref: name,
        path: 'the end of its run',
      }),
  );
}

function read(assignment: Assignment, ref: XComRef): Json {
  const value = xcomValue(assignment.xcoms, ref.task, ref.key, ref.mapped ?? false);
  if (value !== undefined) return value;
  throw new PodlineError('xcom.missing', {
    task: assignment.task.id,
    key: ref.key,
    ref: ref.task,
    path: 'the end of its run',
  });
}
