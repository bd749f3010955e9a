/** `podline runs cancel|clear|mark` and `tasks clear`: what people ask of a run. */
import { commandRun } from '../../commands/commandRun.ts';
import { type RunDetails } from '../../database/queries/readRun.ts';
import type { Database } from '../../database/pool.ts';
import type { Command } from '../../scheduler/decision.ts';
import { findRun, findTask } from '../find.ts';
import { count } from '../../explain/human.ts';
import { state } from '../stateColour.ts';
import type { Session } from '../session.ts';
import { previewClear } from '../../commands/previewClear.ts';
import { instanceName } from './show.ts';

export async function cancelRun(
  session: Session,
  [dagId, runId]: readonly [string, string],
): Promise<void> {
  const database = await session.database();
  const run = await findRun(database, dagId, runId);
  await perform(session, database, run, { kind: 'cancel' }, 'is cancelled');
}

interface ClearOptions {
  task: string[];
  upstream?: boolean;
  downstream?: boolean;
  onlyFailed?: boolean;
  latest?: boolean;
  dryRun?: boolean;
}

export async function clearRun(
  session: Session,
  [dagId, runId]: readonly [string, string],
  options: ClearOptions,
): Promise<void> {
  const database = await session.database();
  const run = await findRun(database, dagId, runId);
  for (const task of options.task) await findTask(database, run, task);
  const command = {
    kind: 'clear' as const,
    tasks: options.task,
    upstream: options.upstream === true,
    downstream: options.downstream === true,
    onlyFailed: options.onlyFailed === true,
    latestVersion: options.latest === true,
  };
  await clear(session, database, run, command, options.dryRun === true);
}

export async function clearTask(
  session: Session,
  [dagId, runId, task]: readonly [string, string, string],
  options: { mapIndex?: number; alone?: boolean; latest?: boolean },
): Promise<void> {
  const database = await session.database();
  const run = await findRun(database, dagId, runId);
  await findTask(database, run, task);
  const command = {
    kind: 'clear' as const,
    tasks: [task],
    mapIndex: options.mapIndex,
    upstream: false,
    downstream: options.alone !== true,
    onlyFailed: false,
    latestVersion: options.latest === true,
  };
  await clear(session, database, run, command, false);
}

async function clear(
  session: Session,
  database: Database,
  run: RunDetails,
  command: Extract<Command, { kind: 'clear' }>,
  dryRun: boolean,
): Promise<void> {
  const { output } = session;
  const chosen = await previewClear(database, run, command);
  if (dryRun) {
    if (output.json) {
      output.printJson({ dagId: run.dagId, runId: run.runId, dryRun: true, instances: chosen });
      return;
    }
    output.printTable(
      chosen,
      [
        { title: 'TASK', value: (one) => instanceName(one) },
        { title: 'STATE', value: (one) => one.state, style: (text) => state(text, output.colours) },
      ],
      'Nothing would run again.',
    );
    output.print(`${count(chosen.length, 'task instance')} would run again. Nothing was done.`);
    return;
  }
  const words = `runs again: ${count(chosen.length, 'task instance')}`;
  await perform(session, database, run, command, words, { instances: chosen.length });
}

export async function markRun(
  session: Session,
  [dagId, runId, wanted]: readonly [string, string, 'success' | 'failed'],
  options: { task: string[]; mapIndex?: number },
): Promise<void> {
  const database = await session.database();
  const run = await findRun(database, dagId, runId);
  for (const task of options.task) await findTask(database, run, task);
  const command: Command = {
    kind: 'mark',
    state: wanted,
    tasks: options.task,
    mapIndex: options.mapIndex,
  };
  const what = options.task.length === 0 ? '' : ` in ${options.task.join(', ')}`;
  await perform(session, database, run, command, `is marked ${wanted}${what}`);
}

async function perform(
  session: Session,
  database: Database,
  run: RunDetails,
  command: Command,
  words: string,
  more: object = {},
): Promise<void> {
  const { output } = session;
  const { dagId, runId } = run;
  await commandRun(database, { dagId, runId }, command);
  const after = await findRun(database, dagId, runId);
  if (output.json) {
    output.printJson({ dagId, runId, command: command.kind, state: after.state, ...more });
  } else {
    output.print(`Run ${runId} of DAG ${dagId} ${words}; the run is ${after.state}.`);
  }
}
