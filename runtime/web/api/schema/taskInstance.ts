/** What the API tells of one task instance: attempts, where its pod is, outputs, and the task as it was written. */
import { z } from 'zod';
import { AnyJson, Time } from './dags.ts';
import { TaskSummary } from './runs.ts';

export const Pod = z
  .object({
    cluster: z.string(),
    namespace: z.string(),
    name: z.string(),
    node: z.string().nullable(),
    uid: z.string().nullable(),
    image: z.string().nullable(),
    waiting: z.string().nullable().describe('What it waits for, in words.'),
  })
  .meta({ id: 'Pod' });

export const Attempt = z
  .object({
    number: z.int(),
    state: z.string(),
    executor: z.string(),
    host: z.string().nullable(),
    worker: z.string().nullable(),
    looks: z.int().describe('Of a sensor: how often it looked.'),
    launchedAt: Time,
    startedAt: Time.nullable(),
    endedAt: Time.nullable(),
    cause: z.string().nullable(),
    causeWords: z.string().nullable(),
    isInfrastructure: z.boolean().describe('The cause spends no try of the task.'),
    exitCode: z.int().nullable(),
    message: z.string().nullable(),
    logBytes: z.int(),
    logSources: z.array(z.string()).describe('`task`, and containers beside it.'),
    pod: Pod.nullable(),
    facts: AnyJson.describe('All that the executor noted.'),
  })
  .meta({ id: 'Attempt' });

export const PodEvent = z
  .object({
    type: z.enum(['Normal', 'Warning']),
    reason: z.string(),
    message: z.string(),
    count: z.int(),
    at: z.string().describe('When it happened last.'),
    from: z.string().describe('Who tells it, such as kubelet.'),
  })
  .meta({ id: 'PodEvent' });

export const AttemptDetail = z
  .object({
    rendered: AnyJson.describe(
      'Config and environment with templates rendered, secrets hidden, long texts cut. Null: there was no template.',
    ),
    pod: AnyJson.describe('Manifest that was sent to the cluster. Null: it ran in no pod.'),
    events: z
      .array(PodEvent)
      .describe('Oldest first. They are kept of pods that waited long, failed or vanished.'),
  })
  .meta({ id: 'AttemptDetail' });

export const XCom = z
  .object({
    key: z.string(),
    bytes: z.int(),
    value: AnyJson.describe('Null where it is longer than 64 KB: its download has it whole.'),
    isLong: z.boolean(),
    createdAt: Time,
  })
  .meta({ id: 'XCom' });

export const XComDownloadQuery = z.object({
  key: z
    .string()
    .max(1000)
    .refine((text) => !text.includes('\0'), 'has a NUL')
    .default('return_value')
    .describe('`return_value` is what the task returned.'),
});

export const TaskInstance = TaskSummary.omit({ bars: true })
  .extend({
    dagId: z.string(),
    runId: z.string(),
    triggerRule: z.string().nullable(),
    upstream: z.array(z.string()),
    task: AnyJson.describe('The task in the plan, templates as they were written.'),
    attemptList: z.array(Attempt).describe('The last 50, newest first.'),
    xcoms: z.array(XCom),
  })
  .meta({ id: 'TaskInstance' });
