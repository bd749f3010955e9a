/** A schedule in one short text, and an instant as the clocks of a time zone show it. Pure. */
import type { Schedule } from '../../src/plan/plan.ts';
import { duration } from './human.ts';

export function scheduleWords(schedule: Schedule, timezone = 'UTC'): string {
  switch (schedule.kind) {
    case 'none':
      return 'none';
    case 'once':
      return '@once';
    case 'continuous':
      return '@continuous';
    case 'interval':
      return `every ${duration(schedule.seconds)}`;
    case 'cron':
      return timezone === 'UTC' ? schedule.cron : `${schedule.cron} ${timezone}`;
  }
}

/** "2026-03-29 03:00:00 GMT+2" */
export function localTime(instant: Date, timezone: string): string {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone: timezone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'shortOffset',
  }).formatToParts(instant);
  const part = (type: Intl.DateTimeFormatPartTypes) =>
    parts.find((one) => one.type === type)?.value ?? '';
  const day = `${part('year')}-${part('month')}-${part('day')}`;
  const time = `${part('hour')}:${part('minute')}:${part('second')}`;
  return `${day} ${time} ${part('timeZoneName')}`;
}
