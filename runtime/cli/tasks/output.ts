/** `podline tasks output`: one output of a task in a run, whole, as JSON and nothing beside it; for jq and for files. */
import { findInstance, findRun, findTask } from '../find.ts';
import type { Session } from '../session.ts';

export async function printOutput(
  session: Session,
  [dagId, runId, taskId]: readonly [string, string, string],
  options: { key: string; mapIndex?: number },
): Promise<void> {
  const installation = await session.installation();
  const run = await findRun(installation, dagId, runId);
  await findTask(installation, run, taskId);
  const { tasks } = installation;
  const which = { mapIndex: options.mapIndex, command: 'tasks output' };
  const instance = await findInstance(tasks, run, taskId, which);
  const mapIndex = instance?.mapIndex ?? -1;
  const text = await tasks.output({ ...run, taskId, mapIndex }, options.key);
  session.output.write(`${text}\n`);
}
