/** `podline dags show`. */
import { findDag } from '../find.ts';
import { date } from '../../explain/human.ts';
import { printFacts } from '../facts.ts';
import { scheduleWords } from '../../explain/scheduleWords.ts';
import type { Session } from '../session.ts';
import { printTasks } from '../tasks/list.ts';

export async function showDag(session: Session, [dagId]: readonly [string]): Promise<void> {
  const { output } = session;
  const installation = await session.installation();
  const dag = await findDag(installation, dagId);
  const tasks = await installation.dags.planTasks(dag);
  const { plan } = dag;
  if (output.json) {
    output.printJson({ ...dag, now: undefined, tasks });
    return;
  }
  printFacts(output, [
    ['DAG', dag.dagId],
    ['description', plan.description],
    ['owner', plan.owner],
    ['tags', plan.tags.join(', ')],
    ['file', dag.source],
    ['state', dag.active ? (dag.paused ? 'paused' : 'on') : 'removed from its folder'],
    ['schedule', scheduleWords(plan.schedule, plan.timezone)],
    ['start', plan.startDate],
    ['end', plan.endDate],
    ['catchup', plan.schedule.kind === 'none' ? undefined : String(plan.catchup)],
    ['next run', dag.nextRunAt === null ? undefined : date(dag.nextRunAt)],
    ['schedule error', dag.scheduleError],
    ['runs at work', `${dag.activeRuns} of ${plan.maxActiveRuns}`],
    ['tasks at work', `${dag.activeTasks} of ${plan.maxActiveTasks}`],
    ['managed by', dag.managedBy],
    ['version', `${dag.version} of ${date(dag.versionCreatedAt)}, ${dag.hash.slice(0, 12)}`],
  ]);
  const params = Object.entries((plan.params.properties ?? {}) as Record<string, ParamSchema>);
  if (params.length > 0) {
    output.print();
    output.printTable(params, [
      { title: 'PARAM', value: ([name]) => name },
      { title: 'TYPE', value: ([, { type }]) => [type ?? 'any'].flat().join(' or ') },
      {
        title: 'DEFAULT',
        value: ([, schema]) =>
          schema.default === undefined ? 'required' : JSON.stringify(schema.default),
      },
      { title: 'DESCRIPTION', value: ([, { description }]) => description, shrink: true },
    ]);
  }
  output.print();
  printTasks(output, tasks);
  for (const error of dag.buildErrors) {
    const place = [error.file, error.line, error.column].filter((part) => part !== null).join(':');
    output.warn(
      `its file does not build, this is the last good version: ${place} ${error.message}`,
    );
  }
}

interface ParamSchema {
  type?: string | string[];
  default?: unknown;
  description?: string;
}
