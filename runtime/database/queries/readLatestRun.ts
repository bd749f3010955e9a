/** The run of a DAG that was made last, through run_recent: what people call `latest`. */
import type { Queryable } from '../pool.ts';

const LATEST = `
SELECT run_id AS "runId" FROM podline.run WHERE dag_id = $1 ORDER BY dag_id DESC, id DESC LIMIT 1`;

export async function readLatestRunId(
  database: Queryable,
  dagId: string,
): Promise<string | undefined> {
  const { rows } = await database.query<{ runId: string }>(LATEST, [dagId]);
  return rows[0]?.runId;
}
