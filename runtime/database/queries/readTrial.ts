/** What a claim would hand to a task, for `tasks test` and `tasks render`: outputs, variables, bundle. */
import type { Json } from '../../../src/plan/plan.ts';
import type { Assignment } from '../../worker/assignment.ts';
import type { BundleFile } from '../../worker/bundleCache.ts';
import type { Queryable } from '../pool.ts';

const OUTPUTS = `
SELECT x.task_id AS task, x.key, x.map_index AS "mapIndex", x.value
  FROM (SELECT DISTINCT * FROM unnest($2::text[], $3::text[]) AS n(task, key)) n
  JOIN podline.xcom x ON x.run_id = $1 AND x.task_id = n.task AND x.key = n.key
 ORDER BY x.task_id, x.key, x.map_index`;

export async function readTrialOutputs(
  database: Queryable,
  runId: number,
  wanted: readonly { task: string; key: string }[],
): Promise<Assignment['xcoms']> {
  const values = [runId, wanted.map(({ task }) => task), wanted.map(({ key }) => key)];
  const { rows } = await database.query<Assignment['xcoms'][number]>(OUTPUTS, values);
  return rows;
}

const VARIABLES = `
SELECT coalesce(jsonb_object_agg(key, value), '{}') AS variables FROM podline.variable WHERE key = ANY($1::text[])`;

export async function readTrialVariables(
  database: Queryable,
  keys: readonly string[],
): Promise<Record<string, Json>> {
  const { rows } = await database.query<{ variables: Record<string, Json> }>(VARIABLES, [keys]);
  return rows[0]?.variables ?? {};
}

const BUNDLE = `
SELECT path, content FROM podline.bundle_file WHERE bundle_id = $1`;

export async function readBundleFiles(
  database: Queryable,
  bundleId: string,
): Promise<BundleFile[]> {
  const { rows } = await database.query<BundleFile>(BUNDLE, [bundleId]);
  return rows;
}
