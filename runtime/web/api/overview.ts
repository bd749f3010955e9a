/** GET /overview: the home page in one answer. */
import type { FastifyInstance } from 'fastify';
import type { z } from 'zod';
import type { Database } from '../../database/pool.ts';
import { readHealth } from '../../database/queries/readHealth.ts';
import { type Load, readLoad } from '../../database/queries/readLoad.ts';
import { readOverview } from '../../database/queries/web/readOverview.ts';
import { type Visible, visible } from '../../../src/model/access.ts';
import { healthAnswer } from './health.ts';
import { type ApiContext, route } from './route.ts';
import { runSummary } from './runs.ts';
import { Overview } from './schema/overview.ts';
import { utc } from './times.ts';

export function serveOverview(api: FastifyInstance, context: ApiContext): void {
  const { database } = context;
  route(api, context, {
    method: 'GET',
    path: '/overview',
    id: 'getOverview',
    summary: 'How the installation is',
    tag: 'Platform',
    right: 'signedIn',
    somewhere: 'view',
    answer: Overview,
    handle: ({ identity }) => overviewOf(database, visible(identity)),
  });
}

async function overviewOf(database: Database, seen: Visible): Promise<z.input<typeof Overview>> {
  const [rows, load, health] = await Promise.all([
    readOverview(database, seen),
    readLoad(database),
    readHealth(database),
  ]);
  const { status, schedulers, troubles } = healthAnswer(health, '');
  const ended = (state: 'success' | 'failed') =>
    rows.hours.reduce((sum, hour) => sum + hour[state], 0);
  const { queued, running } = rows;
  return {
    health: {
      status,
      schedulers: schedulers?.alive ?? 0,
      buildErrors: troubles?.buildErrors ?? 0,
      scheduleErrors: troubles?.scheduleErrors ?? 0,
    },
    dags: rows.dags,
    runs: { queued, running, success: ended('success'), failed: ended('failed') },
    tasks: { scheduled: rows.scheduled, ...taskCounts(load) },
    hours: rows.hours.map((hour) => ({ ...hour, at: utc(hour.at) })),
    active: rows.active.map(runSummary),
    failed: rows.failed.map(runSummary),
    pools: load.pools,
    executors: executorsOf(load),
  };
}

function taskCounts({ queued, active }: Load) {
  const at = (wanted: string) =>
    active.reduce((sum, { state, tasks }) => sum + (state === wanted ? tasks : 0), 0);
  return {
    queued: queued.reduce((sum, { tasks }) => sum + tasks, 0),
    launching: at('launching'),
    running: at('running'),
  };
}

function executorsOf({ queued, active, workers }: Load) {
  const rows = [...workers, ...queued, ...active];
  return [...new Set(rows.map(({ executor }) => executor))].sort().map((name) => {
    const staff = workers.find(({ executor }) => executor === name);
    const waiting = queued.find(({ executor }) => executor === name);
    return {
      name,
      workers: staff?.workers ?? 0,
      slots: staff?.slots ?? 0,
      active: active.reduce((sum, row) => sum + (row.executor === name ? row.tasks : 0), 0),
      queued: waiting?.tasks ?? 0,
      queuedSeconds: waiting?.seconds ?? 0,
    };
  });
}
