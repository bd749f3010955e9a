/** `podline dags backfill`. */
import { createBackfill, planBackfill } from '../../commands/backfill.ts';
import { readBackfill } from '../../database/queries/readBackfill.ts';
import { EXIT } from '../exit.ts';
import { findDag } from '../find.ts';
import { count, date } from '../../explain/human.ts';
import { type ParamOptions, readParams } from '../input.ts';
import { pause } from '../../pause.ts';
import type { Session } from '../session.ts';

interface Options extends ParamOptions {
  from: string;
  to: string;
  dryRun?: boolean;
  reverse?: boolean;
  reprocess: 'none' | 'failed' | 'all';
  maxActiveRuns: number;
  watch?: boolean;
}

const SHOWN = 50;

export async function backfillDag(
  session: Session,
  [dagId]: readonly [string],
  options: Options,
): Promise<number | void> {
  const { output } = session;
  const database = await session.database();
  const dag = await findDag(database, dagId);
  const params = await readParams(options, dag.plan.params);
  const { from, to, reverse, reprocess, maxActiveRuns } = options;
  const wanted = { from, to, reverse, reprocess, maxActiveRuns, params };
  if (options.dryRun) {
    const steps = await planBackfill(database, dagId, wanted);
    if (output.json) {
      output.printJson({ dagId, dryRun: true, steps });
      return;
    }
    output.printTable(
      steps.slice(0, SHOWN),
      [
        { title: 'LOGICAL DATE', value: (step) => date(step.logicalDate) },
        { title: 'ACTION', value: (step) => step.action },
        { title: 'RUN', value: (step) => step.runId },
      ],
      'There is no tick in this range.',
    );
    if (steps.length > SHOWN) output.print(`... and ${count(steps.length - SHOWN, 'more tick')}`);
    output.print(`${summary(steps)}. Nothing was done.`);
    return;
  }
  const { id, steps } = await createBackfill(database, dagId, wanted);
  if (dag.paused) output.warn(`DAG ${dagId} is paused: the backfill waits until it is unpaused.`);
  if (options.watch) {
    session.say(`Backfill ${id}: ${summary(steps)}.`);
    return watchBackfill(session, id);
  }
  if (output.json) output.printJson({ id, dagId, steps });
  else output.print(`Backfill ${id} of DAG ${dagId}: ${summary(steps)}.`);
}

function summary(steps: { action: string }[]): string {
  const of = (action: string) => steps.filter((step) => step.action === action).length;
  return `${count(of('create'), 'run')} to make, ${of('rerun')} to run again, ${of('skip')} left as they are`;
}

async function watchBackfill(session: Session, id: number): Promise<number> {
  const { output } = session;
  const signal = session.stopSignal();
  const database = await session.database();
  const progress = session.quiet || output.json ? undefined : output.progress();
  for (;;) {
    const backfill = await readBackfill(database, id);
    const { queued = 0, running = 0, success = 0, failed = 0 } = backfill.states;
    const total = queued + running + success + failed;
    const words = `${success + failed} of ${count(total, 'run')} ended, ${running} at work, ${failed} failed`;
    progress?.update(words);
    if (backfill.endedAt !== null) {
      progress?.done();
      if (output.json) output.printJson(backfill);
      else output.print(`Backfill ${id} ended: ${success} succeeded, ${failed} failed.`);
      return failed > 0 ? EXIT.failed : EXIT.ok;
    }
    await pause(300, signal);
    if (signal.aborted) {
      progress?.done();
      session.say(`Backfill ${id} goes on without this watcher.`);
      return EXIT.interrupted;
    }
  }
}
