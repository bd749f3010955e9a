/**
 * Whether JSON is a plan (src/plan/plan.ts), whoever wrote it: its hash says that it is whole and not that a compiler of
 * ours made it. What the scheduler relies on is looked at; configs of operators are theirs. Called by readBuild.ts.
 */
import { z } from 'zod';
import { CAUSES, type Cause } from '../../src/model/causes.ts';
import { TRIGGER_RULES } from '../../src/model/triggerRules.ts';
import { parseCron } from '../../src/plan/cron.ts';
import { idProblem } from '../../src/plan/ids.ts';
import { type JsonObject, type Plan, PLAN_FORMAT } from '../../src/plan/plan.ts';
import { isTimezone } from '../../src/plan/zone.ts';

const MOST_NUMBER = 2 ** 31 - 1;

const whole = (least: number) => z.int().min(least).max(MOST_NUMBER);
const seconds = z.number().min(0).max(MOST_NUMBER);
const text = z.string();
const texts = z.array(text);
const id = text.refine((one) => idProblem(one) === undefined, 'is no id');
const instant = text.refine((one) => Number.isFinite(Date.parse(one)), 'is no time');
/** Any, of JSON.parse; how deep it is, depthProblem was asked before. */
const object = z.custom<JsonObject>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'is no object',
);

const Schedule = z.discriminatedUnion('kind', [
  z.object({ kind: z.enum(['none', 'once', 'continuous']) }),
  z.object({ kind: z.literal('cron'), cron: text.refine(isCron, 'is no cron expression') }),
  z.object({ kind: z.literal('interval'), seconds: seconds.gt(0) }),
]);

const Notification = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('webhook'),
    url: text,
    headers: z.record(text, text).optional(),
  }),
  z.object({
    kind: z.literal('email'),
    connection: text,
    to: texts,
    subject: text.optional(),
  }),
]);
const Callbacks = z.partialRecord(
  z.enum(['success', 'failure', 'retry', 'skip']),
  z.array(Notification),
);

const XComRef = z.object({
  kind: z.literal('xcom'),
  task: id,
  key: text,
  path: texts.optional(),
  mapped: z.boolean().optional(),
  optional: z.boolean().optional(),
});
const Input = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('literal'), value: z.json() }),
  XComRef,
  z.object({ kind: z.literal('map'), key: text, path: texts.optional() }),
  z.object({ kind: z.literal('param'), name: text }),
]);

const Retries = z.object({
  max: whole(0),
  delay: seconds,
  factor: z.number().min(0).max(MOST_NUMBER),
  maxDelay: seconds,
  jitter: z.number().min(0).max(1),
  rules: z.array(
    z.object({
      causes: z.array(z.enum(Object.keys(CAUSES) as [Cause, ...Cause[]])),
      exitCodes: z.array(z.int()).optional(),
      action: z.enum(['retry', 'fail', 'skip']),
      delay: seconds.optional(),
    }),
  ),
  infrastructure: whole(0),
});

const Task = z.object({
  id,
  group: id.optional(),
  description: text.optional(),
  operator: text.min(1),
  operatorModule: text.optional(),
  config: object,
  templates: z.literal(false).optional(),
  inputs: z.record(text, Input),
  references: z.object({ xcoms: z.array(XComRef), variables: texts, connections: texts }),
  upstream: z.array(id),
  triggerRule: z.enum(TRIGGER_RULES),
  env: z.record(text, text),
  retries: Retries,
  executionTimeout: seconds.optional(),
  pool: text.min(1),
  poolSlots: whole(0),
  priority: z.int().min(-MOST_NUMBER).max(MOST_NUMBER),
  dependsOnPast: z.boolean(),
  maxActivePerDag: whole(1).optional(),
  maxActivePerRun: whole(1).optional(),
  executor: text.min(1),
  pod: object.optional(),
  map: z
    .object({
      over: z.record(
        text,
        z.union([z.object({ kind: z.literal('literal'), value: z.array(z.json()) }), XComRef]),
      ),
      order: texts.optional(),
      combine: z.enum(['product', 'zip']),
      maxLength: whole(0),
    })
    .optional(),
  sensor: z
    .object({
      mode: z.enum(['poke', 'time', 'external_run']),
      interval: seconds,
      timeout: seconds,
      softFail: z.boolean(),
    })
    .optional(),
  flow: z.enum(['branch', 'short_circuit']).optional(),
  inlets: texts.optional(),
  outlets: texts.optional(),
  setup: z.boolean(),
  teardownOf: z.array(id).optional(),
  teardownFailsRun: z.boolean().optional(),
  callbacks: Callbacks,
});

const Shape: z.ZodType<Omit<Plan, 'tasks'> & { tasks: unknown[] }> = z.object({
  format: z.literal(PLAN_FORMAT),
  dagId: id,
  description: text.optional(),
  owner: text.optional(),
  tags: texts,
  schedule: Schedule,
  timezone: text.refine(isTimezone, 'is no time zone'),
  startDate: instant.optional(),
  endDate: instant.optional(),
  catchup: z.boolean(),
  maxActiveRuns: whole(1),
  maxActiveTasks: whole(1),
  runTimeout: seconds.optional(),
  failFast: z.boolean(),
  params: object,
  callbacks: Callbacks,
  groups: z.array(z.object({ id, label: text.optional() })),
  tasks: z.array(Task).superRefine(inOrder),
});

/** Words for the first thing that is wrong; undefined for a plan. */
export function planProblem(plan: unknown): string | undefined {
  const [issue] = Shape.safeParse(plan).error?.issues ?? [];
  return issue && `${issue.path.join('.') || 'it'}: ${issue.message}`;
}

/** Each task once, and behind all that it waits for: so there is no circle. */
function inOrder(tasks: readonly { id: string; upstream: string[] }[], context: z.RefinementCtx) {
  const before = new Set<string>();
  for (const [index, { id, upstream }] of tasks.entries()) {
    const at = (message: string) => context.addIssue({ code: 'custom', path: [index], message });
    if (before.has(id)) at(`the task ${id} is there twice`);
    const missing = upstream.find((one) => !before.has(one));
    if (missing !== undefined) at(`the task ${missing} does not stand before ${id}`);
    before.add(id);
  }
}

function isCron(expression: string): boolean {
  try {
    parseCron(expression);
    return true;
  } catch {
    return false;
  }
}
