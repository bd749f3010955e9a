/** What a preview of an upgrade may say, and how it is written down. Pure; used by record.ts and the test. */
import type { Change } from '../e2e/pulumiStack.ts';

/** They hold nothing: a new one is made first, pods move to it or it runs, and the old one goes. */
const REPLACEABLE = ['kubernetes:core/v1:ConfigMap', 'kubernetes:batch/v1:Job'];
/** Pieces of a bundle are named by what is in them. */
const PIECE = /-[0-9a-f]{10}-\d+$/;

const PLAIN = ['create', 'update', 'read', 'refresh'];

/** What would take something away that an upgrade must leave. */
export function losses(changes: readonly Change[]): Change[] {
  return changes.filter(({ op, type, name }) => {
    if (PLAIN.includes(op)) return false;
    if (op !== 'delete') return !REPLACEABLE.includes(type);
    return !(type === 'kubernetes:core/v1:ConfigMap' && PIECE.test(name));
  });
}

/** A line for each resource. Of the steps of a replacement, the one that is called so. */
export function textOf(changes: readonly Change[]): string {
  const lines = changes
    .filter(({ op }) => !['create-replacement', 'delete-replaced'].includes(op))
    .map(({ op, type, name, diff }) => {
      const what = `${op} ${type.slice(type.lastIndexOf(':') + 1)} ${name.replace(PIECE, '-HASH')}`;
      return `  ${what}${diff.length > 0 ? `: ${[...diff].sort().join(', ')}` : ''}\n`;
    });
  return lines.sort().join('') || '  nothing\n';
}
