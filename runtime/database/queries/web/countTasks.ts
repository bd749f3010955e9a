/** Number of tasks of a version, through plan_task_pkey. */
import type { Queryable } from '../../pool.ts';

const SQL = `
SELECT count(*)::int AS count FROM podline.plan_task WHERE version_id = $1`;

export async function countTasks(database: Queryable, version: number): Promise<number> {
  const { rows } = await database.query<{ count: number }>({
    name: 'web_count_tasks',
    text: SQL,
    values: [version],
  });
  return rows[0]?.count ?? 0;
}
