/**
 * Task bodies written in TypeScript, by DAG and task id. Filled while a DAG file is evaluated; a worker
 * that imports the bundle finds the body here. It lives under a registered symbol on globalThis,
 * because the bundle carries its own copy of this module. Bodies never enter the plan.
 */
export type TaskFunction = (inputs: Record<string, unknown>, context: unknown) => unknown;

const REGISTRY = Symbol.for('podline.taskFunctions');

type Registry = Map<string, Map<string, TaskFunction>>;

function registry(): Registry {
  const store = globalThis as unknown as { [REGISTRY]?: Registry };
  return (store[REGISTRY] ??= new Map<string, Map<string, TaskFunction>>());
}

export function registerTaskFunction(dagId: string, taskId: string, run: TaskFunction): void {
  const functions = registry();
  let tasks = functions.get(dagId);
  if (!tasks) functions.set(dagId, (tasks = new Map<string, TaskFunction>()));
  tasks.set(taskId, run);
}

/** The body of a typescript, branch, short circuit (or third-party) task, once its bundle is loaded. */
export function taskFunction(dagId: string, taskId: string): TaskFunction | undefined {
  return registry().get(dagId)?.get(taskId);
}
