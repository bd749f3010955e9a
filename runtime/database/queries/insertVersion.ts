/**
 * Stores one version of a DAG with its bundle and one row a task. A version that is there already (a
 * change that was taken back) is used again. Its number in the DAG comes from the trigger of the table, under the lock
 * that registration holds on the DAG.
 */
import type { BuiltDag, Bundle } from '../../build/types.ts';
import type { Transaction } from '../pool.ts';

const BUNDLE =
  'INSERT INTO podline.bundle (id) VALUES ($1) ON CONFLICT (id) DO NOTHING RETURNING id';
const FILES = `
INSERT INTO podline.bundle_file (bundle_id, path, content)
SELECT $1, path, content FROM unnest($2::text[], $3::bytea[]) AS f(path, content)
ON CONFLICT (bundle_id, path) DO NOTHING`;

const VERSION = `
INSERT INTO podline.dag_version (dag_id, hash, plan, bundle_id) VALUES ($1, $2, $3, $4)
ON CONFLICT (dag_id, hash) DO NOTHING RETURNING id, number`;
const KNOWN = 'SELECT id, number FROM podline.dag_version WHERE dag_id = $1 AND hash = $2';

const TASKS = `
INSERT INTO podline.plan_task (version_id, task_id, position, spec)
SELECT $1, t.spec ->> 'id', ($2 + t.position - 1)::int, t.spec
  FROM jsonb_array_elements($3::jsonb) WITH ORDINALITY AS t(spec, position)`;

/** Tasks in one statement: keeps a parameter far below the 1 GB that PostgreSQL takes. */
const BATCH = 5000;

export interface StoredVersion {
  id: number;
  /** In its DAG; people know the version by it. */
  number: number;
}

export async function insertVersion(
  transaction: Transaction,
  built: BuiltDag,
): Promise<StoredVersion> {
  const { tasks, ...plan } = built.plan;
  const key = [plan.dagId, built.hash];
  const known = await transaction.query<StoredVersion>(KNOWN, key);
  if (known.rows[0]) return known.rows[0];
  if (built.bundle) await insertBundle(transaction, built.bundle);
  const { rows } = await transaction.query<StoredVersion>(VERSION, [
    ...key,
    JSON.stringify(plan),
    built.bundle?.id ?? null,
  ]);
  const [stored] = rows;
  if (!stored) throw new Error(`version ${built.hash} of DAG ${plan.dagId} was not stored`);
  for (let first = 0; first < tasks.length; first += BATCH) {
    const batch = tasks.slice(first, first + BATCH);
    await transaction.query(TASKS, [stored.id, first, JSON.stringify(batch)]);
  }
  return stored;
}

async function insertBundle(transaction: Transaction, { id, files }: Bundle): Promise<void> {
  const { rows } = await transaction.query(BUNDLE, [id]);
  if (rows.length === 0) return;
  await transaction.query(FILES, [
    id,
    [...files.keys()],
    [...files.values()].map((content) => Buffer.from(content)),
  ]);
}
