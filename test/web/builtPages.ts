/** The pages as they are now, for tests with a browser: built anew when a source is younger than the last build. */
import { globSync, statSync } from 'node:fs';
import path from 'node:path';
import { build } from 'vite';

const ROOT = path.resolve(import.meta.dirname, '../..');
const BUILT = path.join(ROOT, 'dist/runtime/web/public/index.html');

export async function builtPages(): Promise<void> {
  const age = statSync(BUILT, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const sources = ['runtime/web/ui/**/*', 'runtime/web/*.ts', 'runtime/web/api/schema/*.ts'];
  const isStale = globSync(sources, { cwd: ROOT }).some(
    (file) => statSync(path.join(ROOT, file)).mtimeMs > age,
  );
  if (!isStale) return;
  process.stderr.write('building the pages ...\n');
  await build({ root: path.join(ROOT, 'runtime/web/ui'), logLevel: 'error' });
}
