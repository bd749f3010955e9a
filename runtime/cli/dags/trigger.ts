/** `podline dags trigger`. */
import { triggerRun } from '../../commands/trigger.ts';
import { readCapacity } from '../../database/queries/readRun.ts';
import { findDag } from '../find.ts';
import { type ParamOptions, readParams } from '../input.ts';
import { watchRun } from '../runs/watch.ts';
import type { Session } from '../session.ts';

interface Options extends ParamOptions {
  logicalDate?: string;
  runId?: string;
  note?: string;
  watch?: boolean;
}

export async function triggerDag(
  session: Session,
  [dagId]: readonly [string],
  options: Options,
): Promise<number | void> {
  const { output } = session;
  const database = await session.database();
  const dag = await findDag(database, dagId);
  const params = await readParams(options, dag.plan.params);
  const { logicalDate, runId: wanted, note } = options;
  const { id, runId } = await triggerRun(database, dagId, {
    params,
    logicalDate,
    note,
    runId: wanted,
  });
  if (dag.paused) output.warn(`DAG ${dagId} is paused: the run waits until it is unpaused.`);
  const { schedulers } = await readCapacity(database);
  if (schedulers === 0) {
    output.warn(
      'no scheduler is running: the run waits; `podline dev` or `podline scheduler` runs it.',
    );
  }
  if (options.watch) return watchRun(session, { dagId, runId });
  if (output.json) output.printJson({ id, dagId, runId });
  else output.print(`Run ${runId} of DAG ${dagId} is queued.`);
}
