/** `podline dags trigger`. */
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
  const installation = await session.installation();
  const dag = await findDag(installation, dagId);
  const params = await readParams(options, dag.plan.params);
  const { logicalDate, runId: wanted, note } = options;
  const wishes = { params, logicalDate, note, runId: wanted };
  const { id, runId } = await installation.dags.trigger(dagId, wishes);
  if (dag.paused) output.warn(`DAG ${dagId} is paused: the run waits until it is unpaused.`);
  // The run is made: that this look fails, or is not for everybody, must not read as if it were not.
  const schedulers = await installation.dags.schedulers().catch(() => undefined);
  if (schedulers === 0) {
    output.warn(
      'no scheduler is running: the run waits; `podline dev` or `podline scheduler` runs it.',
    );
  }
  if (options.watch) return watchRun(session, { dagId, runId });
  if (output.json) output.printJson({ id, dagId, runId });
  else output.print(`Run ${runId} of DAG ${dagId} is queued.`);
}
