/** Versions of a DAG, newest first, and the files of their bundles. By primary keys and dag_version (dag_id, number). */
import type { Plan, PlanTask } from '../../../../src/plan/plan.ts';
import type { Queryable } from '../../pool.ts';

const PAGE = `
SELECT v.id AS "versionId", v.number AS version, v.hash, v.created_at AS "createdAt", v.id = d.version_id AS "isCurrent",
       (SELECT count(*)::int FROM podline.plan_task p WHERE p.version_id = v.id) AS tasks
  FROM podline.dag d JOIN podline.dag_version v ON v.dag_id = d.dag_id
 WHERE d.dag_id = $1 AND ($2::bigint IS NULL OR v.number < $2) AND (NOT $4 OR v.id = d.version_id)
 ORDER BY v.number DESC LIMIT $3`;

export interface VersionRow {
  versionId: number;
  version: number;
  hash: string;
  createdAt: Date;
  isCurrent: boolean;
  tasks: number;
}

export async function readVersions(
  database: Queryable,
  given: { dagId: string; before?: number; limit: number; current?: boolean },
): Promise<VersionRow[]> {
  const { rows } = await database.query<VersionRow>({
    name: 'web_versions',
    text: PAGE,
    values: [given.dagId, given.before ?? null, given.limit, given.current ?? false],
  });
  return rows;
}

const ONE = `
SELECT v.id AS "versionId", v.number AS version, v.hash, v.created_at AS "createdAt", v.id = d.version_id AS "isCurrent", v.plan,
       v.bundle_id AS "bundleId", d.source,
       (SELECT coalesce(jsonb_agg(p.spec ORDER BY p.position), '[]') FROM podline.plan_task p
         WHERE p.version_id = v.id) AS "taskList"
  FROM podline.dag d JOIN podline.dag_version v ON v.dag_id = d.dag_id
 WHERE d.dag_id = $1 AND v.number = $2`;

export interface VersionDetails extends Omit<VersionRow, 'tasks'> {
  plan: Omit<Plan, 'tasks'>;
  bundleId: string | null;
  source: string | null;
  taskList: PlanTask[];
}

export async function readVersion(
  database: Queryable,
  dagId: string,
  version: number,
): Promise<VersionDetails | undefined> {
  const { rows } = await database.query<VersionDetails>({
    name: 'web_version',
    text: ONE,
    values: [dagId, version],
  });
  return rows[0];
}

const KEYS = `
SELECT v.id AS "versionId", v.bundle_id AS "bundleId" FROM podline.dag_version v WHERE v.dag_id = $1 AND v.number = $2`;

export type VersionKeys = Pick<VersionDetails, 'versionId' | 'bundleId'>;

/** Without the plan, which may be megabytes: for who wants one file. */
export async function readVersionKeys(
  database: Queryable,
  dagId: string,
  version: number,
): Promise<VersionKeys | undefined> {
  const { rows } = await database.query<VersionKeys>({
    name: 'web_version_keys',
    text: KEYS,
    values: [dagId, version],
  });
  return rows[0];
}

const FILES = `
SELECT path, octet_length(content) AS bytes, encode(sha256(content), 'hex') AS hash
  FROM podline.bundle_file WHERE bundle_id = $1 ORDER BY path LIMIT 10000`;

export interface FileRow {
  path: string;
  bytes: number;
  hash: string;
}

export async function readFiles(database: Queryable, bundleId: string | null): Promise<FileRow[]> {
  if (bundleId === null) return [];
  const { rows } = await database.query<FileRow>({
    name: 'web_files',
    text: FILES,
    values: [bundleId],
  });
  return rows;
}

const FILE = `
SELECT f.path, octet_length(f.content) AS bytes,
       CASE WHEN octet_length(f.content) <= 1000000 THEN f.content END AS content
  FROM podline.bundle_file f WHERE f.bundle_id = $1 AND f.path = $2`;

export async function readFile(
  database: Queryable,
  bundleId: string | null,
  path: string,
): Promise<{ path: string; bytes: number; content: Buffer | null } | undefined> {
  const { rows } = await database.query<{ path: string; bytes: number; content: Buffer | null }>({
    name: 'web_file',
    text: FILE,
    values: [bundleId, path],
  });
  return rows[0];
}
