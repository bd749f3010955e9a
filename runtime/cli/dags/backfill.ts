/** `podline dags backfill`. */
import { EXIT } from '../exit.ts';
import { findDag } from '../find.ts';
import type { BackfillPlan } from '../installation.ts';
import { count, date } from '../../explain/human.ts';
import { type ParamOptions, readParams } from '../input.ts';
import type { Session } from '../session.ts';
import { untilStopped } from '../untilStopped.ts';

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
  const installation = await session.installation();
  const { dags } = installation;
  const dag = await findDag(installation, dagId);
  const params = await readParams(options, dag.plan.params);
  const { from, to, reverse, reprocess, maxActiveRuns } = options;
  const wanted = { from, to, reverse, reprocess, maxActiveRuns, params };
  if (options.dryRun) {
    const { steps, counts } = await dags.planBackfill(dagId, wanted);
    const total = counts.create + counts.rerun + counts.skip;
    if (output.json) {
      output.printJson({ dagId, dryRun: true, counts, steps });
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
    if (total > SHOWN) output.print(`... and ${count(total - SHOWN, 'more tick')}`);
    output.print(`${summary(counts)}. Nothing was done.`);
    return;
  }
  const { id, counts, steps } = await dags.createBackfill(dagId, wanted);
  if (dag.paused) output.warn(`DAG ${dagId} is paused: the backfill waits until it is unpaused.`);
  if (options.watch) {
    session.say(`Backfill ${id}: ${summary(counts)}.`);
    return watchBackfill(session, { dagId, id });
  }
  if (output.json) output.printJson({ id, dagId, counts, steps });
  else output.print(`Backfill ${id} of DAG ${dagId}: ${summary(counts)}.`);
}

function summary({ create, rerun, skip }: BackfillPlan['counts']): string {
  return `${count(create, 'run')} to make, ${rerun} to run again, ${skip} left as they are`;
}

async function watchBackfill(
  session: Session,
  backfillKey: { dagId: string; id: number },
): Promise<number> {
  const { id } = backfillKey;
  return untilStopped(session, `Backfill ${id} goes on without this watcher.`, (signal) =>
    watchToEnd(session, backfillKey, signal),
  );
}

async function watchToEnd(
  session: Session,
  backfillKey: { dagId: string; id: number },
  signal: AbortSignal,
): Promise<number> {
  const { output } = session;
  const { id, dagId } = backfillKey;
  const { dags } = await session.installation();
  const following = dags.follow(dagId, signal);
  const progress = session.quiet || output.json ? undefined : output.progress();
  for (;;) {
    const backfill = await dags.backfill(backfillKey);
    const { queued = 0, running = 0, success = 0, failed = 0 } = backfill.states;
    const total = queued + running + success + failed;
    const words = `${success + failed} of ${count(total, 'run')} ended, ${running} at work, ${failed} failed`;
    progress?.update(words);
    if (backfill.endedAt !== null) {
      following.end();
      progress?.done();
      if (output.json) output.printJson(backfill);
      else output.print(`Backfill ${id} ended: ${success} succeeded, ${failed} failed.`);
      return failed > 0 ? EXIT.failed : EXIT.ok;
    }
    await following.change();
    signal.throwIfAborted();
  }
}
