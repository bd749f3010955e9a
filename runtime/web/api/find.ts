/** Looks up what an address names, or says what is not there. Used by the routes of runs, tasks and logs. */
import { PodlineError } from '../../../src/errors.ts';
import type { Database } from '../../database/pool.ts';
import { readRun, type RunDetails } from '../../database/queries/readRun.ts';
import { readLatestRunId } from '../../database/queries/readLatestRun.ts';
import { type AttemptFound, findAttempt } from '../../database/queries/web/findAttempt.ts';

const LATEST = 'latest';

export async function runAt(
  database: Database,
  { dagId, runId }: { dagId: string; runId: string },
): Promise<RunDetails> {
  const name = await runName(database, dagId, runId);
  const run = await readRun(database, dagId, name);
  if (!run) throw new PodlineError('not_found.run', { dag: dagId, run: runId });
  return run;
}

export async function attemptAt(
  database: Database,
  at: { dagId: string; runId: string; taskId: string; mapIndex: number; number: number },
): Promise<AttemptFound> {
  const { dagId, taskId, number } = at;
  const runId = await runName(database, dagId, at.runId);
  const attempt = await findAttempt(database, { ...at, runId });
  if (!attempt) {
    throw new PodlineError('not_found.attempt', { number, task: taskId, run: runId });
  }
  return attempt;
}

async function runName(database: Database, dagId: string, runId: string): Promise<string> {
  if (runId !== LATEST) return runId;
  return (await readLatestRunId(database, dagId)) ?? runId;
}
