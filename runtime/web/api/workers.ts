/** GET /workers: schedulers, workers of pools, and the clusters in which attempts are at work. */
import type { FastifyInstance } from 'fastify';
import {
  type PodCountRow,
  readPodCounts,
  readWorkers,
} from '../../database/queries/web/readPlatform.ts';
import { type ApiContext, route } from './route.ts';
import { WorkerList } from './schema/platform.ts';
import { utc } from './times.ts';

export function serveWorkers(api: FastifyInstance, context: ApiContext): void {
  const { database } = context;
  route(api, context, {
    method: 'GET',
    path: '/workers',
    id: 'listWorkers',
    summary: 'Schedulers, workers and clusters, and how they are',
    tag: 'Platform',
    right: 'view',
    answer: WorkerList,
    async handle() {
      const [workers, pods] = await Promise.all([readWorkers(database), readPodCounts(database)]);
      return {
        workers: workers.map((worker) => ({
          ...worker,
          startedAt: utc(worker.startedAt),
          heartbeatAt: utc(worker.heartbeatAt),
          stoppedAt: utc(worker.stoppedAt),
        })),
        clusters: [...Map.groupBy(pods, ({ cluster }) => cluster)].map(clusterOf),
      };
    },
  });
}

function clusterOf([name, rows]: [string, PodCountRow[]]) {
  const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
  const troubles = new Map<string, number>();
  for (const { reason, pods } of rows) {
    if (reason !== null) troubles.set(reason, (troubles.get(reason) ?? 0) + pods);
  }
  return {
    name,
    namespaces: [...new Set(rows.map(({ namespace }) => namespace))],
    pods: sum(rows.map(({ pods }) => pods)),
    waiting: sum(rows.map(({ launching }) => launching)),
    troubles: [...troubles].map(([reason, pods]) => ({ reason, pods })),
  };
}
