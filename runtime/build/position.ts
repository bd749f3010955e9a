/** Finds the author's line for a position in the bundled code. */
import { SourceMap } from 'node:module';
import path from 'node:path';
import { vocabulary } from './bundleFile.ts';

export interface Position {
  file: string;
  line: number;
  column: number;
}

/** The innermost position that is in the author's own files; failing that, in any file. */
export function authorPosition(
  positions: readonly (readonly [number, number])[],
  map: string,
  folder: string,
): Position | undefined {
  if (positions.length === 0) return undefined;
  const sourceMap = new SourceMap(JSON.parse(map) as ConstructorParameters<typeof SourceMap>[0]);
  let fallback: Position | undefined;
  for (const [line, column] of positions) {
    const entry = sourceMap.findEntry(line - 1, column - 1);
    if (!('originalSource' in entry)) continue;
    const position = {
      file: path.resolve(folder, entry.originalSource),
      line: entry.originalLine + 1,
      column: entry.originalColumn + 1,
    };
    if (isAuthors(position.file)) return position;
    fallback ??= position;
  }
  return fallback;
}

export function isAuthors(file: string): boolean {
  const inPackage = file.split(path.sep).includes('node_modules');
  return !inPackage && !file.startsWith(vocabulary + path.sep) && !/^src[\\/]dag/.test(file);
}
