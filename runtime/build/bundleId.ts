/** The id of a bundle follows from its contents. Asked by the build, and by whoever takes a build from elsewhere. */
import { sha256 } from '../../src/plan/canonical.ts';
import { CODE_FILE } from './runEvaluation.ts';

/** Travels with the code for stack traces; it holds line numbers, so it is not hashed. */
export const MAP_FILE = `${CODE_FILE}.map`;

export function bundleId(files: ReadonlyMap<string, Uint8Array>): string {
  const hashed = [...files].filter(([name]) => name !== MAP_FILE || !files.has(CODE_FILE));
  const sorted = hashed.sort(([a], [b]) => (a < b ? -1 : 1));
  return sha256('podline.bundle', ...sorted.flat());
}
