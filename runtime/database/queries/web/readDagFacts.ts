/** What decides who may see a DAG: that it exists, and its tags. Asked at every request about a DAG. */
import type { Queryable } from '../../pool.ts';

const SQL = `
SELECT d.dag_id AS "dagId", coalesce(v.plan -> 'tags', '[]') AS tags
  FROM podline.dag d LEFT JOIN podline.dag_version v ON v.id = d.version_id
 WHERE d.dag_id = $1`;

export async function readDagFacts(
  database: Queryable,
  dagId: string,
): Promise<{ dagId: string; tags: string[] } | undefined> {
  const { rows } = await database.query<{ dagId: string; tags: string[] }>({
    name: 'web_dag_facts',
    text: SQL,
    values: [dagId],
  });
  return rows[0];
}
