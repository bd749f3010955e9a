/** What people wrote for one version: names, and one text. By primary key. */
import type { Queryable } from '../../pool.ts';

const SOURCES = `
SELECT path, octet_length(content) AS bytes, encode(sha256(convert_to(content, 'UTF8')), 'hex') AS hash
  FROM podline.version_source WHERE version_id = $1 ORDER BY position`;

export interface SourceRow {
  path: string;
  bytes: number;
  hash: string;
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
SELECT content FROM podline.version_source WHERE version_id = $1 AND path = $2`;

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
