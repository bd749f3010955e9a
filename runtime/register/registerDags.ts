/**
 * Writes built DAGs into the database, one transaction a DAG: bundle, version, tasks, and when its next
 * run is due. Called by `podline dev` after each build and by registration in the cluster. Doing it
 * again with the same build changes nothing.
 */
import { PodlineError } from '../../src/errors.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { type Tick, firstTick, nextTick } from '../../src/plan/schedule.ts';
import type { BuildResult, BuiltDag } from '../build/types.ts';
import { audit } from '../commands/audit.ts';
import { type Database, type Transaction, inTransaction } from '../database/pool.ts';
import { deactivateMissing } from '../database/queries/deactivateMissing.ts';
import { type DagRow, insertDag, lockDag, updateDag } from '../database/queries/registerDag.ts';
import { insertVersion } from '../database/queries/insertVersion.ts';
import { storeSources } from '../database/queries/storeSources.ts';
import { crashPoint } from '../observe/crashPoint.ts';
import { recordBuildErrors } from '../database/queries/recordBuildErrors.ts';

export interface RegisterOptions {
  /** Who owns these DAGs; a DAG that another owner has is refused. Default local. */
  managedBy?: string;
  /** A person who registers by hand: the audit log names them. */
  actor?: string;
  /** Only these may be set aside, if it is said: what somebody was shown, and may. */
  maySetAside?: readonly string[];
}

export interface Registration {
  dagId: string;
  change: 'new' | 'changed' | 'unchanged';
  /** Number of the version that new runs start on. */
  version: number;
}

export interface RegisterResult {
  dags: Registration[];
  /** DAGs that are no longer in the folder; they make no new runs. */
  removed: string[];
  /** DAGs that were not registered, and why. */
  refused: { dagId: string; error: PodlineError }[];
}

export async function registerDags(
  database: Database,
  build: Pick<BuildResult, 'folder' | 'dags' | 'errors'>,
  { managedBy = 'local', actor, maySetAside }: RegisterOptions = {},
): Promise<RegisterResult> {
  const result: RegisterResult = { dags: [], removed: [], refused: [] };
  for (const built of build.dags) {
    try {
      result.dags.push(await registerDag(database, built, managedBy, actor));
    } catch (error) {
      if (!(error instanceof PodlineError)) throw error;
      result.refused.push({ dagId: built.plan.dagId, error });
    }
  }
  await inTransaction(database, async (transaction) => {
    // A broken file may still hold its DAGs: they keep running on their last good version.
    result.removed = await deactivateMissing(transaction, {
      managedBy,
      folder: build.folder,
      present: build.dags.map(({ plan }) => plan.dagId),
      among: maySetAside,
      brokenSources: [...new Set(build.errors.map(({ source }) => source))],
    });
    await recordBuildErrors(transaction, build.folder, build.errors);
    if (actor === undefined) return;
    for (const dagId of result.removed) await audit(transaction, actor, 'deploy.remove', dagId);
  });
  return result;
}

/** One DAG. A run that is being made on the old version is waited for, by the row lock of the DAG. */
export async function registerDag(
  database: Database,
  built: BuiltDag,
  managedBy: string,
  actor?: string,
): Promise<Registration> {
  const { dagId } = built.plan;
  return inTransaction(database, async (transaction) => {
    const inserted = await insertDag(transaction, dagId, managedBy);
    const before = await lockDag(transaction, dagId);
    // One that its owner has set aside is free for others, with its history.
    if (before.managed_by !== managedBy && before.active) {
      throw new PodlineError('refused.managed', { dag: dagId, owner: before.managed_by });
    }
    if (before.hash === built.hash && before.active && before.source === built.source) {
      await storeSources(transaction, before.version_id ?? 0, built.sources, before.sources_hash);
      return { dagId, change: 'unchanged', version: before.version ?? 0 };
    }
    const { id: versionId, number: version } = await insertVersion(transaction, built);
    await storeSources(transaction, versionId, built.sources, null);
    const schedule = scheduleChange(before, built.plan);
    await updateDag(transaction, {
      dagId,
      versionId,
      source: built.source,
      managedBy,
      maxActiveRuns: built.plan.maxActiveRuns,
      maxActiveTasks: built.plan.maxActiveTasks,
      schedule,
    });
    await wakeSchedulers(transaction);
    if (actor !== undefined) {
      await audit(transaction, actor, 'deploy', dagId, { managedBy, version });
    }
    crashPoint('register.before_commit');
    const change = inserted
      ? 'new'
      : before.hash === built.hash && before.active
        ? 'unchanged'
        : 'changed';
    return { dagId, change, version };
  });
}

/** When the next run is due: undefined leaves it as it is. */
function scheduleChange(before: DagRow, plan: Plan): { tick: Tick | null } | undefined {
  const after = scheduleFacts(plan);
  const same =
    before.facts !== null &&
    before.active &&
    JSON.stringify(scheduleFacts(before.facts)) === JSON.stringify(after);
  if (same) return undefined;
  const { now, last_logical_date: last } = before;
  // The calendar goes on after the last run that it made, so that no tick is made twice.
  const tick =
    last === null || plan.schedule.kind === 'continuous'
      ? firstTick(plan, now)
      : nextTick(plan, last, now);
  return { tick };
}

function scheduleFacts({ schedule, timezone, startDate, endDate, catchup }: Partial<Plan>) {
  const sorted = Object.entries(schedule ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return [sorted, timezone, startDate, endDate, catchup];
}

async function wakeSchedulers(transaction: Transaction): Promise<void> {
  await transaction.query("SELECT pg_notify('podline_wake', '')");
}
