/** What the API tells of DAGs. Times are ISO 8601 in UTC. */
import { z } from 'zod';
import { RUN_STATES } from '../../../../src/model/states.ts';
import { PageQuery, pageOf } from './page.ts';

export const Time = z.iso.datetime().describe('ISO 8601, UTC.');
export const DagPath = z.object({ dagId: z.string().min(1).max(200) });
export const RunState = z.enum(RUN_STATES);

export const DagListQuery = PageQuery.extend({
  q: z.string().max(200).optional().describe('Only ids that contain this, in any case.'),
  tag: z.string().max(200).optional(),
  state: z.enum(['active', 'paused', 'failed', 'running', 'broken']).optional(),
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
    schedule: z.string().nullable().describe('In words, such as `0 6 * * *`; null: by hand only.'),
    timezone: z.string(),
    nextRunAt: Time.nullable(),
    activeRuns: z.int(),
    activeTasks: z.int(),
    trouble: z.string().nullable().describe('Its file does not build, or its schedule is broken.'),
    lastRuns: z.array(RunBar),
  })
  .meta({ id: 'DagSummary' });

export const DagPage = pageOf(DagSummary).meta({ id: 'DagPage' });
