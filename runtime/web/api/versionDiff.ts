/** What is different between two versions, in words and whole. Pure; used by versions.ts. */
import type { z } from 'zod';
import type { VersionDetails } from '../../database/queries/web/readVersions.ts';
import { planChanges, storedDag } from '../../explain/planChanges.ts';
import type { Diff } from './schema/history.ts';
import type { FileFacts } from './versionFiles.ts';

export type VersionWhole = VersionDetails & { files: readonly FileFacts[] };

export function versionDiff(before: VersionWhole, after: VersionWhole): z.input<typeof Diff> {
  return {
    from: before.version,
    to: after.version,
    changes: planChanges(
      storedDag({ ...before, tasks: before.taskList }),
      storedDag({ ...after, tasks: after.taskList }),
    ),
    plan: { before: before.plan, after: after.plan },
    tasks: pairs(before.taskList, after.taskList, ({ id }) => id, JSON.stringify).map(
      ({ key, kind, old, fresh }) => ({
        taskId: key,
        kind,
        before: old ?? null,
        after: fresh ?? null,
      }),
    ),
    files: pairs(
      before.files,
      after.files,
      ({ path, origin }) => `${origin} ${path}`,
      ({ hash }) => hash,
    ).map(({ kind, old, fresh }) => {
      const { path = '', origin = 'bundle' } = fresh ?? old ?? {};
      return { path, origin, kind };
    }),
  };
}

interface Pair<T> {
  key: string;
  kind: 'added' | 'removed' | 'changed';
  old?: T;
  fresh?: T;
}

/** What is not the same, in the order of the newer version, and then what is gone. */
function pairs<T>(
  before: readonly T[],
  after: readonly T[],
  keyOf: (one: T) => string,
  markOf: (one: T) => string,
): Pair<T>[] {
  const former = new Map(before.map((one) => [keyOf(one), one]));
  const found: Pair<T>[] = [];
  for (const fresh of after) {
    const key = keyOf(fresh);
    const old = former.get(key);
    former.delete(key);
    if (old === undefined) found.push({ key, kind: 'added', fresh });
    else if (markOf(old) !== markOf(fresh)) found.push({ key, kind: 'changed', old, fresh });
  }
  for (const [key, old] of former) found.push({ key, kind: 'removed', old });
  return found;
}
