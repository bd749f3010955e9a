/** `podline dags next`: the ticks to come, as the scheduler will see them. */
import { ticksBetween } from '../../../src/plan/schedule.ts';
import { findDag } from '../find.ts';
import { date } from '../../explain/human.ts';
import { localTime, scheduleWords } from '../../explain/scheduleWords.ts';
import type { Session } from '../session.ts';

const FAR = new Date('2200-01-01T00:00:00Z');

export async function nextTicks(
  session: Session,
  [dagId]: readonly [string],
  { count }: { count: number },
): Promise<void> {
  const { output } = session;
  const dag = await findDag(await session.installation(), dagId);
  const { plan, nextLogicalDate, nextRunAt } = dag;
  const isCalendar = plan.schedule.kind === 'cron' || plan.schedule.kind === 'interval';
  const end = plan.endDate === undefined ? FAR : new Date(plan.endDate);
  const ticks =
    nextLogicalDate === null || nextRunAt === null
      ? []
      : isCalendar
        ? [...ticksBetween(plan, nextLogicalDate, end, count)]
        : [
            {
              logicalDate: nextLogicalDate,
              intervalStart: nextLogicalDate,
              intervalEnd: nextLogicalDate,
              runAt: nextRunAt,
            },
          ];
  const rows = ticks.map((tick) => ({ ...tick, runAtLocal: localTime(tick.runAt, plan.timezone) }));
  const words = scheduleWords(plan.schedule, plan.timezone);
  if (output.json) {
    output.printJson({ dagId, schedule: plan.schedule, timezone: plan.timezone, ticks: rows });
    return;
  }
  output.printTable(
    rows,
    [
      { title: `RUNS AT (${plan.timezone})`, value: (row) => row.runAtLocal },
      { title: 'RUNS AT (UTC)', value: (row) => date(row.runAt) },
      { title: 'LOGICAL DATE', value: (row) => date(row.logicalDate) },
      { title: 'INTERVAL END', value: (row) => date(row.intervalEnd) },
    ],
    `Nothing comes next: the schedule of DAG ${dagId} is ${words}.`,
  );
  if (dag.paused) session.say(`DAG ${dagId} is paused: none of these will run before it goes on.`);
}
