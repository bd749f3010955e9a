/** `podline runs cancel|clear|mark` and `tasks clear`: what people ask of a run. */
import type { RunState } from '../../../src/model/states.ts';
import { findRun, findTask } from '../find.ts';
import { count } from '../../explain/human.ts';
import { state } from '../stateColour.ts';
import type { ClearChoice, Installation, RunKey } from '../installation.ts';
import type { Session } from '../session.ts';
import { instanceName } from './show.ts';

export async function cancelRun(
  session: Session,
  [dagId, runId]: readonly [string, string],
): Promise<void> {
  const installation = await session.installation();
  const run = await findRun(installation, dagId, runId);
  const state = await installation.runs.cancel(run);
  tell(session, run, 'cancel', state, 'is cancelled');
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
  const installation = await session.installation();
  const run = await findRun(installation, dagId, runId);
  for (const task of options.task) await findTask(installation, run, task);
  const choice = {
    tasks: options.task,
    upstream: options.upstream === true,
    downstream: options.downstream === true,
    onlyFailed: options.onlyFailed === true,
    latestVersion: options.latest === true,
  };
  await clear(session, installation, run, choice, options.dryRun === true);
}

export async function clearTask(
  session: Session,
  [dagId, runId, task]: readonly [string, string, string],
  options: { mapIndex?: number; alone?: boolean; latest?: boolean },
): Promise<void> {
  const installation = await session.installation();
  const run = await findRun(installation, dagId, runId);
  await findTask(installation, run, task);
  const choice = {
    tasks: [task],
    mapIndex: options.mapIndex,
    upstream: false,
    downstream: options.alone !== true,
    onlyFailed: false,
    latestVersion: options.latest === true,
  };
  await clear(session, installation, run, choice, false);
}

async function clear(
  session: Session,
  { runs }: Installation,
  run: RunKey,
  choice: ClearChoice,
  dryRun: boolean,
): Promise<void> {
  const { output } = session;
  if (dryRun) {
    const { count: total, instances } = await runs.planClear(run, choice);
    if (output.json) {
      const { dagId, runId } = run;
      output.printJson({ dagId, runId, dryRun: true, count: total, instances });
      return;
    }
    output.printTable(
      instances,
      [
        { title: 'TASK', value: (one) => instanceName(one) },
        { title: 'STATE', value: (one) => one.state, style: (text) => state(text, output.colours) },
      ],
      'Nothing would run again.',
    );
    output.print(`${count(total, 'task instance')} would run again. Nothing was done.`);
    return;
  }
  const { count: total, state: after } = await runs.clear(run, choice);
  const words = `runs again: ${count(total, 'task instance')}`;
  tell(session, run, 'clear', after, words, { instances: total });
}

export async function markRun(
  session: Session,
  [dagId, runId, wanted]: readonly [string, string, 'success' | 'failed'],
  options: { task: string[]; mapIndex?: number },
): Promise<void> {
  const installation = await session.installation();
  const run = await findRun(installation, dagId, runId);
  for (const task of options.task) await findTask(installation, run, task);
  const choice = { state: wanted, tasks: options.task, mapIndex: options.mapIndex };
  const after = await installation.runs.mark(run, choice);
  const what = options.task.length === 0 ? '' : ` in ${options.task.join(', ')}`;
  tell(session, run, 'mark', after, `is marked ${wanted}${what}`);
}

function tell(
  { output }: Session,
  { dagId, runId }: RunKey,
  command: 'cancel' | 'clear' | 'mark',
  state: RunState,
  words: string,
  more: object = {},
): void {
  if (output.json) output.printJson({ dagId, runId, command, state, ...more });
  else output.print(`Run ${runId} of DAG ${dagId} ${words}; the run is ${state}.`);
}
