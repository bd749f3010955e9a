/** One DAG for people: its row, load, plan without tasks, and its tasks in order. By primary keys. */
import type { BuildError } from '../../build/types.ts';
import type { Plan, PlanTask } from '../../../src/plan/plan.ts';
import type { Queryable } from '../pool.ts';

const DAG = `
SELECT d.dag_id AS "dagId", d.paused, d.active, d.managed_by AS "managedBy", d.source,
       d.version_id AS "versionId", v.number AS version, v.hash, v.bundle_id AS "bundleId", v.created_at AS "versionCreatedAt",
       d.next_logical_date AS "nextLogicalDate", d.next_run_at AS "nextRunAt", d.schedule_error AS "scheduleError",
       l.active_runs AS "activeRuns", l.active_tasks AS "activeTasks", v.plan,
       coalesce((SELECT e.errors FROM podline.build_error e WHERE e.source = d.source), '[]') AS "buildErrors",
       podline.now() AS now
  FROM podline.dag d
  JOIN podline.dag_version v ON v.id = d.version_id
  LEFT JOIN podline.dag_load l ON l.dag_id = d.dag_id
 WHERE d.dag_id = $1`;

export interface DagDetails {
  dagId: string;
  paused: boolean;
  active: boolean;
  managedBy: string;
  source: string | null;
  versionId: number;
  version: number;
  hash: string;
  bundleId: string | null;
  versionCreatedAt: Date;
  nextLogicalDate: Date | null;
  nextRunAt: Date | null;
  scheduleError: string | null;
  activeRuns: number;
  activeTasks: number;
  plan: Omit<Plan, 'tasks'>;
  buildErrors: BuildError[];
  now: Date;
}

export async function readDag(database: Queryable, dagId: string): Promise<DagDetails | undefined> {
  const { rows } = await database.query<DagDetails>(DAG, [dagId]);
  return rows[0];
}

const TASKS = `
SELECT p.spec FROM podline.dag_version v JOIN podline.plan_task p ON p.version_id = v.id
 WHERE v.dag_id = $1 AND v.number = $2 ORDER BY p.position`;

export async function readPlanTasks(
  database: Queryable,
  { dagId, version }: { dagId: string; version: number },
): Promise<PlanTask[]> {
  const { rows } = await database.query<{ spec: PlanTask }>(TASKS, [dagId, version]);
  return rows.map(({ spec }) => spec);
}

const CLOSE_IDS = `
SELECT dag_id AS id FROM podline.dag WHERE active ORDER BY dag_id LIMIT 20000`;

/** Ids to look for a near miss in, when somebody mistyped one. */
export async function readDagIds(database: Queryable): Promise<string[]> {
  const { rows } = await database.query<{ id: string }>(CLOSE_IDS);
  return rows.map(({ id }) => id);
}
