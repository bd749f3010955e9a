/**
 * Takes a build that came through the API: what it would change, in words, and then the change itself. All of it or nothing:
 * one DAG that may not be changed, or that somebody else manages, refuses the whole. Used by web/api/deploy.ts.
 */
import { PodlineError } from '../../src/errors.ts';
import type { BuildResult, BuiltDag } from '../build/types.ts';
import type { Database } from '../database/pool.ts';
import { readPlan } from '../database/queries/readPlan.ts';
import { type DeployedRow, readDeployed } from '../database/queries/web/readDeployed.ts';
import { planChanges, storedDag } from '../explain/planChanges.ts';
import { registerBuild } from '../register/registerBuild.ts';

export interface DeployedDag {
  dagId: string;
  change: 'new' | 'changed' | 'unchanged' | 'removed';
  /** What is different, in words. */
  changes: string[];
  /** The one that new runs start on, with this done; null: not known yet, or removed. */
  version: number | null;
}

export interface DeployOptions {
  /** Such as `api:etl`. */
  owner: string;
  actor: string;
  dryRun: boolean;
  /** Asked for each DAG as it is and as it will be. */
  mayDeploy(dag: { dagId: string; tags: readonly string[] }): boolean;
}

export async function deployBuild(
  database: Database,
  build: BuildResult,
  { owner, actor, dryRun, mayDeploy }: DeployOptions,
): Promise<DeployedDag[]> {
  const ids = build.dags.map(({ plan }) => plan.dagId);
  const before = new Map((await readDeployed(database, ids, owner)).map((row) => [row.dagId, row]));
  const removed = [...before.values()].filter(({ dagId }) => !ids.includes(dagId));
  const touched = [...before.values(), ...build.dags.map(({ plan }) => plan)];
  if (!touched.every(mayDeploy)) throw new PodlineError('auth.forbidden', { right: 'deploy' });
  for (const dagId of ids) {
    const row = before.get(dagId);
    if (row?.active && row.managedBy !== owner) {
      throw new PodlineError('refused.managed', { dag: dagId, owner: row.managedBy });
    }
  }
  const result: DeployedDag[] = [];
  for (const dag of build.dags) {
    result.push(await dagChange(database, before.get(dag.plan.dagId), dag));
  }
  for (const { dagId } of removed) {
    result.push({ dagId, change: 'removed', changes: [], version: null });
  }
  if (!dryRun) {
    const { dags, refused } = await registerBuild(database, build, owner, {
      actor,
      // Not what came in between, which nobody was shown.
      maySetAside: removed.map(({ dagId }) => dagId),
    });
    // Somebody took it in between.
    if (refused[0]) throw refused[0].error;
    const versions = new Map(dags.map(({ dagId, version }) => [dagId, version]));
    for (const dag of result) dag.version = versions.get(dag.dagId) ?? null;
  }
  return result.sort((a, b) => (a.dagId < b.dagId ? -1 : 1));
}

async function dagChange(
  database: Database,
  row: DeployedRow | undefined,
  after: BuiltDag,
): Promise<DeployedDag> {
  const { dagId } = after.plan;
  if (!row?.active || row.versionId === null) {
    return { dagId, change: 'new', changes: [], version: null };
  }
  if (row.hash === after.hash) {
    return { dagId, change: 'unchanged', changes: [], version: row.version };
  }
  const { plan, tasks } = await readPlan(database, row.versionId);
  const before = storedDag({ plan, tasks, source: row.source, bundleId: row.bundleId });
  return { dagId, change: 'changed', changes: planChanges(before, after), version: null };
}
