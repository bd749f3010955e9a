/** Finds the DAG files of a folder: sources that import podline/dag. */
import fs from 'node:fs/promises';
import path from 'node:path';

const SOURCE = /\.(ts|mts|js|mjs)$/;
const NO_SOURCE = /(\.test\.[a-z]+|\.d\.m?ts)$/;
const IMPORT = /(['"`])podline\/dag\1/;
const SKIPPED = new Set(['node_modules', 'dist']);

/** Absolute paths, sorted. A link that leads back up is not followed twice. */
export async function findDagFiles(folder: string): Promise<string[]> {
  const found: string[] = [];
  const open = [path.resolve(folder)];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const entry of await fs.readdir(at, { withFileTypes: true })) {
      const full = path.join(at, entry.name);
      if (entry.isDirectory()) {
        if (!entry.name.startsWith('.') && !SKIPPED.has(entry.name)) open.push(full);
      } else if (entry.isFile() && SOURCE.test(entry.name) && !NO_SOURCE.test(entry.name)) {
        const text = await fs.readFile(full, 'utf8').catch(() => '');
        if (IMPORT.test(text)) found.push(full);
      }
    }
  }
  return found.sort();
}
