/** Messages of GET /events. */
import { z } from 'zod';
import { RunState } from './dags.ts';

export const Change = z
  .object({
    runs: z
      .array(z.object({ dagId: z.string(), runId: z.string(), state: RunState }))
      .describe('The run or something in it is different.'),
    dags: z.array(z.string()).describe('Paused, registered anew, another next run.'),
    workers: z.boolean(),
    pools: z.boolean(),
    buildErrors: z.boolean(),
  })
  .meta({ id: 'Change' });
export type Change = z.infer<typeof Change>;
