/** `podline runs show`: the run, its task instances, and in plain words what each waits for or died of. */
import { printFacts } from '../facts.ts';
import { findRun } from '../find.ts';
import { age, count, date, duration, secondsBetween } from '../../explain/human.ts';
import { state } from '../stateColour.ts';
import type { InstanceView, Installation, RunView } from '../installation.ts';
import type { Output } from '../output.ts';
import type { Session } from '../session.ts';

export interface RunReport {
  run: RunView;
  tasks: InstanceView[];
  /** Instances of the run, also those beyond the limit. */
  total: number;
}

export async function showRun(
  session: Session,
  [dagId, runId]: readonly [string, string],
  { limit }: { limit: number },
): Promise<void> {
  const { output } = session;
  const installation = await session.installation();
  const run = await findRun(installation, dagId, runId);
  const report = await readReport(installation, run, limit);
  if (output.json) output.printJson(reportJson(report));
  else printReport(output, report);
}

export async function readReport(
  { tasks }: Installation,
  run: RunView,
  limit: number,
): Promise<RunReport> {
  return { run, tasks: await tasks.list(run, { limit }), total: instancesOf(run) };
}

export function instancesOf({ counts }: RunView): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

export function reportJson({ run, tasks, total }: RunReport) {
  const { now: _now, ...facts } = run;
  return { ...facts, taskInstances: total, tasks };
}

export function printReport(output: Output, { run, tasks, total }: RunReport): void {
  const { now } = run;
  printFacts(output, [
    ['run', `${run.runId} of DAG ${run.dagId}`],
    ['state', run.reason === '' ? run.state : `${run.state}: ${run.reason}`],
    ['kind', run.kind],
    ['logical date', run.logicalDate && date(run.logicalDate)],
    [
      'data interval',
      run.intervalStart && `${date(run.intervalStart)} to ${date(run.intervalEnd)}`,
    ],
    ['started', run.startedAt && `${date(run.startedAt)} (${age(run.startedAt, now)})`],
    ['took', run.startedAt && duration(secondsBetween(run.startedAt, run.endedAt, now))],
    ['params', Object.keys(run.params).length > 0 ? JSON.stringify(run.params) : undefined],
    ['note', run.note],
    ['version', `${run.version}${run.isLatestVersion ? '' : ', not the newest of the DAG'}`],
  ]);
  output.print();
  printInstances(output, tasks, now);
  if (total > tasks.length) {
    output.print(`... and ${count(total - tasks.length, 'more instance')}; see --limit`);
  }
}

export function printInstances(output: Output, tasks: RunReport['tasks'], now: Date): void {
  const { colours } = output;
  output.printTable(
    tasks,
    [
      { title: 'TASK', value: (task) => instanceName(task), shrink: true },
      { title: 'STATE', value: (task) => task.state, style: (text) => state(text, colours) },
      {
        title: 'TRY',
        value: (task) => (task.attempts === 0 ? null : `${tryOf(task)}/${task.maxTries}`),
        align: 'right',
      },
      { title: 'STARTED', value: (task) => age(task.startedAt, now) },
      {
        title: 'TOOK',
        value: (task) => duration(secondsBetween(task.startedAt, task.endedAt, now)),
        align: 'right',
      },
      { title: 'WHY', value: (task) => task.reason, shrink: true },
    ],
    'It has no task instances yet.',
  );
}

function tryOf({ state: at, triesUsed }: InstanceView): number {
  const open = at === 'running' || at === 'launching' || at === 'queued' || at === 'scheduled';
  return triesUsed + (open ? 1 : 0);
}

export function instanceName({ taskId, mapIndex }: { taskId: string; mapIndex: number }): string {
  return mapIndex < 0 ? taskId : `${taskId}[${mapIndex}]`;
}
