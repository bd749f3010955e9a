/**
 * typescript, branch and short_circuit: calls the function of the DAG file, found in the bundle by
 * DAG and task id. It runs in this process; runner.ts decides whether the process is used again.
 */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { PodlineError } from '../../src/errors.ts';
import type { TaskFunction } from '../../src/dag/registry.ts';
import type { TaskContext } from '../../src/operators/context.ts';
import type { Json } from '../../src/plan/plan.ts';
import type { OperatorContext, OperatorResult } from './operator.ts';

/** Entry of a bundle, written by the build. */
export const BUNDLE_CODE = 'code.mjs';

/** The same symbol as in src/dag/registry.ts, of which every bundle has its own copy. */
const REGISTRY = Symbol.for('podline.taskFunctions');

type Functions = Map<string, Map<string, TaskFunction>>;

const store = globalThis as unknown as { [REGISTRY]?: Functions };
store[REGISTRY] ??= new Map();

const imported = new Map<string, Promise<Functions>>();
let afterImport = (): void => {};

export async function run(context: OperatorContext): Promise<OperatorResult> {
  const { facts, task } = context;
  const folder = await context.bundleFolder();
  if (folder === undefined) {
    throw new PodlineError('task.bad_config', { task: task.id, problem: 'its DAG has no bundle' });
  }
  const functions = await (imported.get(folder) ?? importBundle(folder));
  const body = functions.get(facts.dagId)?.get(task.id);
  if (!body) {
    const problem = 'the bundle has no function for it';
    throw new PodlineError('task.bad_config', { task: task.id, problem });
  }
  const output: unknown = await body(context.inputs, bodyContext(context));
  // A body without a return value has the output null, as its type says.
  return { output: output === undefined ? null : output };
}

/** Each bundle fills a registry of its own, so that two versions of one DAG do not mix. */
function importBundle(folder: string): Promise<Functions> {
  const functions: Functions = new Map();
  store[REGISTRY] = functions;
  const loading = import(pathToFileURL(path.join(folder, BUNDLE_CODE)).href).then(() => {
    afterImport();
    return functions;
  });
  imported.set(folder, loading);
  // A module that threw while loading stays broken in this process; the runner is not used again.
  loading.catch(() => undefined);
  return loading;
}

/** What a bundle sets up while it loads stays for all its tasks, and is no trace of one of them. */
export function whenImported(callback: () => void): void {
  afterImport = callback;
}

/** Bundles that this process has imported: their module state lives as long as it does. */
export function importedBundles(): string[] {
  return [...imported.keys()];
}

function bodyContext(context: OperatorContext): TaskContext & BodyExtras {
  const { facts } = context;
  const date = (text: string | null): Date | null => (text === null ? null : new Date(text));
  return {
    dagId: facts.dagId,
    taskId: facts.taskId,
    runId: facts.runId,
    mapIndex: facts.mapIndex,
    attempt: facts.try,
    idempotencyKey: facts.idempotencyKey,
    traceparent: facts.traceparent,
    params: context.params,
    logicalDate: date(facts.logicalDate),
    dataIntervalStart: date(facts.intervalStart),
    dataIntervalEnd: date(facts.intervalEnd),
    signal: context.signal,
    connection: (id) => context.connection(id),
    variable(name) {
      const value = Object.hasOwn(context.variables, name) ? context.variables[name] : undefined;
      if (value === undefined) throw new PodlineError('not_found.variable', { variable: name });
      return value;
    },
    push: (key, value) => context.pushXCom(key, value),
    pull: (from, key) => context.pullXCom(from, key),
    log: (line) => context.log(line),
  };
}

interface BodyExtras {
  idempotencyKey: string;
  pull(task: string, key?: string): Promise<Json | undefined>;
  log(line: string): void;
}
