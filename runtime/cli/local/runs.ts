/** Runs of an installation over its database. */
import { PodlineError } from '../../../src/errors.ts';
import { EVERYTHING } from '../../../src/model/access.ts';
import { commandRun } from '../../commands/commandRun.ts';
import { previewClear } from '../../commands/previewClear.ts';
import type { Database } from '../../database/pool.ts';
import { readLatestRunId } from '../../database/queries/readLatestRun.ts';
import { readCapacity, readRun, type RunDetails } from '../../database/queries/readRun.ts';
import { readTaskCounts } from '../../database/queries/readRunTasks.ts';
import { readRunPage, type RunPageRow } from '../../database/queries/web/readRunPage.ts';
import { explainRun } from '../../explain/explain.ts';
import { pause } from '../../pause.ts';
import type { Command } from '../../scheduler/decision.ts';
import type { ClearChoice, RunKey, Runs, RunView } from '../installation.ts';

/** The database tells nobody: who follows looks. */
const LOOK_MS = 200;

export function localRuns(database: Database): Runs {
  const find = async ({ dagId, runId }: RunKey): Promise<RunView | undefined> => {
    const name = runId === 'latest' ? await readLatestRunId(database, dagId) : runId;
    const run = name === undefined ? undefined : await readRun(database, dagId, name);
    return run && viewOf(database, run);
  };
  const perform = async (key: RunKey, command: Command) => {
    await commandRun(database, key, command);
    return (await detailsOf(database, key)).state;
  };
  const planClear = async (key: RunKey, choice: ClearChoice) => {
    const run = await detailsOf(database, key);
    const instances = await previewClear(database, run, { kind: 'clear', ...choice });
    return { count: instances.length, instances };
  };
  return {
    list: (filter) => readRunPage(database, { ...filter, visible: EVERYTHING }),
    find,
    planClear,
    cancel: (run) => perform(run, { kind: 'cancel' }),
    mark: (run, choice) => perform(run, { kind: 'mark', ...choice }),
    async clear(run, choice) {
      const plan = await planClear(run, choice);
      return { ...plan, state: await perform(run, { kind: 'clear', ...choice }) };
    },
    follow: (_run, signal) => ({ change: () => pause(LOOK_MS, signal), end: () => undefined }),
  };
}

/** A run that was found before. */
export async function detailsOf(database: Database, { dagId, runId }: RunKey): Promise<RunDetails> {
  const run = await readRun(database, dagId, runId);
  if (!run) throw new PodlineError('not_found.run', { dag: dagId, run: runId });
  return run;
}

async function viewOf(database: Database, run: RunDetails): Promise<RunView> {
  const [capacity, counts] = await Promise.all([
    readCapacity(database),
    readTaskCounts(database, run.id),
  ]);
  const byState: RunView['counts'] = {};
  for (const { state, count } of counts) byState[state] = (byState[state] ?? 0) + count;
  return {
    id: run.id,
    dagId: run.dagId,
    runId: run.runId,
    kind: run.kind as RunPageRow['kind'],
    state: run.state,
    reason: explainRun({ run, capacity, counts }),
    cause: run.cause,
    note: run.note,
    params: run.params,
    logicalDate: run.logicalDate,
    intervalStart: run.intervalStart,
    intervalEnd: run.intervalEnd,
    createdAt: run.createdAt,
    startedAt: run.startedAt,
    endedAt: run.endedAt,
    version: run.version,
    isLatestVersion: run.versionId === run.currentVersionId,
    backfillId: run.backfillId,
    counts: byState,
    now: run.now,
  };
}
