/** What the API tells of versions of a DAG, and of its runs over time. */
import { z } from 'zod';
import { AnyJson, RunState, Time } from './dags.ts';
import { DagPath, Name, Text, VersionNumber } from './ids.ts';
import { PageQuery, pageOf } from './page.ts';

export const VersionListQuery = PageQuery;
export const VersionPath = DagPath.extend({ version: VersionNumber });
export const DiffPath = DagPath.extend({ from: VersionNumber, to: VersionNumber });
/** Where a file comes from; two of different origin may have one path. */
export const FILE_ORIGINS = ['source', 'script', 'bundle'] as const;
const FileOrigin = z
  .enum(FILE_ORIGINS)
  .describe('What people wrote, a script of a task, or the bundle that workers get.');
export const FileQuery = z.object({ path: Text, origin: FileOrigin.default('bundle') });

export const VersionSummary = z
  .object({
    version: z.int().describe('Each DAG counts its own: 1, 2, 3.'),
    hash: z.string(),
    createdAt: Time,
    isCurrent: z.boolean(),
    tasks: z.int(),
  })
  .meta({ id: 'VersionSummary' });
export const VersionPage = pageOf(VersionSummary).meta({ id: 'VersionPage' });

export const Version = VersionSummary.extend({
  plan: AnyJson.describe('Without its tasks.'),
  taskList: z.array(AnyJson).describe('Tasks of the plan, in order.'),
  files: z
    .array(z.object({ path: z.string(), bytes: z.int(), origin: FileOrigin }))
    .describe('The DAG file first, where it is known.'),
}).meta({ id: 'Version' });

export const VersionFile = z
  .object({
    path: z.string(),
    bytes: z.int(),
    text: z.string().nullable().describe('Null: no text, or longer than 1 MB.'),
  })
  .meta({ id: 'VersionFile' });

export const Diff = z
  .object({
    from: z.int(),
    to: z.int(),
    changes: z.array(z.string()).describe('In words.'),
    plan: z.object({ before: AnyJson, after: AnyJson }),
    tasks: z.array(
      z.object({
        taskId: z.string(),
        kind: z.enum(['added', 'removed', 'changed']),
        before: AnyJson,
        after: AnyJson,
      }),
    ),
    files: z.array(
      z.object({
        path: z.string(),
        origin: FileOrigin,
        kind: z.enum(['added', 'removed', 'changed']),
      }),
    ),
  })
  .meta({ id: 'Diff' });

export const CalendarQuery = z.object({
  year: z.coerce.number().int().min(1970).max(9999).optional().describe('Default: this year.'),
});
export const Calendar = z
  .object({
    year: z.int(),
    timezone: z.string().describe('Days are those of the DAG.'),
    days: z.array(
      z.object({
        day: z.string().describe('2026-01-31'),
        queued: z.int(),
        running: z.int(),
        success: z.int(),
        failed: z.int(),
      }),
    ),
  })
  .meta({ id: 'Calendar' });

export const DurationsQuery = z.object({
  runs: z.coerce.number().int().min(1).max(500).default(60),
  taskId: Name.optional().describe('Of this task in each run; else of the run as a whole.'),
});
export const Durations = z
  .object({
    runs: z
      .array(
        z.object({
          runId: z.string(),
          state: RunState,
          startedAt: Time.nullable(),
          waited: z.number().nullable().describe('Seconds until it began.'),
          took: z.number().nullable().describe('Seconds; of a mapped task, the longest instance.'),
        }),
      )
      .describe('Ended ones, oldest first.'),
    tasks: z
      .array(z.object({ taskId: z.string(), median: z.number(), most: z.number(), runs: z.int() }))
      .describe('Seconds of each task over these runs, slowest first; empty with `taskId`.'),
  })
  .meta({ id: 'Durations' });
