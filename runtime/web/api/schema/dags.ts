/** What the API tells of DAGs. Times are ISO 8601 in UTC. */
import { z } from 'zod';
import { RUN_STATES, TASK_STATES } from '../../../../src/model/states.ts';
import { Flag, Name, Text } from './ids.ts';
import { PageQuery, pageOf } from './page.ts';

export { DagPath } from './ids.ts';

export const Time = z.iso.datetime().describe('ISO 8601, UTC.');
export const RunState = z.enum(RUN_STATES);
export const TaskState = z.enum(TASK_STATES);
export const AnyJson = z.unknown();

export const DagListQuery = PageQuery.extend({
  q: Text.optional().describe('Only ids that contain this, in any case.'),
  tag: Text.optional(),
  state: z.enum(['active', 'paused', 'failed', 'running', 'broken']).optional(),
  after: Name.optional().describe('Only ids behind this one; for who has no cursor.'),
  inactive: Flag.default(false).describe('Also those that no bundle has.'),
});

export const RunBar = z
  .object({
    runId: z.string(),
    state: RunState,
    kind: z.string(),
    startedAt: Time.nullable(),
    endedAt: Time.nullable(),
  })
  .meta({ id: 'RunBar', description: 'One of the last runs, for a bar: newest first.' });

export const DagSummary = z
  .object({
    dagId: z.string(),
    description: z.string().nullable(),
    owner: z.string().nullable(),
    tags: z.array(z.string()),
    paused: z.boolean(),
    active: z.boolean().describe('False: no bundle has it any more.'),
    managedBy: z.string(),
    source: z.string().nullable().describe('Its file.'),
    schedule: z.string().nullable().describe('In words, such as `0 6 * * *`; null: by hand only.'),
    scheduleSpec: AnyJson.describe('As it is in the plan.'),
    scheduleError: z.string().nullable(),
    timezone: z.string(),
    nextLogicalDate: Time.nullable(),
    nextRunAt: Time.nullable(),
    activeRuns: z.int(),
    activeTasks: z.int(),
    trouble: z.string().nullable().describe('Its file does not build, or its schedule is broken.'),
    isBroken: z.boolean().describe('Its file does not build; the last good version goes on.'),
    lastRuns: z.array(RunBar),
  })
  .meta({ id: 'DagSummary' });

export const DagPage = pageOf(DagSummary).meta({ id: 'DagPage' });

export const BuildTrouble = z
  .object({
    file: z.string(),
    line: z.int().nullable(),
    column: z.int().nullable(),
    code: z.string().nullable(),
    problem: z.string(),
    remedy: z.string().nullable(),
  })
  .meta({ id: 'BuildTrouble' });

export const Dag = DagSummary.extend({
  version: z.int().describe('The version that new runs start on.'),
  hash: z.string(),
  bundleId: z.string().nullable().describe('Code of this version; null: it has none.'),
  versionCreatedAt: Time,
  startDate: z.string().nullable(),
  endDate: z.string().nullable(),
  catchup: z.boolean(),
  maxActiveRuns: z.int(),
  maxActiveTasks: z.int(),
  runTimeout: z.number().nullable().describe('Seconds.'),
  failFast: z.boolean(),
  params: AnyJson.describe('JSON Schema (draft 2020-12) of the params of a run.'),
  tasks: z.int().describe('Number of its tasks.'),
  buildErrors: z.array(BuildTrouble),
  now: Time.describe('Clock of the database when this was so.'),
}).meta({ id: 'Dag' });
