/** `podline db clean`: old finished runs and everything that hangs on them, in small transactions. */
import { parseDuration } from '../../../src/dag/duration.ts';
import { audit } from '../../commands/audit.ts';
import {
  cleanBackfills,
  cleanOutbox,
  cleanRuns,
  cleanWorkers,
  countClean,
} from '../../database/queries/cleanRuns.ts';
import { inTransaction } from '../../database/pool.ts';
import { EXIT } from '../exit.ts';
import { count, date } from '../../explain/human.ts';
import { readInstant, usage } from '../input.ts';
import type { Session } from '../session.ts';

export async function cleanDatabase(
  session: Session,
  _args: readonly [],
  options: { before?: string; keep?: string; dryRun?: boolean },
): Promise<number | void> {
  const { output } = session;
  const before = limitOf(options);
  const signal = session.stopSignal();
  const database = await session.database();
  const plan = await countClean(database, before);
  if (options.dryRun) {
    if (output.json) output.printJson({ before, dryRun: true, ...plan });
    else output.print(`${words(plan)} would be deleted. Nothing was done.`);
    return;
  }
  const done = { runs: 0, outbox: 0, workers: 0, backfills: 0 };
  const progress = session.quiet || output.json ? undefined : output.progress();
  for (;;) {
    const deleted = await inTransaction(database, (transaction) => cleanRuns(transaction, before));
    done.runs += deleted;
    if (deleted > 0) progress?.update(`${done.runs} of ${count(plan.runs, 'run')} deleted`);
    if (deleted === 0 || signal.aborted) break;
  }
  if (!signal.aborted) {
    done.backfills = await cleanBackfills(database, before);
    done.outbox = await cleanOutbox(database, before);
    done.workers = await cleanWorkers(database, before);
  }
  progress?.done();
  await audit(database, undefined, 'clean', 'database', { before, ...done });
  if (output.json) output.printJson({ before, ...done });
  else output.print(`${words(done)} of before ${date(before)} deleted.`);
  return signal.aborted ? EXIT.interrupted : EXIT.ok;
}

function limitOf({ before, keep }: { before?: string; keep?: string }): Date {
  if (before !== undefined) return readInstant(before, '--before');
  if (keep === undefined)
    throw usage('Say what to delete: --before INSTANT or --keep DURATION.', 'db clean');
  try {
    return new Date(Date.now() - parseDuration(keep) * 1000);
  } catch (error) {
    throw usage(`--keep: ${(error as Error).message}.`, 'db clean');
  }
}

function words(done: { runs: number; outbox: number; workers: number; backfills: number }): string {
  const parts = [
    count(done.runs, 'run'),
    count(done.backfills, 'backfill'),
    count(done.outbox, 'callback'),
    count(done.workers, 'dead worker'),
  ];
  return parts.join(', ');
}
