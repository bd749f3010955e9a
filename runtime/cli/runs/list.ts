/** `podline runs list`. */
import type { RunState } from '../../../src/model/states.ts';
import { causeWords } from '../../explain/explain.ts';
import { findDag } from '../find.ts';
import { age, date, duration, secondsBetween } from '../../explain/human.ts';
import { state } from '../stateColour.ts';
import type { Session } from '../session.ts';

export async function listRuns(
  session: Session,
  [dagId]: readonly [string | undefined],
  options: { state?: RunState; before?: number; limit: number },
): Promise<void> {
  const { output } = session;
  const installation = await session.installation();
  if (dagId !== undefined) await findDag(installation, dagId);
  const rows = await installation.runs.list({ dagId, ...options });
  const now = new Date();
  output.printRows(
    rows,
    [
      { title: 'NUMBER', value: (row) => row.id, align: 'right' },
      { title: 'DAG', value: (row) => row.dagId, shrink: true },
      { title: 'RUN', value: (row) => row.runId, shrink: true },
      { title: 'STATE', value: (row) => row.state, style: (text) => state(text, output.colours) },
      { title: 'LOGICAL DATE', value: (row) => date(row.logicalDate) },
      { title: 'STARTED', value: (row) => age(row.startedAt, now) },
      {
        title: 'TOOK',
        value: (row) => duration(secondsBetween(row.startedAt, row.endedAt, now)),
        align: 'right',
      },
      { title: 'CAUSE', value: (row) => causeWords(row.cause), shrink: true },
      { title: 'NOTE', value: (row) => row.note, shrink: true },
    ],
    'There are no such runs.',
  );
  const last = rows.at(-1);
  if (rows.length === options.limit && last) {
    session.say(`There may be more: go on with --before ${last.id}`);
  }
}
