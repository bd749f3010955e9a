/** The home page: how the installation is, what runs and failed, where work waits. */
import { z } from 'zod';
import { Time } from './dags.ts';
import { RunSummary } from './runs.ts';

export const Overview = z
  .object({
    health: z.object({
      status: z.enum(['healthy', 'unhealthy']),
      schedulers: z.int(),
      buildErrors: z.int(),
      scheduleErrors: z.int(),
    }),
    dags: z.object({ total: z.int(), paused: z.int(), broken: z.int() }),
    runs: z
      .object({ queued: z.int(), running: z.int(), success: z.int(), failed: z.int() })
      .describe('Open ones now, ended ones of the last 24 hours; counting stops at 10,000 each.'),
    tasks: z
      .object({ scheduled: z.int(), queued: z.int(), launching: z.int(), running: z.int() })
      .describe('Of the whole installation; counting stops at 10,000 each.'),
    hours: z
      .array(z.object({ at: Time, success: z.int(), failed: z.int() }))
      .describe('Runs that ended in each of the last 24 hours, oldest first.'),
    active: z.array(RunSummary).describe('The 20 that have run for longest, then queued ones.'),
    failed: z.array(RunSummary).describe('The last 20 of the last 24 hours, newest first.'),
    pools: z.array(z.object({ name: z.string(), slots: z.int(), used: z.int() })),
    executors: z.array(
      z.object({
        name: z.string(),
        workers: z.int(),
        slots: z.int(),
        active: z.int(),
        queued: z.int(),
        queuedSeconds: z.number().describe('How long the first has waited.'),
      }),
    ),
  })
  .meta({ id: 'Overview' });
