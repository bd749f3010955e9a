/** `podline tasks list`, and the table of tasks for `dags show`. */
import type { PlanTask } from '../../../src/plan/plan.ts';
import { findDag } from '../find.ts';
import { duration } from '../../explain/human.ts';
import type { Output } from '../output.ts';
import type { Session } from '../session.ts';

export async function listTasks(session: Session, [dagId]: readonly [string]): Promise<void> {
  const { output } = session;
  const installation = await session.installation();
  const dag = await findDag(installation, dagId);
  const tasks = await installation.dags.planTasks(dag);
  if (output.json) output.printJson(tasks);
  else printTasks(output, tasks);
}

export function printTasks(output: Output, tasks: readonly PlanTask[]): void {
  output.printTable(tasks, [
    { title: 'TASK', value: (task) => task.id, shrink: true },
    { title: 'OPERATOR', value: (task) => task.operator },
    { title: 'AFTER', value: (task) => task.upstream.join(', '), shrink: true },
    { title: 'RULE', value: (task) => task.triggerRule },
    { title: 'RETRIES', value: (task) => retriesOf(task) },
    { title: 'POOL', value: (task) => poolOf(task) },
    { title: 'EXECUTOR', value: (task) => task.executor },
    { title: 'ABOUT', value: (task) => aboutOf(task), shrink: true },
  ]);
}

function retriesOf({ retries }: PlanTask): string {
  return retries.max === 0 ? '0' : `${retries.max} after ${duration(retries.delay)}`;
}

function poolOf({ pool, poolSlots }: PlanTask): string {
  return poolSlots === 1 ? pool : `${pool} x${poolSlots}`;
}

function aboutOf({ description, map, sensor, setup, teardownOf, flow }: PlanTask): string {
  const marks = [
    map && `mapped over ${Object.keys(map.over).join(', ')}`,
    sensor && 'sensor',
    setup && 'setup',
    teardownOf && 'teardown',
    flow?.replace('_', ' '),
    description,
  ];
  return marks.filter((mark) => typeof mark === 'string').join('; ');
}
