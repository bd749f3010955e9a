/**
 * What people wrote: the text of a DAG file and of the modules of its author, for those who look at a version. No part of
 * the version, so that another comment makes no new one. Read by buildFolder.ts; travels in a file of its own, in which
 * each text stands once.
 */
import fs from 'node:fs/promises';
import path from 'node:path';
import { canonicalJson, sha256 } from '../../src/plan/canonical.ts';

/**
 * Texts by path relative to the folder that was built, with `/`; the DAG file first. Null: it is too long to be read, or
 * no text.
 */
export type Sources = ReadonlyMap<string, string | null>;

/** In a written build; components leave it out of the content that counts, too. */
export const SOURCES_FILE = 'sources.json';

/** More is no longer read by people. */
const FILE_BYTES = 256 * 1024;
const ALL_BYTES = 1024 * 1024;
const MOST_FILES = 1_000;
/** The API takes no longer ones. */
const LONGEST_PATH = 200;

/** `files`: absolute paths, the DAG file first. Of others only those are kept that people can read. */
export async function readSources(files: readonly string[], folder: string): Promise<Sources> {
  const sources = new Map<string, string | null>();
  let bytes = 0;
  for (const [index, file] of files.slice(0, MOST_FILES).entries()) {
    const name = path.relative(folder, file).split(path.sep).join('/');
    const content = await fs.readFile(file).catch(() => undefined);
    const isReadable =
      content !== undefined &&
      name.length <= LONGEST_PATH &&
      content.length <= Math.min(FILE_BYTES, ALL_BYTES - bytes) &&
      !content.includes(0);
    if (isReadable) {
      bytes += content.length;
      sources.set(name, content.toString());
    } else if (index === 0) {
      if (name.length > LONGEST_PATH) return sources;
      sources.set(name, null);
    }
  }
  return sources;
}

export function textHash(text: string): string {
  return sha256('podline.text', text);
}

/** Tells whether they are those that the database has. */
export function sourcesHash(sources: Sources): string {
  const hashed = [...sources].map(([file, text]) => [file, text === null ? null : textHash(text)]);
  return sha256('podline.sources', canonicalJson(hashed));
}

/** `byFile`: sources by the path of their DAG file. */
export function writeSources(byFile: ReadonlyMap<string, Sources>): string {
  const texts: Record<string, string> = {};
  const files = [...byFile].map(([file, sources]) => [
    file,
    [...sources].map(([name, text]) => {
      if (text === null) return [name, null];
      const hash = textHash(text);
      texts[hash] = text;
      return [name, hash];
    }),
  ]);
  return JSON.stringify({ texts, files: Object.fromEntries(files) as unknown });
}

/** What writeSources wrote. Undefined when it is something else: a build may come from elsewhere. */
export function parseSources(written: string): Map<string, Sources> | undefined {
  let found: { texts?: unknown; files?: unknown } | null;
  try {
    found = JSON.parse(written) as typeof found;
  } catch {
    return undefined;
  }
  if (!isRecord(found?.texts) || !isRecord(found.files)) return undefined;
  const byFile = new Map<string, Sources>();
  for (const [file, entries] of Object.entries(found.files)) {
    const sources = parseEntries(entries, found.texts);
    if (!sources) return undefined;
    byFile.set(file, sources);
  }
  return byFile;
}

function parseEntries(entries: unknown, texts: Record<string, unknown>): Sources | undefined {
  if (!Array.isArray(entries) || entries.length > MOST_FILES) return undefined;
  const sources = new Map<string, string | null>();
  let length = 0;
  for (const entry of entries as unknown[]) {
    if (!Array.isArray(entry)) return undefined;
    const [name, hash] = entry as unknown[];
    if (!isText(name) || name === '' || name.length > LONGEST_PATH) return undefined;
    if (hash === null) {
      sources.set(name, null);
      continue;
    }
    const text = typeof hash === 'string' && Object.hasOwn(texts, hash) ? texts[hash] : undefined;
    if (!isText(text) || text.length > FILE_BYTES) return undefined;
    length += text.length;
    sources.set(name, text);
  }
  return length > ALL_BYTES ? undefined : sources;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The database takes no NUL. */
function isText(value: unknown): value is string {
  return typeof value === 'string' && !value.includes('\0');
}
