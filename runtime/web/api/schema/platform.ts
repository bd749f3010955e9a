/** What the API tells of pools, variables, connections, workers, backfills, the audit log and build errors. */
import { z } from 'zod';
import { AnyJson, BuildTrouble, RunState, Time } from './dags.ts';
import { DagPath, Name, Text } from './ids.ts';
import { PageQuery, pageOf } from './page.ts';

export const PoolSummary = z
  .object({
    name: z.string(),
    slots: z.int(),
    used: z.int(),
    description: z.string().nullable(),
    waiting: z.int().describe('Task instances that wait for a slot; counting stops at 10,000.'),
  })
  .meta({ id: 'PoolSummary' });
export const PoolList = z.object({ items: z.array(PoolSummary) }).meta({ id: 'PoolList' });

export const VariableSummary = z
  .object({
    key: z.string(),
    description: z.string().nullable(),
    updatedAt: Time,
    value: AnyJson.optional().describe('Only for who may edit.'),
  })
  .meta({ id: 'VariableSummary' });
export const VariableListQuery = PageQuery.extend({
  key: Name.optional().describe('This one alone.'),
  after: Name.optional().describe('Only keys behind this one; for who has no cursor.'),
});
export const VariablePage = pageOf(VariableSummary).meta({ id: 'VariablePage' });

export const ConnectionSummary = z
  .object({
    id: z.string(),
    from: z
      .enum(['environment', 'file', 'tasks'])
      .describe('Where this process sees it; `tasks`: only tasks that declare it do.'),
    dags: z.array(z.string()).describe('DAGs with tasks that declare it: the first 20.'),
    dagCount: z.int(),
  })
  .meta({ id: 'ConnectionSummary' });
export const ConnectionList = z
  .object({ items: z.array(ConnectionSummary) })
  .meta({ id: 'ConnectionList' });

export const WorkerList = z
  .object({
    workers: z.array(
      z.object({
        id: z.string(),
        kind: z.enum(['scheduler', 'pool']),
        host: z.string(),
        pid: z.int(),
        executors: z.array(z.string()),
        slots: z.int(),
        active: z.int(),
        version: z.string().nullable(),
        startedAt: Time,
        heartbeatAt: Time,
        stoppedAt: Time.nullable(),
        health: z.enum(['alive', 'silent', 'stopped']),
      }),
    ),
    clusters: z
      .array(
        z.object({
          name: z.string(),
          namespaces: z.array(z.string()),
          pods: z.int().describe('At work by now; counting stops at 10,000.'),
          waiting: z.int().describe('Of these: not yet running.'),
          troubles: z.array(z.object({ reason: z.string(), pods: z.int() })),
        }),
      )
      .describe('Those in which attempts are at work.'),
  })
  .meta({ id: 'WorkerList' });

export const AuditQuery = PageQuery.extend({
  actor: Text.optional(),
  action: Text.optional(),
  subject: Text.optional().describe('Only subjects that begin with this.'),
  since: Time.optional(),
});
export const AuditPage = pageOf(
  z
    .object({
      id: z.int(),
      at: Time,
      actor: z.string(),
      action: z.string(),
      subject: z.string(),
      details: AnyJson,
    })
    .meta({ id: 'AuditEntry' }),
).meta({ id: 'AuditPage' });

export const BuildErrorList = z
  .object({
    items: z.array(
      z.object({
        source: z.string(),
        at: Time,
        errors: z.array(BuildTrouble),
        dags: z.array(z.string()).describe('Those whose last good version goes on.'),
      }),
    ),
  })
  .meta({ id: 'BuildErrorList' });

export const BackfillPath = DagPath.extend({
  id: z.coerce
    .number()
    .int()
    .min(1)
    .max(2 ** 50),
});
export const BackfillListQuery = PageQuery.extend({ dagId: Name.optional() });
export const BackfillSummary = z
  .object({
    id: z.int(),
    dagId: z.string(),
    from: Time,
    to: Time,
    reverse: z.boolean(),
    reprocess: z.enum(['none', 'failed', 'all']),
    maxActiveRuns: z.int(),
    params: AnyJson,
    createdAt: Time,
    endedAt: Time.nullable(),
    counts: z.partialRecord(RunState, z.int()),
  })
  .meta({ id: 'BackfillSummary' });
export const BackfillPage = pageOf(BackfillSummary).meta({ id: 'BackfillPage' });
