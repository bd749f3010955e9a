/** What the API takes and answers when something is to be changed. */
import { z } from 'zod';
import { POOL_NAME } from '../../../commands/pools.ts';
import { VARIABLE_KEY } from '../../../commands/variables.ts';
import { AnyJson, RunState, TaskState, Time } from './dags.ts';
import { Name, Text } from './ids.ts';

const Tasks = z.array(Name).max(10_000);
const MapIndex = z.int().min(-1).max(1_000_000);

export const DagChange = z.object({ paused: z.boolean() });
export const DagChanged = z.object({ changed: z.boolean().describe('False: it was so already.') });

export const TriggerHeaders = z.object({
  'idempotency-key': Text.optional().describe(
    'The same key with the same request answers with the run that was made, for a day.',
  ),
  traceparent: z
    .string()
    .optional()
    .describe('W3C Trace Context: the trace of the run links to the span of who asks.'),
});
export const Trigger = z
  .object({
    params: AnyJson.optional().describe(
      'By the schema of the DAG; missing ones take their defaults.',
    ),
    logicalDate: z.string().max(100).optional().describe('ISO 8601 with time; default now.'),
    runId: Name.optional().describe('Default `manual__` and the logical date.'),
    note: z.string().max(2_000).optional(),
  })
  .strict();
export const Triggered = z.object({ id: z.int(), dagId: z.string(), runId: z.string() });

export const Backfill = z
  .object({
    from: z.string().max(100).describe('ISO 8601: the first logical date.'),
    to: z.string().max(100).describe('The last one, included.'),
    reverse: z.boolean().default(false),
    reprocess: z.enum(['none', 'failed', 'all']).default('none'),
    maxActiveRuns: z.int().min(1).max(1_000).default(4),
    params: AnyJson.optional(),
    dryRun: z.boolean().default(false).describe('Only says what would be done.'),
  })
  .strict();
export const BackfillAnswer = z
  .object({
    id: z.int().nullable().describe('Null: nothing was done.'),
    counts: z.object({ create: z.int(), rerun: z.int(), skip: z.int() }),
    steps: z
      .array(
        z.object({
          logicalDate: Time,
          action: z.enum(['create', 'rerun', 'skip']),
          runId: z.string().nullable(),
        }),
      )
      .describe('The first 1,000.'),
  })
  .meta({ id: 'BackfillAnswer' });

export const Clear = z
  .object({
    tasks: Tasks.default([]).describe('None: all of the run.'),
    mapIndex: MapIndex.optional(),
    upstream: z.boolean().default(false),
    downstream: z.boolean().default(false),
    onlyFailed: z.boolean().default(false),
    latest: z.boolean().default(false).describe('On the newest version of the DAG.'),
    dryRun: z.boolean().default(false).describe('Only says what would run again.'),
  })
  .strict();
export const Cleared = z.object({
  state: RunState,
  count: z.int(),
  tasks: z
    .array(z.object({ taskId: z.string(), mapIndex: z.int(), state: TaskState }))
    .describe('The first 1,000, as they were before.'),
});

export const Mark = z
  .object({
    state: z.enum(['success', 'failed']),
    tasks: Tasks.default([]).describe('None: the run itself.'),
    mapIndex: MapIndex.optional(),
  })
  .strict();
export const RunChanged = z.object({ state: RunState });

export const TaskChange = z
  .object({
    priority: z.int().min(-1_000_000).max(1_000_000).optional(),
    pool: z.string().regex(POOL_NAME).optional(),
  })
  .strict()
  .refine((change) => Object.keys(change).length > 0, 'says nothing to change')
  .meta({ minProperties: 1 });

export const PoolPath = z.object({ name: z.string().regex(POOL_NAME) });
export const PoolChange = z
  .object({
    slots: z.int().min(0).max(1_000_000),
    description: z.string().max(1_000).nullish(),
  })
  .strict();
export const PoolChanged = z.object({ made: z.boolean().describe('False: it was there.') });

export const VariablePath = z.object({
  key: Name.refine((key) => VARIABLE_KEY.test(key), 'has spaces or control characters'),
});
export const VariableChange = z
  .object({ value: AnyJson, description: z.string().max(1_000).nullish() })
  .strict();
