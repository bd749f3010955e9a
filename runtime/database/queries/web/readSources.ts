/** What people wrote for one version: names, and one text. By primary keys. */
import type { Queryable } from '../../pool.ts';

const SOURCES = `
SELECT s.path, s.hash, octet_length(t.content) AS bytes
  FROM podline.version_source s LEFT JOIN podline.source_text t ON t.hash = s.hash
 WHERE s.version_id = $1 ORDER BY s.position`;

export interface SourceRow {
  path: string;
  /** Null: its text is not kept. */
  hash: string | null;
  bytes: number | null;
}

export async function readSources(database: Queryable, versionId: number): Promise<SourceRow[]> {
  const { rows } = await database.query<SourceRow>({
    name: 'web_sources',
    text: SOURCES,
    values: [versionId],
  });
  return rows;
}

const SOURCE = `
SELECT t.content FROM podline.version_source s JOIN podline.source_text t ON t.hash = s.hash
 WHERE s.version_id = $1 AND s.path = $2`;

export async function readSource(
  database: Queryable,
  versionId: number,
  path: string,
): Promise<string | undefined> {
  const { rows } = await database.query<{ content: string }>({
    name: 'web_source',
    text: SOURCE,
    values: [versionId, path],
  });
  return rows[0]?.content;
}
