/**
 * Files beside the scripts of python and R tasks: what a script imports or sources from its own folder
 * goes into the bundle. Called by buildFolder.ts; the worker points PYTHONPATH and PODLINE_FILES there.
 */
import fs from 'node:fs/promises';
import path from 'node:path';
import type { Plan } from '../../src/plan/plan.ts';

const OPERATORS: Record<string, RegExp> = { python: /\.py$/, r: /\.[rR]$/ };
const MAX_FILE_BYTES = 1024 * 1024;
const MAX_FILES = 200;

export interface Siblings {
  /** By path relative to the DAG file, as the plan names scripts. */
  files: Map<string, Uint8Array>;
  /** Folders that were listed: a new file in one of them changes the build. */
  folders: string[];
}

/** Empty when no script has a neighbour: then the plan, which holds the script, is enough. */
export async function siblingsOf(plan: Plan, dagFile: string): Promise<Siblings> {
  const root = path.dirname(dagFile);
  const wanted = new Map<string, Set<string>>();
  for (const { operator, config } of plan.tasks) {
    const file = (config.script as { file?: unknown } | undefined)?.file;
    if (typeof file !== 'string' || !Object.hasOwn(OPERATORS, operator)) continue;
    const folder = path.dirname(path.normalize(file));
    if (folder.startsWith('..') || path.isAbsolute(folder)) continue;
    const operators = wanted.get(folder) ?? new Set();
    wanted.set(folder, operators.add(operator));
  }
  const found: Siblings = { files: new Map(), folders: [] };
  const scripts = new Set(
    plan.tasks.map(({ config }) => (config.script as { file?: unknown } | undefined)?.file),
  );
  let neighbours = 0;
  for (const [folder, operators] of [...wanted].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const full = path.join(root, folder);
    found.folders.push(full);
    for (const entry of await fs.readdir(full, { withFileTypes: true })) {
      const name = path.join(folder, entry.name);
      const fits = [...operators].some((operator) => OPERATORS[operator]?.test(entry.name));
      if (!entry.isFile() || !fits || found.files.size >= MAX_FILES) continue;
      const content = await fs.readFile(path.join(full, entry.name));
      if (content.byteLength > MAX_FILE_BYTES) continue;
      found.files.set(name.split(path.sep).join('/'), content);
      if (!scripts.has(name)) neighbours++;
    }
  }
  return neighbours > 0 ? found : { files: new Map(), folders: found.folders };
}
