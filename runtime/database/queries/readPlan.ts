/** Reads one DAG version whole. Called once a version and process; the scheduler caches the graph. */
import type { Queryable } from '../pool.ts';
import type { Plan, PlanTask } from '../../../src/plan/plan.ts';

const PLAN = 'SELECT plan FROM podline.dag_version WHERE id = $1';
const TASKS = 'SELECT spec FROM podline.plan_task WHERE version_id = $1 ORDER BY position';

export async function readPlan(
  database: Queryable,
  versionId: number,
): Promise<{ plan: Omit<Plan, 'tasks'>; tasks: PlanTask[] }> {
  const plan = await database.query<{ plan: Omit<Plan, 'tasks'> }>(PLAN, [versionId]);
  const tasks = await database.query<{ spec: PlanTask }>(TASKS, [versionId]);
  const found = plan.rows[0]?.plan;
  if (!found) throw new Error(`the version with id ${versionId} is not in the database`);
  return { plan: found, tasks: tasks.rows.map(({ spec }) => spec) };
}
