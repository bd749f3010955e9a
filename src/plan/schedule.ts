/**
 * When a DAG runs, pure. Called by registration, the scheduler's tick, backfill and `dags next`.
 * What a cron expression means in a time zone (gaps, overlaps) is defined in cron.ts; docs/schedules.md
 * says the same with examples.
 *
 * A tick of `cron` or `interval` opens the data interval [tick, next tick): its logical date is the
 * start and its run is due at the end. `@once` is one tick with an empty interval. `@continuous`
 * has no calendar: ask for its next tick only when the former run is over.
 */
import type { Plan } from './plan.ts';
import { FIRST_YEAR, LAST_YEAR, calendarOf } from './cron.ts';
import type { Calendar } from './cron.ts';
import { SECOND } from './zone.ts';

export { parseInstant, parseSchedule } from './scheduleInput.ts';
export type { ScheduleInput } from './scheduleInput.ts';
export { isTimezone } from './zone.ts';

export interface Tick {
  logicalDate: Date;
  intervalStart: Date;
  intervalEnd: Date;
  runAt: Date;
}

export type ScheduleFacts = Pick<
  Plan,
  'schedule' | 'timezone' | 'startDate' | 'endDate' | 'catchup'
>;

/**
 * The first tick of a newly registered DAG. With catchup it is the first one from startDate;
 * without, the latest whose interval is complete, but never before startDate. Null: never runs.
 */
export function firstTick(plan: ScheduleFacts, now: Date): Tick | null {
  const { start, end } = boundsOf(plan);
  const at = now.getTime();
  switch (plan.schedule.kind) {
    case 'none':
      return null;
    case 'once':
      return instantTick(start ?? at, end);
    case 'continuous':
      return instantTick(Math.max(at, start ?? at), end);
    default: {
      const calendar = calendarOfPlan(plan, start);
      const first = start === null ? null : calendar.next(start - 1);
      if (start !== null && first === null) return null;
      if (plan.catchup && first !== null) return tickAt(calendar, first, end);
      const latest = latestComplete(calendar, at);
      const chosen = latest === null ? first : Math.max(latest, first ?? latest);
      return chosen === null ? null : tickAt(calendar, chosen, end);
    }
  }
}

/**
 * The tick after the one with logical date `after`. Without catchup a DAG that is behind goes on
 * with the latest complete interval. Null: the schedule has ended.
 */
export function nextTick(plan: ScheduleFacts, after: Date, now: Date): Tick | null {
  const { start, end } = boundsOf(plan);
  const last = after.getTime();
  switch (plan.schedule.kind) {
    case 'none':
    case 'once':
      return null;
    case 'continuous':
      return instantTick(Math.max(now.getTime(), last + 1, start ?? 0), end);
    default: {
      const calendar = calendarOfPlan(plan, start);
      const next = calendar.next(start === null ? last : Math.max(last, start - 1));
      if (next === null || plan.catchup) return next === null ? null : tickAt(calendar, next, end);
      const latest = latestComplete(calendar, now.getTime());
      return tickAt(calendar, Math.max(next, latest ?? next), end);
    }
  }
}

/**
 * At most `limit` ticks with a logical date in [from, to], for a backfill. The range is the caller's
 * own: startDate and endDate of the plan do not narrow it, and ticks of the future are included.
 */
export function* ticksBetween(
  plan: ScheduleFacts,
  from: Date,
  to: Date,
  limit: number,
): Generator<Tick> {
  const { start } = boundsOf(plan);
  if (limit < 1) return;
  if (plan.schedule.kind === 'once') {
    if (start !== null && start >= from.getTime() && start <= to.getTime()) {
      const tick = instantTick(start, null);
      if (tick) yield tick;
    }
    return;
  }
  if (plan.schedule.kind === 'none' || plan.schedule.kind === 'continuous') return;
  const calendar = calendarOfPlan(plan, start);
  let at = calendar.next(from.getTime() - 1);
  for (let count = 0; at !== null && at <= to.getTime() && count < limit; count++) {
    const after = calendar.next(at);
    if (after === null) return;
    yield interval(at, after);
    at = after;
  }
}

/**
 * The tick of a manual run: its logical date is the given one, its data interval the last that was
 * complete at that moment. Plans without a calendar get an empty interval.
 */
export function alignedTick(plan: ScheduleFacts, logicalDate: Date): Tick {
  const { start } = boundsOf(plan);
  const at = logicalDate.getTime();
  const empty = { intervalStart: new Date(at), intervalEnd: new Date(at) };
  const own = { logicalDate: new Date(at), runAt: new Date(at) };
  if (plan.schedule.kind !== 'cron' && plan.schedule.kind !== 'interval') {
    return { ...own, ...empty };
  }
  const calendar = calendarOfPlan(plan, start);
  const to = calendar.previous(at + 1);
  const from = to === null ? null : calendar.previous(to);
  if (from === null || to === null) return { ...own, ...empty };
  return { ...own, intervalStart: new Date(from), intervalEnd: new Date(to) };
}

/** Start of the latest interval that ended at or before `now`. */
function latestComplete(calendar: Calendar, now: number): number | null {
  const end = calendar.previous(now + 1);
  return end === null ? null : calendar.previous(end);
}

function tickAt(calendar: Calendar, at: number, end: number | null): Tick | null {
  if (end !== null && at > end) return null;
  const after = calendar.next(at);
  return after === null ? null : interval(at, after);
}

function interval(from: number, to: number): Tick {
  return {
    logicalDate: new Date(from),
    intervalStart: new Date(from),
    intervalEnd: new Date(to),
    runAt: new Date(to),
  };
}

function instantTick(at: number, end: number | null): Tick | null {
  return end !== null && at > end ? null : interval(at, at);
}

function calendarOfPlan(plan: ScheduleFacts, start: number | null): Calendar {
  const { schedule } = plan;
  if (schedule.kind === 'cron') return calendarOf(schedule.cron, plan.timezone);
  if (schedule.kind === 'interval') return everyCalendar(schedule.seconds * SECOND, start ?? 0);
  throw new Error(`a schedule of kind ${schedule.kind} has no calendar`);
}

/** Elapsed time alone, counted from `anchor` in both directions: no zone, no change of clocks. */
function everyCalendar(step: number, anchor: number): Calendar {
  const last = Date.UTC(LAST_YEAR, 11, 31);
  const first = Date.UTC(FIRST_YEAR, 0, 1);
  return {
    next(after) {
      const at = anchor + (Math.floor((after - anchor) / step) + 1) * step;
      return at > last ? null : at;
    },
    previous(before) {
      const at = anchor + (Math.ceil((before - anchor) / step) - 1) * step;
      return at < first ? null : at;
    },
  };
}

/** The bounds of a plan; refuses dates that no plan made by this version can hold. */
function boundsOf(plan: ScheduleFacts): { start: number | null; end: number | null } {
  const read = (name: string, text: string | undefined) => {
    if (text === undefined) return null;
    const date = new Date(text);
    const year = date.getUTCFullYear();
    if (Number.isNaN(year)) throw new Error(`${name} "${text}" is no ISO 8601 date with time`);
    if (year < FIRST_YEAR || year > LAST_YEAR) {
      throw new Error(`${name} "${text}" is not between the years ${FIRST_YEAR} and ${LAST_YEAR}`);
    }
    return date.getTime();
  };
  const start = read('startDate', plan.startDate);
  const end = read('endDate', plan.endDate);
  return { start, end };
}
