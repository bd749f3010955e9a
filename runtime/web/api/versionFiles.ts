/**
 * The files of a version, as people know them: what they wrote in TypeScript, the scripts of its tasks, and the bundle that
 * workers get. Used by versions.ts.
 */
import { isUtf8 } from 'node:buffer';
import path from 'node:path';
import type { PlanTask } from '../../../src/plan/plan.ts';
import { textHash } from '../../build/sources.ts';
import type { Queryable } from '../../database/pool.ts';
import { readSource, readSources } from '../../database/queries/web/readSources.ts';
import { readFile, readFiles, type VersionKeys } from '../../database/queries/web/readVersions.ts';
import type { FILE_ORIGINS } from './schema/history.ts';

export type FileOrigin = (typeof FILE_ORIGINS)[number];

export interface FileFacts {
  path: string;
  bytes: number;
  origin: FileOrigin;
  hash: string;
}

export async function filesOf(
  database: Queryable,
  version: VersionKeys & { taskList: readonly PlanTask[] },
): Promise<FileFacts[]> {
  const [sources, bundle] = await Promise.all([
    readSources(database, version.versionId),
    readFiles(database, version.bundleId),
  ]);
  const scripts = [...scriptsOf(version.taskList, sources[0]?.path)].map(([file, text]) => ({
    path: file,
    bytes: Buffer.byteLength(text),
    hash: textHash(text),
  }));
  const from = (origin: FileOrigin) => (file: Omit<FileFacts, 'origin'>) => ({ ...file, origin });
  return [
    ...sources.flatMap(({ path: file, bytes, hash }) =>
      hash === null || bytes === null ? [] : [from('source')({ path: file, bytes, hash })],
    ),
    ...scripts.map(from('script')),
    ...bundle.map(from('bundle')),
  ];
}

/** Undefined: there is none. `text` is null for a file of a bundle that is no text, or longer than 1 MB. */
export async function readVersionFile(
  database: Queryable,
  version: VersionKeys,
  { path: file, origin }: { path: string; origin: FileOrigin },
  /** Of the plan: read only for a script. */
  tasks: () => Promise<readonly PlanTask[]>,
): Promise<{ bytes: number; text: string | null } | undefined> {
  if (origin === 'bundle') {
    const found = await readFile(database, version.bundleId, file);
    if (!found) return undefined;
    const { bytes, content } = found;
    return { bytes, text: content && isUtf8(content) ? content.toString() : null };
  }
  const text =
    origin === 'source'
      ? await readSource(database, version.versionId, file)
      : scriptsOf(await tasks(), (await readSources(database, version.versionId))[0]?.path).get(
          file,
        );
  return text === undefined ? undefined : { bytes: Buffer.byteLength(text), text };
}

/** Scripts that lie in files, by their path. Plans name them from the DAG file, sources from the folder that was built. */
export function scriptsOf(
  tasks: readonly PlanTask[],
  dagFile: string | undefined,
): Map<string, string> {
  const folder = path.posix.dirname(dagFile ?? '');
  const scripts = new Map<string, string>();
  for (const { config } of tasks) {
    for (const value of Object.values(config)) {
      const { file, text } = (value ?? {}) as { file?: unknown; text?: unknown };
      if (typeof file !== 'string' || typeof text !== 'string') continue;
      scripts.set(path.posix.join(folder, file), text);
    }
  }
  return scripts;
}
