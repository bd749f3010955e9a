/** What the API tells everybody: whether the installation works. Names no hosts. */
import { z } from 'zod';

const Status = z.enum(['healthy', 'unhealthy']);

export const HealthAnswer = z
  .object({
    status: Status.describe('`unhealthy` when nothing would be scheduled.'),
    version: z.string().describe('Of this webserver.'),
    database: z.object({
      status: Status,
      schema: z.string().optional(),
      reason: z.string().optional(),
    }),
    schedulers: z
      .object({
        status: Status,
        alive: z.int(),
        latestHeartbeat: z.string().nullable().describe('ISO 8601; null when none is alive.'),
        versions: z.array(z.string()),
      })
      .optional(),
    executors: z
      .array(z.object({ name: z.string(), workers: z.int(), slots: z.int() }))
      .optional()
      .describe('Who can start attempts: `local`, `kubernetes`, `pool:NAME`.'),
    troubles: z
      .object({ buildErrors: z.int(), scheduleErrors: z.int() })
      .optional()
      .describe('DAG files that do not build, and DAGs whose schedule cannot be computed.'),
  })
  .meta({ id: 'Health' });
export type HealthAnswer = z.infer<typeof HealthAnswer>;
