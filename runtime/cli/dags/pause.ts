/** `podline dags pause` and `unpause`. */
import { findDag } from '../find.ts';
import type { Session } from '../session.ts';

export async function pauseDags(session: Session, args: readonly [string[]]): Promise<void> {
  await change(session, args, true);
}

export async function unpauseDags(session: Session, args: readonly [string[]]): Promise<void> {
  await change(session, args, false);
}

async function change(
  session: Session,
  [dagIds]: readonly [string[]],
  paused: boolean,
): Promise<void> {
  const { output } = session;
  const installation = await session.installation();
  // All or none: a mistyped id must not leave half of it done.
  for (const dagId of dagIds) await findDag(installation, dagId);
  const results: { dagId: string; paused: boolean; changed: boolean }[] = [];
  for (const dagId of dagIds) {
    const changed = await installation.dags.setPaused(dagId, paused);
    results.push({ dagId, paused, changed });
    const word = paused ? 'paused' : 'on';
    output.print(`DAG ${dagId} ${changed ? 'is now' : 'was already'} ${word}.`);
  }
  if (output.json) output.printJson(results);
}
