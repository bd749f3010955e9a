/** The options of a DAG as fields of the plan. */
import type { JsonObject, Plan } from './plan.ts';
import type { OptionReader } from './optionReader.ts';
import { ANY_PARAMS, checkParams, paramsSchema } from './params.ts';
import { type Problems, show } from './problems.ts';
import { isTimezone, parseInstant, parseSchedule } from './schedule.ts';
import type { ScheduleInput } from './schedule.ts';
import { readCallbacks } from './taskOptions.ts';

const NAMES = [
  'description',
  'owner',
  'tags',
  'schedule',
  'timezone',
  'startDate',
  'endDate',
  'catchup',
  'maxActiveRuns',
  'maxActiveTasks',
  'runTimeout',
  'failFast',
  'params',
  'defaults',
  'priorityWeightRule',
  'callbacks',
];

export type DagFields = Omit<Plan, 'format' | 'dagId' | 'groups' | 'tasks'>;

export function readDagOptions(
  reader: OptionReader,
  problems: Problems,
  given: unknown,
): {
  fields: DagFields;
  defaults: Record<string, unknown>;
  priorityRule: 'downstream' | 'upstream' | 'absolute';
} {
  const options = reader.object('options', given);
  reader.known(options, NAMES);
  const timezone = readTimezone(problems, options.timezone);
  const schedule = readSchedule(problems, options.schedule);
  const startDate = readDate(reader, 'startDate', options.startDate, timezone);
  const endDate = readDate(reader, 'endDate', options.endDate, timezone);
  if (startDate && endDate && endDate < startDate) {
    reader.bad(
      'endDate',
      `it is before startDate (${endDate} < ${startDate})`,
      'Swap or correct the dates.',
    );
  }
  const catchup = reader.boolean('catchup', options.catchup, false);
  if (catchup && !startDate && (schedule.kind === 'cron' || schedule.kind === 'interval')) {
    reader.bad('catchup', 'it needs a startDate', 'Give the date from which runs are made.');
  }
  return {
    fields: {
      description: reader.text('description', options.description, undefined, 10_000),
      owner: reader.text('owner', options.owner, undefined, 200),
      tags: reader.texts('tags', options.tags),
      schedule,
      timezone,
      startDate,
      endDate,
      catchup,
      maxActiveRuns: reader.whole('maxActiveRuns', options.maxActiveRuns, 16, { min: 1 }),
      maxActiveTasks: reader.whole('maxActiveTasks', options.maxActiveTasks, 16, { min: 1 }),
      runTimeout: reader.duration('runTimeout', options.runTimeout, undefined, { min: 0.001 }),
      failFast: reader.boolean('failFast', options.failFast, false),
      params: readParams(problems, options.params, schedule.kind !== 'none'),
      callbacks: readCallbacks(reader, reader.object('callbacks', options.callbacks), [
        'onSuccess',
        'onFailure',
      ]),
    },
    defaults: reader.object('defaults', options.defaults),
    priorityRule: reader.oneOf(
      'priorityWeightRule',
      options.priorityWeightRule,
      ['downstream', 'upstream', 'absolute'],
      'downstream',
    ),
  };
}

function readTimezone(problems: Problems, given: unknown): string {
  if (given === undefined) return 'UTC';
  if (typeof given === 'string' && given.length <= 100 && isTimezone(given)) return given;
  problems.add('dag.bad_timezone', { timezone: show(given).replace(/^"|"$/g, '') });
  return 'UTC';
}

function readSchedule(problems: Problems, given: unknown): Plan['schedule'] {
  try {
    if (typeof given === 'string' && given.length > 500) throw new Error('it is too long');
    return parseSchedule(given as ScheduleInput);
  } catch (error) {
    problems.add('dag.bad_schedule', { schedule: show(given), reason: (error as Error).message });
    return { kind: 'none' };
  }
}

function readDate(
  reader: OptionReader,
  option: string,
  given: unknown,
  timezone: string,
): string | undefined {
  if (given === undefined) return undefined;
  const remedy = 'Write an ISO 8601 date such as "2026-01-31" or "2026-01-31T06:00:00+01:00".';
  try {
    const text = given instanceof Date ? given.toISOString() : given;
    if (typeof text !== 'string' || text.length > 50) throw new Error(`${show(given)} is no date`);
    return parseInstant(text, timezone).toISOString();
  } catch (error) {
    reader.bad(option, (error as Error).message, remedy);
    return undefined;
  }
}

function readParams(problems: Problems, declared: unknown, scheduled: boolean): JsonObject {
  const bad = (reason: string) => problems.add('dag.bad_params', { reason });
  const wrong: string[] = [];
  const reader = {
    problem: (where: string, what: string) => {
      wrong.push(where);
      problems.add('dag.not_json', { where: `DAG ${problems.dag}, ${where}`, what });
    },
  };
  try {
    const schema = paramsSchema(declared, reader);
    // Nobody gives a scheduled run its params: each must have a default that fits.
    if (scheduled && wrong.length === 0) checkDefaultParams(schema, bad);
    return schema;
  } catch (error) {
    if (wrong.length === 0) bad((error as Error).message);
    return ANY_PARAMS;
  }
}

function checkDefaultParams(schema: JsonObject, bad: (reason: string) => void): void {
  try {
    checkParams(schema, {});
  } catch (error) {
    const { reason } = (error as { details: { reason?: string } }).details;
    bad(`a scheduled DAG needs defaults that fit (${reason})`);
  }
}
