/** What the API tells of runs and of the tasks in them. */
import { z } from 'zod';
import { AnyJson, RunState, TaskState, Time } from './dags.ts';
import { MapIndex, Name } from './ids.ts';
import { PageQuery, pageOf } from './page.ts';

export const RUN_KINDS = ['scheduled', 'manual', 'backfill'] as const;

export const RunListQuery = PageQuery.extend({
  dagId: Name.optional(),
  state: RunState.optional(),
  kind: z.enum(RUN_KINDS).optional(),
  day: z.iso
    .date()
    .optional()
    .describe('With `dagId`: runs of this day, as its calendar counts them.'),
  since: Time.optional().describe('Only runs made at this time or later.'),
  backfill: z.coerce
    .number()
    .int()
    .min(1)
    .max(2 ** 50)
    .optional(),
  before: z.coerce
    .number()
    .int()
    .min(1)
    .max(2 ** 53)
    .optional()
    .describe('Only runs before the one with this `id`; for who has no cursor.'),
}).refine(({ day, dagId }) => day === undefined || dagId !== undefined, {
  path: ['day'],
  message: 'days follow the time zone of a DAG: name it with `dagId`, or use `since` for all DAGs',
});

export const RunSummary = z
  .object({
    id: z.int().describe('Its number: newer runs have higher ones.'),
    dagId: z.string(),
    runId: z.string(),
    kind: z.enum(RUN_KINDS),
    state: RunState,
    cause: z.string().nullable(),
    causeWords: z.string().nullable().describe('The cause in words.'),
    logicalDate: Time.nullable(),
    createdAt: Time,
    startedAt: Time.nullable(),
    endedAt: Time.nullable(),
    note: z.string().nullable(),
  })
  .meta({ id: 'RunSummary' });

export const RunPage = pageOf(RunSummary).meta({ id: 'RunPage' });

export const StateCounts = z
  .partialRecord(TaskState, z.int())
  .meta({ id: 'StateCounts', description: 'How many task instances are in which state.' });

export const Run = RunSummary.extend({
  reason: z.string().nullable().describe('What it waits for or why it failed, in words.'),
  intervalStart: Time.nullable(),
  intervalEnd: Time.nullable(),
  params: AnyJson,
  version: z.int().describe('The version of the DAG that it is on.'),
  isLatestVersion: z.boolean(),
  backfill: z.int().nullable(),
  dagPaused: z.boolean(),
  trace: z
    .object({ id: z.string(), url: z.string().nullable() })
    .nullable()
    .describe('Its trace, where schedulers send traces, and where to look at it.'),
  counts: StateCounts,
  now: Time.describe('Clock of the database when this was so.'),
}).meta({ id: 'Run' });

export const AssetUse = z
  .object({
    taskId: z.string(),
    isMapped: z.boolean(),
    state: TaskState.describe('Of its instances, the one that matters most.'),
    at: Time.nullable().describe('When the task succeeded.'),
  })
  .meta({ id: 'AssetUse' });

export const AssetList = z
  .object({
    assets: z.array(
      z.object({ name: z.string(), writtenBy: z.array(AssetUse), readBy: z.array(AssetUse) }),
    ),
  })
  .meta({ id: 'AssetList' });

export const TaskListQuery = PageQuery.extend({
  state: TaskState.optional(),
  taskId: Name.optional(),
  mapIndex: MapIndex.optional(),
  fromMapIndex: MapIndex.optional().describe('Only instances with this map index or a higher one.'),
  since: Time.optional().describe('Only what is at work, or ended at this time or later.'),
});

export const AttemptBar = z
  .object({
    number: z.int(),
    state: z.string(),
    launchedAt: Time,
    startedAt: Time.nullable().describe('When its code began.'),
    endedAt: Time.nullable(),
  })
  .meta({ id: 'AttemptBar' });

export const TaskSummary = z
  .object({
    taskId: z.string(),
    mapIndex: z.int().describe('-1: not mapped.'),
    state: TaskState,
    cause: z.string().nullable(),
    reason: z.string().nullable().describe('What it waits for or why it failed, in words.'),
    operator: z.string().nullable(),
    executor: z.string(),
    pool: z.string(),
    poolSlots: z.int(),
    priority: z.int(),
    host: z.string().nullable().describe('Of the last attempt, as the next three.'),
    attemptCause: z.string().nullable(),
    exitCode: z.int().nullable(),
    message: z.string().nullable(),
    attempts: z.int(),
    triesUsed: z.int(),
    maxTries: z.int(),
    notBefore: Time.nullable(),
    scheduledAt: Time.nullable(),
    queuedAt: Time.nullable(),
    launchedAt: Time.nullable().describe('Of the last attempt.'),
    startedAt: Time.nullable(),
    endedAt: Time.nullable(),
    bars: z.array(AttemptBar).describe('The last 20 attempts, oldest first.'),
  })
  .meta({ id: 'TaskSummary' });

export const TaskPage = pageOf(TaskSummary).meta({ id: 'TaskPage' });

export const TaskStates = z
  .object({
    tasks: z.array(
      z.object({
        taskId: z.string(),
        state: TaskState.describe('Of its instances, the one that matters most.'),
        counts: StateCounts.nullable().describe('Of a mapped task with several instances.'),
        startedAt: Time.nullable(),
        endedAt: Time.nullable(),
      }),
    ),
  })
  .meta({ id: 'TaskStates' });
