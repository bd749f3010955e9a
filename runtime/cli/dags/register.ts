/**
 * `podline dags register`: takes what `podline build --out` wrote, as a folder, a tar.gz or its pieces. Run as a Job
 * for each change of DAGs in a cluster; safe to run again, and by several at once.
 */
import { PodlineErrors } from '../../../src/errors.ts';
import { readBuild, unreadable } from '../../build/readBuild.ts';
import { unpackBuild } from '../../build/unpackBuild.ts';
import { folderOf, registerBuild } from '../../register/registerBuild.ts';
import type { RegisterResult } from '../../register/registerDags.ts';
import { EXIT, reportError } from '../exit.ts';
import { count } from '../../explain/human.ts';
import { usage } from '../input.ts';
import { withPatience } from '../patience.ts';
import type { Session } from '../session.ts';

interface Options {
  managedBy: string;
  wait?: number;
  allowEmpty?: boolean;
}

export async function registerFolder(
  session: Session,
  [place]: readonly [string],
  { managedBy: owner, wait = 0, allowEmpty = false }: Options,
): Promise<number> {
  if (!/^[^\s\p{C}]{1,200}$/u.test(owner)) {
    const reason = `--managed-by is a name without spaces, not ${JSON.stringify(owner)}.`;
    throw usage(reason, 'dags register');
  }
  const unpacked = await unpackBuild(place);
  try {
    const build = await readBuild(unpacked.folder, folderOf(owner));
    if (build.dags.length === 0 && !allowEmpty) {
      throw unreadable(place, 'it has no DAGs; --allow-empty sets all that the owner has aside');
    }
    const result = await withPatience(session, wait, async () =>
      registerBuild(await session.database(), build, owner),
    );
    return report(session, owner, result);
  } finally {
    await unpacked.dispose();
  }
}

function report(
  session: Session,
  owner: string,
  { dags, removed, refused }: RegisterResult,
): number {
  const { output } = session;
  if (output.json) {
    output.printJson({
      managedBy: owner,
      dags,
      removed,
      refused: refused.map(({ dagId, error }) => ({ dagId, ...error.toJSON() })),
    });
  } else {
    const rows = [
      ...dags.map(({ dagId, change, version }) => ({ dagId, change, version })),
      ...removed.map((dagId) => ({ dagId, change: 'set aside', version: null })),
      ...refused.map(({ dagId }) => ({ dagId, change: 'refused', version: null })),
    ].sort((a, b) => (a.dagId < b.dagId ? -1 : 1));
    output.printTable(
      rows,
      [
        { title: 'DAG', value: ({ dagId }) => dagId, shrink: true },
        { title: 'CHANGE', value: ({ change }) => change },
        { title: 'VERSION', value: ({ version }) => version, align: 'right' },
      ],
      'No DAGs.',
    );
    const isChanged = removed.length > 0 || dags.some(({ change }) => change !== 'unchanged');
    session.say(
      isChanged
        ? `${count(dags.length, 'DAG')} registered for ${owner}, ${removed.length} set aside.`
        : `Nothing changed: ${owner} has ${count(dags.length, 'DAG')}.`,
    );
  }
  if (refused.length === 0) return EXIT.ok;
  return reportError(new PodlineErrors(refused.map(({ error }) => error)), output);
}
