/** What is there before a deployment: DAGs by id, and those that the owner has besides. By primary key, and over all DAGs. */
import type { Queryable } from '../../pool.ts';

const SQL = `
SELECT d.dag_id AS "dagId", d.managed_by AS "managedBy", d.active, d.source, d.version_id AS "versionId",
       v.number AS version, v.hash, v.bundle_id AS "bundleId", coalesce(v.plan -> 'tags', '[]') AS tags
  FROM podline.dag d LEFT JOIN podline.dag_version v ON v.id = d.version_id
 WHERE d.dag_id = ANY($1) OR d.managed_by = $2 AND d.active`;

export interface DeployedRow {
  dagId: string;
  managedBy: string;
  active: boolean;
  source: string | null;
  versionId: number | null;
  version: number | null;
  hash: string | null;
  bundleId: string | null;
  tags: string[];
}

export async function readDeployed(
  database: Queryable,
  dagIds: string[],
  owner: string,
): Promise<DeployedRow[]> {
  const { rows } = await database.query<DeployedRow>(SQL, [dagIds, owner]);
  return rows;
}
