/**
 * What people wrote for one version, as it is in the last registration: comments may be others than in the first. By
 * primary key. Called by registerDags.ts under the lock of the DAG.
 */
import { type Sources, sourcesHash } from '../../build/sources.ts';
import type { Transaction } from '../pool.ts';

const STORE = `
WITH known AS (
  UPDATE podline.dag_version SET sources_hash = $2
   WHERE id = $1 AND sources_hash IS DISTINCT FROM $2 RETURNING id
), written AS (
  SELECT path, content, position FROM unnest($3::text[], $4::text[]) WITH ORDINALITY AS w(path, content, position)
), gone AS (
  DELETE FROM podline.version_source s USING known
   WHERE s.version_id = known.id AND s.path NOT IN (SELECT path FROM written)
)
INSERT INTO podline.version_source (version_id, path, position, content)
SELECT known.id, path, position, content FROM known, written
ON CONFLICT (version_id, path) DO UPDATE SET position = excluded.position, content = excluded.content`;

/** `known`: hash of those that are there. Where nobody knows what was written, what is there stays. */
export async function storeSources(
  transaction: Transaction,
  versionId: number,
  sources: Sources | undefined,
  known: string | null,
): Promise<void> {
  if (!sources || sources.size === 0) return;
  const hash = sourcesHash(sources);
  if (hash === known) return;
  const values = [versionId, hash, [...sources.keys()], [...sources.values()]];
  await transaction.query(STORE, values);
}
