/** What decides who may see DAGs: that they exist, and their tags. Asked at every request about a DAG, and for changes. */
import type { DagFacts } from '../../../../src/model/access.ts';
import type { Queryable } from '../../pool.ts';

const SQL = `
SELECT d.dag_id AS "dagId", coalesce(v.plan -> 'tags', '[]') AS tags
  FROM podline.dag d LEFT JOIN podline.dag_version v ON v.id = d.version_id
 WHERE d.dag_id = ANY($1::text[])`;

/** Those that there are, in no order. */
export async function readDagFacts(
  database: Queryable,
  dagIds: readonly string[],
): Promise<DagFacts[]> {
  const { rows } = await database.query<DagFacts>({
    name: 'web_dag_facts',
    text: SQL,
    values: [dagIds],
  });
  return rows;
}
