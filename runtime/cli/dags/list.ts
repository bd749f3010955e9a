/** `podline dags list`. */
import { age } from '../../explain/human.ts';
import { state } from '../stateColour.ts';
import { scheduleWords } from '../../explain/scheduleWords.ts';
import type { Session } from '../session.ts';

export async function listDags(
  session: Session,
  _args: readonly [],
  options: { tag?: string; paused?: boolean; inactive?: boolean; after?: string; limit: number },
): Promise<void> {
  const { output } = session;
  const { colours } = output;
  const { dags } = await session.installation();
  const rows = await dags.list(options);
  const now = new Date();
  output.printRows(
    rows,
    [
      { title: 'DAG', value: (row) => row.dagId, shrink: true },
      {
        title: 'SCHEDULE',
        value: (row) => scheduleWords(row.schedule, row.timezone),
        shrink: true,
      },
      {
        title: 'STATUS',
        value: (row) => statusOf(row),
        style: (text, row) => (row.broken || row.scheduleError ? colours.red(text) : text),
      },
      { title: 'NEXT RUN', value: (row) => (row.paused ? null : age(row.nextRunAt, now)) },
      {
        title: 'LAST RUN',
        value: (row) => row.lastState,
        style: (text) => state(text, colours),
      },
      { title: 'ENDED', value: (row) => age(row.lastEndedAt, now) },
      { title: 'RUNS', value: (row) => row.activeRuns, align: 'right' },
      { title: 'TASKS', value: (row) => row.activeTasks, align: 'right' },
      { title: 'TAGS', value: (row) => row.tags.join(', '), shrink: true },
    ],
    'No DAGs are registered; `podline dev FOLDER` registers those of a folder.',
  );
  const last = rows.at(-1);
  if (rows.length === options.limit && last) {
    session.say(`There may be more: go on with --after ${last.dagId}`);
  }
}

function statusOf(row: {
  active: boolean;
  paused: boolean;
  broken: boolean;
  scheduleError: string | null;
}): string {
  if (!row.active) return 'removed';
  if (row.broken) return 'file broken';
  if (row.scheduleError !== null) return 'schedule broken';
  return row.paused ? 'paused' : 'on';
}
