/** DAGs of an installation behind a webserver. */
import { randomUUID } from 'node:crypto';
import type { JsonObject, Plan, PlanTask, Schedule } from '../../../src/plan/plan.ts';
import type { BackfillOptions } from '../../commands/backfill.ts';
import type { DagListRow } from '../../database/queries/readDags.ts';
import type { Schemas } from '../../web/client/client.ts';
import type { BackfillPlan, Dags, DagView } from '../installation.ts';
import { orNothing, pages, time, told } from './answers.ts';
import type { Connection } from './connection.ts';
import { follow } from './follow.ts';

/** As many as find.ts looks through for what was meant. */
const MOST_IDS = 20_000;
/** For who follows runs of a DAG and is told of no change. */
const LOOK_MS = 2_000;

export function remoteDags(connection: Connection): Dags {
  const { api } = connection;
  const version = (dagId: string, version: number) =>
    told(
      api.GET('/api/v1/dags/{dagId}/versions/{version}', { params: { path: { dagId, version } } }),
    );
  const backfill = async (dagId: string, options: BackfillOptions, dryRun: boolean) => {
    const { actor: _, ...wishes } = options;
    const body = { ...wishes, dryRun };
    const params = { path: { dagId } };
    const answer = await told(api.POST('/api/v1/dags/{dagId}/backfills', { params, body }));
    return { ...planOf(answer), id: answer.id ?? 0 };
  };
  return {
    async list({ tag, paused, inactive, after, limit }) {
      const query = {
        ...{ tag, after },
        ...(paused && { state: 'paused' as const }),
        ...(inactive && { inactive: 'true' as const }),
      };
      const items = await pages(limit, (page) =>
        told(api.GET('/api/v1/dags', { params: { query: { ...query, ...page } } })),
      );
      return items.map(rowOf);
    },
    async ids() {
      const items = await pages(MOST_IDS, (query) =>
        told(api.GET('/api/v1/dags', { params: { query } })),
      );
      return items.map(({ dagId }) => dagId);
    },
    async find(dagId) {
      const params = { path: { dagId } };
      const dag = await orNothing(told(api.GET('/api/v1/dags/{dagId}', { params })));
      return dag && detailsOf(dag, (await version(dagId, dag.version)).plan);
    },
    planTasks: async (of) => (await version(of.dagId, of.version)).taskList as PlanTask[],
    async setPaused(dagId, paused) {
      const params = { path: { dagId } };
      return (await told(api.PATCH('/api/v1/dags/{dagId}', { params, body: { paused } }))).changed;
    },
    async trigger(dagId, body) {
      const params = { path: { dagId }, header: { 'idempotency-key': randomUUID() } };
      const { id, runId } = await told(api.POST('/api/v1/dags/{dagId}/runs', { params, body }));
      return { id, runId };
    },
    schedulers: async () => (await told(api.GET('/api/v1/overview'))).health.schedulers,
    planBackfill: async (dagId, options) => {
      const { counts, steps } = await backfill(dagId, options, true);
      return { counts, steps };
    },
    createBackfill: (dagId, options) => backfill(dagId, options, false),
    async backfill({ dagId, id }) {
      const params = { path: { dagId, id } };
      const found = await told(api.GET('/api/v1/dags/{dagId}/backfills/{id}', { params }));
      const { from, to, reverse, reprocess, maxActiveRuns } = found;
      return {
        ...{ id, dagId, from: time(from), to: time(to), reverse, reprocess, maxActiveRuns },
        params: found.params as JsonObject,
        createdAt: time(found.createdAt),
        endedAt: time(found.endedAt),
        states: found.counts,
      };
    },
    follow: (dagId, signal) =>
      follow(connection, {
        concerns: ({ runs }) => runs.some((run) => run.dagId === dagId),
        lookMs: LOOK_MS,
        signal,
      }),
  };
}

/** In the order of the columns that the database is asked for: that is the order of JSON. */
function rowOf(dag: Schemas['DagSummary']): DagListRow {
  const { dagId, paused, active, managedBy, source, scheduleError, timezone, tags } = dag;
  const { description, owner, activeRuns, activeTasks } = dag;
  const [last] = dag.lastRuns;
  return {
    ...{ dagId, paused, active, managedBy, source, scheduleError },
    nextLogicalDate: time(dag.nextLogicalDate),
    nextRunAt: time(dag.nextRunAt),
    schedule: dag.scheduleSpec as Schedule,
    ...{ timezone, tags, description, owner, activeRuns, activeTasks },
    lastRun: last?.runId ?? null,
    lastState: last?.state ?? null,
    lastEndedAt: time(last?.endedAt ?? null),
    broken: dag.isBroken,
  };
}

function detailsOf(dag: Schemas['Dag'], plan: unknown): DagView {
  const { dagId, paused, active, managedBy, source, hash, bundleId, scheduleError } = dag;
  const { activeRuns, activeTasks } = dag;
  return {
    ...{ dagId, paused, active, managedBy, source },
    version: dag.version,
    ...{ hash, bundleId },
    versionCreatedAt: time(dag.versionCreatedAt),
    nextLogicalDate: time(dag.nextLogicalDate),
    nextRunAt: time(dag.nextRunAt),
    ...{ scheduleError, activeRuns, activeTasks },
    plan: plan as Omit<Plan, 'tasks'> & { params: JsonObject },
    buildErrors: dag.buildErrors.map(({ file, line, column, code, problem, remedy }) => ({
      ...{ source: source ?? '', file, line, column },
      ...{ code: code ?? '', message: problem, remedy: remedy ?? '' },
    })),
    now: time(dag.now),
  };
}

function planOf({ counts, steps }: Schemas['BackfillAnswer']): BackfillPlan {
  return {
    counts,
    steps: steps.map(({ logicalDate, action, runId }) => ({
      logicalDate: time(logicalDate),
      action,
      ...(runId !== null && { runId }),
    })),
  };
}
