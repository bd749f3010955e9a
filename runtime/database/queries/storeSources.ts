/**
 * What people wrote for one version, as it is in the last registration: comments may be others than in the first. By
 * primary keys. Called by registerDags.ts under the lock of the DAG.
 */
import { type Sources, sourcesHash, textHash } from '../../build/sources.ts';
import type { Transaction } from '../pool.ts';

// In one order, so that two registrations of one text do not wait for each other in a circle.
const TEXTS = `
INSERT INTO podline.source_text (hash, content)
SELECT hash, content FROM unnest($1::text[], $2::text[]) AS t(hash, content) ORDER BY hash
ON CONFLICT (hash) DO NOTHING`;

const STORE = `
WITH known AS (
  UPDATE podline.dag_version SET sources_hash = $2
   WHERE id = $1 AND sources_hash IS DISTINCT FROM $2 RETURNING id
), written AS (
  SELECT path, hash, position FROM unnest($3::text[], $4::text[]) WITH ORDINALITY AS w(path, hash, position)
), gone AS (
  DELETE FROM podline.version_source s USING known
   WHERE s.version_id = known.id AND s.path NOT IN (SELECT path FROM written)
)
INSERT INTO podline.version_source (version_id, path, position, hash)
SELECT known.id, path, position, hash FROM known, written
ON CONFLICT (version_id, path) DO UPDATE SET position = excluded.position, hash = excluded.hash`;

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
  const texts = new Map<string, string>();
  const hashes = [...sources.values()].map((text) => {
    if (text === null) return null;
    const key = textHash(text);
    texts.set(key, text);
    return key;
  });
  await transaction.query(TEXTS, [[...texts.keys()], [...texts.values()]]);
  await transaction.query(STORE, [versionId, hash, [...sources.keys()], hashes]);
}
