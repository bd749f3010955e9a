/** What people do to a DAG: pause it, start a run, backfill. Each is a command with its audit row. */
import type { FastifyInstance } from 'fastify';
import { type BackfillStep, createBackfill, planBackfill } from '../../commands/backfill.ts';
import { setPaused } from '../../commands/pause.ts';
import { triggerRun } from '../../commands/trigger.ts';
import { type ApiContext, route } from './route.ts';
import * as schema from './schema/actions.ts';
import { DagPath } from './schema/ids.ts';
import { utc } from './times.ts';

const MOST_STEPS = 1_000;
const tag = 'Actions';

export function serveDagChanges(api: FastifyInstance, context: ApiContext): void {
  const { database } = context;
  route(api, context, {
    method: 'PATCH',
    path: '/dags/:dagId',
    id: 'changeDag',
    summary: 'Pause a DAG, or let it go on',
    tag,
    right: 'operate',
    params: DagPath,
    body: schema.DagChange,
    answer: schema.DagChanged,
    async handle({ params: { dagId }, body: { paused }, identity }) {
      return { changed: await setPaused(database, dagId, paused, identity.name) };
    },
  });

  route(api, context, {
    method: 'POST',
    path: '/dags/:dagId/runs',
    id: 'triggerRun',
    summary: 'Start a run',
    tag,
    right: 'operate',
    params: DagPath,
    headers: schema.TriggerHeaders,
    body: schema.Trigger,
    answer: schema.Triggered,
    async handle({ params: { dagId }, headers, body, identity }) {
      const requestKey = headers['idempotency-key'];
      const made = await triggerRun(database, dagId, {
        ...body,
        requestKey,
        traceparent: headers.traceparent,
        actor: identity.name,
      });
      return { ...made, dagId };
    },
  });

  route(api, context, {
    method: 'POST',
    path: '/dags/:dagId/backfills',
    id: 'createBackfill',
    summary: 'Run a DAG for every tick of a range, or say what that would do',
    tag,
    right: 'operate',
    params: DagPath,
    body: schema.Backfill,
    answer: schema.BackfillAnswer,
    async handle({ params: { dagId }, body: { dryRun, ...options }, identity }) {
      if (dryRun) return answer(null, await planBackfill(database, dagId, options));
      const made = await createBackfill(database, dagId, { ...options, actor: identity.name });
      return answer(made.id, made.steps);
    },
  });
}

function answer(id: number | null, steps: BackfillStep[]) {
  const counts = { create: 0, rerun: 0, skip: 0 };
  for (const { action } of steps) counts[action] += 1;
  return {
    id,
    counts,
    steps: steps.slice(0, MOST_STEPS).map(({ logicalDate, action, runId }) => ({
      logicalDate: utc(logicalDate),
      action,
      runId: runId ?? null,
    })),
  };
}
