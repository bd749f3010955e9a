/** The runs of a DAG over time: a calendar of a year, and how long runs and tasks took. */
import type { FastifyInstance } from 'fastify';
import { readCalendar } from '../../database/queries/web/readCalendar.ts';
import {
  readDurationsOfTask,
  readRunDurations,
  readTaskDurations,
} from '../../database/queries/web/readDurations.ts';
import { type ApiContext, route } from './route.ts';
import { Calendar, CalendarQuery, Durations, DurationsQuery } from './schema/history.ts';
import { DagPath } from './schema/ids.ts';
import { utc } from './times.ts';

export function serveCharts(api: FastifyInstance, context: ApiContext): void {
  const { database } = context;
  route(api, context, {
    method: 'GET',
    path: '/dags/:dagId/calendar',
    id: 'getCalendar',
    summary: 'Runs of a year, by day',
    tag: 'DAGs',
    right: 'view',
    params: DagPath,
    query: CalendarQuery,
    answer: Calendar,
    async handle({ params, query }) {
      const year = query.year ?? new Date().getUTCFullYear();
      return { year, ...(await readCalendar(database, params.dagId, year)) };
    },
  });

  route(api, context, {
    method: 'GET',
    path: '/dags/:dagId/durations',
    id: 'getDurations',
    summary: 'How long the last runs and their tasks took',
    tag: 'DAGs',
    right: 'view',
    params: DagPath,
    query: DurationsQuery,
    answer: Durations,
    async handle({ params: { dagId }, query: { runs: limit, taskId } }) {
      const runs = (await readRunDurations(database, dagId, limit)).reverse();
      const ids = runs.map(({ id }) => id);
      if (taskId === undefined) {
        const tasks = await readTaskDurations(database, ids);
        return { runs: runs.map(answerOf), tasks };
      }
      const found = await readDurationsOfTask(database, ids, taskId);
      const byRun = new Map(found.map((row) => [row.id, row]));
      const rows = runs.flatMap((run) => {
        const task = byRun.get(run.id);
        return task ? [answerOf({ ...run, ...task })] : [];
      });
      return { runs: rows, tasks: [] };
    },
  });
}

function answerOf<Row extends { id: number; startedAt: Date | null }>({
  id: _id,
  startedAt,
  ...row
}: Row) {
  return { ...row, startedAt: utc(startedAt) };
}
