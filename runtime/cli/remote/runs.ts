/** Runs of an installation behind a webserver. */
import type { JsonObject } from '../../../src/plan/plan.ts';
import type { RunPageRow } from '../../database/queries/web/readRunPage.ts';
import type { Schemas } from '../../web/client/client.ts';
import type { ClearChoice, RunKey, Runs, RunView } from '../installation.ts';
import { orNothing, pages, time, told } from './answers.ts';
import type { Connection } from './connection.ts';
import { follow } from './follow.ts';

/** Words such as "waits: no scheduler is running" change without an event of the run. */
const LOOK_MS = 5_000;

export function remoteRuns(connection: Connection): Runs {
  const { api } = connection;
  const clear = async (run: RunKey, choice: ClearChoice, dryRun: boolean) => {
    const { latestVersion: latest, ...chosen } = choice;
    const body = { ...chosen, latest, dryRun };
    const path = '/api/v1/dags/{dagId}/runs/{runId}/clear';
    const { state, count, tasks } = await told(api.POST(path, { params: of(run), body }));
    return { state, count, instances: tasks };
  };
  return {
    async list({ limit, ...filters }) {
      const items = await pages(limit, (page) =>
        told(api.GET('/api/v1/runs', { params: { query: { ...filters, ...page } } })),
      );
      return items.map(rowOf);
    },
    async find(key) {
      const path = '/api/v1/dags/{dagId}/runs/{runId}';
      const run = await orNothing(told(api.GET(path, { params: of(key) })));
      return run && viewOf(run);
    },
    async cancel(run) {
      const path = '/api/v1/dags/{dagId}/runs/{runId}/cancel';
      return (await told(api.POST(path, { params: of(run) }))).state;
    },
    clear: (run, choice) => clear(run, choice, false),
    planClear: (run, choice) => clear(run, choice, true),
    async mark(run, body) {
      const path = '/api/v1/dags/{dagId}/runs/{runId}/mark';
      return (await told(api.POST(path, { params: of(run), body }))).state;
    },
    follow: ({ dagId, runId }, signal) =>
      follow(connection, {
        concerns: ({ runs, dags, workers }) =>
          workers ||
          dags.includes(dagId) ||
          runs.some((run) => run.dagId === dagId && run.runId === runId),
        lookMs: LOOK_MS,
        signal,
      }),
  };
}

function of({ dagId, runId }: RunKey) {
  return { path: { dagId, runId } };
}

/** In the order of the columns that the database is asked for: that is the order of JSON. */
function rowOf(run: Schemas['RunSummary']): RunPageRow {
  const { id, dagId, runId, kind, state, cause, note } = run;
  return {
    ...{ id, dagId, runId, kind, state, cause },
    logicalDate: time(run.logicalDate),
    createdAt: time(run.createdAt),
    startedAt: time(run.startedAt),
    endedAt: time(run.endedAt),
    note,
  };
}

function viewOf(run: Schemas['Run']): RunView {
  const { id, dagId, runId, kind, state, cause, note } = run;
  return {
    ...{ id, dagId, runId, kind, state },
    reason: run.reason ?? '',
    ...{ cause, note },
    params: run.params as JsonObject,
    logicalDate: time(run.logicalDate),
    intervalStart: time(run.intervalStart),
    intervalEnd: time(run.intervalEnd),
    createdAt: time(run.createdAt),
    startedAt: time(run.startedAt),
    endedAt: time(run.endedAt),
    version: run.version,
    isLatestVersion: run.isLatestVersion,
    backfillId: run.backfill,
    counts: run.counts,
    now: time(run.now),
  };
}
