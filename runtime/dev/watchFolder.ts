/**
 * Watches a folder of DAGs and the files that they import, and calls back once for each burst of changes, never
 * two at a time. Plain scripts (.sql, .py, .R, .sh) count as much as DAG files. Called by cli/dev.ts.
 */
import fs from 'node:fs/promises';
import path from 'node:path';
import chokidar from 'chokidar';

/**
 * Editors write a file in several steps, and chokidar drops a second change of a file within 50 ms: work
 * that began earlier could miss the last words of a file for good.
 */
const SETTLE_MS = 70;

export interface FolderWatch {
  /** Files outside the folder that are part of it. */
  also(files: readonly string[]): void;
  close(): Promise<void>;
}

export async function watchFolder(
  folder: string,
  onChange: (files: string[], since: number) => Promise<void>,
): Promise<FolderWatch> {
  // The build names files by their real paths, too.
  const root = await fs.realpath(folder);
  const watcher = chokidar.watch(root, {
    ignoreInitial: true,
    ignored: (file: string) => isIgnored(path.relative(root, file)),
  });
  const changed = new Set<string>();
  let since = 0;
  let timer: NodeJS.Timeout | undefined;
  let working: Promise<void> | undefined;

  const work = async () => {
    while (changed.size > 0) {
      const files = [...changed];
      changed.clear();
      await onChange(files, since);
    }
  };
  const start = () => {
    timer = undefined;
    working ??= work().finally(() => {
      working = undefined;
      // What came between the last look and here.
      if (changed.size > 0) timer ??= setTimeout(start, SETTLE_MS);
    });
  };
  watcher.on('all', (event, file) => {
    if (event === 'addDir') return;
    if (changed.size === 0) since = performance.now();
    changed.add(file);
    clearTimeout(timer);
    timer = setTimeout(start, SETTLE_MS);
  });
  await new Promise<void>((resolve, reject) => {
    watcher.once('ready', resolve);
    watcher.once('error', reject);
  });
  const outside = new Set<string>();
  return {
    also(files) {
      for (const file of files) {
        if (!path.relative(root, file).startsWith('..') || outside.has(file)) continue;
        outside.add(file);
        watcher.add(file);
      }
    },
    async close() {
      clearTimeout(timer);
      await watcher.close();
      await working;
    },
  };
}

/** As the build does (dagFiles.ts), so that an embedded database in the folder is not watched. */
function isIgnored(relative: string): boolean {
  if (relative === '' || relative.startsWith('..')) return false;
  return relative
    .split(path.sep)
    .some((part) => part.startsWith('.') || part === 'node_modules' || part === 'dist');
}
