/**
 * Looks up what a person named: DAG, run (`latest` too), task. What is not there becomes a not-found error
 * with the nearest id that is. Used by the commands before they do anything.
 */
import { type ErrorCode, PodlineError } from '../../src/errors.ts';
import { count } from '../explain/human.ts';
import { usage } from './input.ts';
import type { DagView, Installation, InstanceView, RunView, Tasks } from './installation.ts';

export async function findDag({ dags }: Installation, dagId: string): Promise<DagView> {
  const dag = await dags.find(dagId);
  if (dag) return dag;
  throw await missing('not_found.dag', { dag: dagId }, dagId, await dags.ids());
}

export async function findRun(
  installation: Installation,
  dagId: string,
  runId: string,
): Promise<RunView> {
  const run = await installation.runs.find({ dagId, runId });
  if (run) return run;
  await findDag(installation, dagId);
  const recent = await installation.runs.list({ dagId, limit: 1000 });
  const ids = recent.map((row) => row.runId);
  throw await missing('not_found.run', { dag: dagId, run: runId }, runId, ids);
}

/** A task of the version that the run is on, or of the DAG's current one. */
export async function findTask(
  { dags }: Installation,
  { dagId, version, runId }: { dagId: string; version: number; runId?: string },
  taskId: string,
) {
  const tasks = await dags.planTasks({ dagId, version });
  const task = tasks.find(({ id }) => id === taskId);
  if (task) return { task, tasks };
  const where = runId === undefined ? `DAG ${dagId}` : `run ${runId} of DAG ${dagId}`;
  const ids = tasks.map(({ id }) => id);
  throw await missing('not_found.task', { task: taskId, where }, taskId, ids);
}

/** The instance of a task, which one of a mapped task. Undefined: `mayCome` later, the run has not come that far. */
export async function findInstance(
  tasks: Tasks,
  run: RunView,
  taskId: string,
  given: { mapIndex?: number; command: string; mayCome?: boolean },
): Promise<InstanceView | undefined> {
  const { mapIndex, command, mayCome = false } = given;
  const [first, second] = await tasks.list(run, { limit: 2, taskId, mapIndex });
  if (first && !second) return first;
  if (!first && mayCome) return undefined;
  if (!first) {
    const which = mapIndex === undefined ? 'no instance' : `no instance ${mapIndex}`;
    const where = `run ${run.runId}, which is ${run.state}`;
    throw usage(`Task ${taskId} has ${which} in ${where}.`, command);
  }
  const total = await tasks.count(run, taskId);
  const many = `it has ${count(total, 'instance')}`;
  throw usage(`Task ${taskId} is mapped: ${many}. Choose one with --map-index.`, command);
}

/** The error, with the nearest of the ids that exist. */
export async function missing(
  code: ErrorCode,
  details: Record<string, string>,
  given: string,
  known: readonly string[],
): Promise<PodlineError> {
  const { closestMatch } = await import('leven');
  const most = Math.max(2, Math.floor(given.length / 3));
  const close =
    closestMatch(given, known, { maxDistance: most }) ??
    known.find((id) => given.length >= 3 && id.includes(given));
  return new PodlineError(code, { ...details, ...(close !== undefined && { suggestion: close }) });
}
