/**
 * What people wrote: the text of a DAG file and of the modules of its author, for those who look at a version. No part of
 * the version, so that another comment makes no new one. Read by buildFolder.ts; travels in a file of its own.
 */
import fs from 'node:fs/promises';
import path from 'node:path';
import { canonicalJson, sha256 } from '../../src/plan/canonical.ts';

/** By path relative to the folder that was built, with `/`; the DAG file first. */
export type Sources = ReadonlyMap<string, string>;

/** Folder of a build with what people wrote; components leave it out of the content that counts, too. */
export const SOURCES_FOLDER = 'sources';

/** More is no longer read by people. */
const FILE_BYTES = 256 * 1024;
const ALL_BYTES = 1024 * 1024;

/** `files`: absolute paths. Files that are binary, or too long, are left out. */
export async function readSources(files: readonly string[], folder: string): Promise<Sources> {
  const sources = new Map<string, string>();
  let bytes = 0;
  for (const file of files) {
    const content = await fs.readFile(file).catch(() => undefined);
    if (!content || content.length > FILE_BYTES || content.includes(0)) continue;
    bytes += content.length;
    if (bytes > ALL_BYTES) break;
    sources.set(path.relative(folder, file).split(path.sep).join('/'), content.toString());
  }
  return sources;
}

/** Tells whether they are those that the database has. */
export function sourcesHash(sources: Sources): string {
  return sha256('podline.sources', canonicalJson([...sources]));
}

/** Where they are in a written build. `source`: of the DAG file, relative to the folder that was built. */
export function sourcesFile(source: string): string {
  return path.join(SOURCES_FOLDER, `${source}.json`);
}

/** Undefined when it is something else: a build may come from elsewhere. */
export function parseSources(text: string): Sources | undefined {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!Array.isArray(found)) return undefined;
  const sources = new Map<string, string>();
  let length = 0;
  for (const entry of found as unknown[]) {
    if (!Array.isArray(entry)) return undefined;
    const [file, content] = entry as unknown[];
    if (!isText(file) || !isText(content)) return undefined;
    length += file.length + content.length;
    sources.set(file, content);
  }
  return length > 2 * ALL_BYTES ? undefined : sources;
}

/** The database takes no NUL. */
function isText(value: unknown): value is string {
  return typeof value === 'string' && !value.includes('\0');
}
