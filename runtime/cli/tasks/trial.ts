/**
 * An assignment as a claim would hand it out, for a task that is tried or rendered without a run of its own.
 * Outputs of other tasks come from an existing run, if there is one.
 */
import path from 'node:path';
import { checkParams } from '../../../src/plan/params.ts';
import { alignedTick } from '../../../src/plan/schedule.ts';
import { Connections } from '../../connections/connections.ts';
import type { Database } from '../../database/pool.ts';
import { readTrialOutputs, readTrialVariables } from '../../database/queries/readTrial.ts';
import { readLatestRunId } from '../../database/queries/readLatestRun.ts';
import type { Assignment } from '../../worker/assignment.ts';
import { findDag, findRun, findTask } from '../find.ts';
import { type ParamOptions, readInstant, readParams, usage } from '../input.ts';
import { localInstallation } from '../local/installation.ts';
import type { Session } from '../session.ts';

export interface TrialOptions extends ParamOptions {
  logicalDate?: string;
  mapIndex?: number;
  run: string;
}

export async function makeTrial(
  session: Session,
  [dagId, taskId]: readonly [string, string],
  options: TrialOptions,
): Promise<{ assignment: Assignment; connections: Connections }> {
  const database = await session.database();
  const installation = localInstallation(database);
  const dag = await findDag(installation, dagId);
  const { task } = await findTask(installation, dag, taskId);
  if (task.map && options.mapIndex === undefined) {
    throw usage(`Task ${taskId} is mapped. Choose an instance with --map-index.`, 'tasks test');
  }
  const params = checkParams(dag.plan.params, await readParams(options, dag.plan.params), dagId);
  const logicalDate =
    options.logicalDate === undefined
      ? dag.now
      : readInstant(options.logicalDate, 'The logical date');
  const { intervalStart, intervalEnd } = alignedTick(dag.plan, logicalDate);
  const now = dag.now.toISOString();
  const assignment: Assignment = {
    attempt: { id: 0, number: 1, try: 1, maxTries: 1 + task.retries.max, look: 1 },
    instance: { id: 0, mapIndex: options.mapIndex ?? -1, firstLookAt: now },
    run: {
      id: 0,
      dagId,
      runId: `test__${logicalDate.toISOString()}`,
      kind: 'manual',
      logicalDate: logicalDate.toISOString(),
      intervalStart: intervalStart.toISOString(),
      intervalEnd: intervalEnd.toISOString(),
      startedAt: now,
      params,
    },
    now,
    timezone: dag.plan.timezone,
    task,
    bundleId: dag.bundleId,
    traceparent: null,
    xcoms: await outputsFor(session, database, dagId, task.references.xcoms, options.run),
    variables: await readTrialVariables(database, task.references.variables),
  };
  return { assignment, connections: connectionsOf(session) };
}

export function connectionsOf({ config }: Session): Connections {
  return new Connections(process.env, path.join(config.home, 'connections.json'));
}

async function outputsFor(
  session: Session,
  database: Database,
  dagId: string,
  wanted: readonly { task: string; key: string }[],
  runId: string,
): Promise<Assignment['xcoms']> {
  if (wanted.length === 0) return [];
  if (runId === 'latest' && (await readLatestRunId(database, dagId)) === undefined) {
    session.say(`DAG ${dagId} has no run yet: outputs of other tasks are missing.`);
    return [];
  }
  const run = await findRun(localInstallation(database), dagId, runId);
  session.say(`Outputs of other tasks come from run ${run.runId}.`);
  return readTrialOutputs(database, run.id, wanted);
}
