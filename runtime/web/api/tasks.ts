/** Task instances of a run: pages with times for a timeline, all states in short, and one instance whole. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { PodlineError } from '../../../src/errors.ts';
import { weightiest } from '../../../src/model/weightiest.ts';
import { readCapacity } from '../../database/queries/readRun.ts';
import { readTaskCounts } from '../../database/queries/readRunTasks.ts';
import { readAttemptDetail } from '../../database/queries/web/readAttemptDetail.ts';
import { readLogSources } from '../../database/queries/web/readLogPage.ts';
import {
  readTaskAttempts,
  readTaskSpec,
  readXComs,
} from '../../database/queries/web/readTaskAttempts.ts';
import { readTaskPage, type TaskPageRow } from '../../database/queries/web/readTaskPage.ts';
import { readTaskStates } from '../../database/queries/web/readTaskStates.ts';
import { explainTask, type RunSituation } from '../../explain/explain.ts';
import { attemptAnswer } from './attempts.ts';
import { pageOfRows } from './cursors.ts';
import { attemptAt, runAt } from './find.ts';
import { type ApiContext, route } from './route.ts';
import { AttemptPath, RunPath, TaskPath } from './schema/ids.ts';
import { readCursor } from './schema/page.ts';
import { TaskListQuery, TaskPage, TaskStates, type TaskSummary } from './schema/runs.ts';
import { AttemptDetail, TaskInstance } from './schema/taskInstance.ts';
import { countsOf } from './taskStates.ts';
import { utc } from './times.ts';

const Place = z.object({ position: z.int(), taskId: z.string(), mapIndex: z.int() });

export function serveTasks(api: FastifyInstance, context: ApiContext): void {
  const { database } = context;
  route(api, context, {
    method: 'GET',
    path: '/dags/:dagId/runs/:runId/tasks',
    id: 'listTasks',
    summary: 'Task instances of a run, in the order of the plan',
    tag: 'Tasks',
    right: 'view',
    params: RunPath,
    query: TaskListQuery,
    answer: TaskPage,
    async handle({ params, query: { cursor, limit, ...filters } }) {
      const run = await runAt(database, params);
      const after = readCursor(cursor, Place);
      const [capacity, counts, rows] = await Promise.all([
        readCapacity(database),
        readTaskCounts(database, run.id),
        readTaskPage(database, run, { ...filters, after, limit: limit + 1 }),
      ]);
      const situation = { run, capacity, counts };
      return pageOfRows(
        rows,
        limit,
        (row) => taskSummary(row, situation),
        ({ position, taskId, mapIndex }) => ({ position, taskId, mapIndex }),
      );
    },
  });

  route(api, context, {
    method: 'GET',
    path: '/dags/:dagId/runs/:runId/states',
    id: 'getTaskStates',
    summary: 'States of all tasks of a run, in short',
    tag: 'Tasks',
    right: 'view',
    params: RunPath,
    answer: TaskStates,
    async handle({ params }) {
      const { id } = await runAt(database, params);
      const rows = Map.groupBy(await readTaskStates(database, [id]), ({ taskId }) => taskId);
      const tasks = [...rows].map(([taskId, states]) => {
        const total = states.reduce((sum, { count }) => sum + count, 0);
        const begun = states.flatMap(({ startedAt }) => startedAt ?? []).map(Number);
        const ended = states.map(({ endedAt }) => (endedAt === null ? null : Number(endedAt)));
        return {
          taskId,
          state: weightiest(states.map(({ state }) => state)) ?? 'removed',
          counts: total > 1 ? countsOf(states) : null,
          startedAt: begun.length === 0 ? null : utc(new Date(Math.min(...begun))),
          endedAt: ended.includes(null) ? null : utc(new Date(Math.max(...(ended as number[])))),
        };
      });
      return { tasks };
    },
  });

  route(api, context, {
    method: 'GET',
    path: '/dags/:dagId/runs/:runId/tasks/:taskId/:mapIndex',
    id: 'getTaskInstance',
    summary: 'One task instance: attempts, causes in words, pod, outputs',
    tag: 'Tasks',
    right: 'view',
    params: TaskPath,
    answer: TaskInstance,
    async handle({ params }) {
      const { dagId, taskId, mapIndex } = params;
      const run = await runAt(database, params);
      const [row] = await readTaskPage(database, run, { taskId, mapIndex, limit: 1 });
      if (!row) {
        const task = mapIndex < 0 ? taskId : `${taskId}[${mapIndex}]`;
        const where = `run ${run.runId} of DAG ${dagId}`;
        throw new PodlineError('not_found.task', { task, where });
      }
      const [capacity, counts, task, attempts, xcoms] = await Promise.all([
        readCapacity(database),
        readTaskCounts(database, run.id),
        readTaskSpec(database, run.versionId, taskId),
        readTaskAttempts(database, row.id),
        readXComs(database, { runNumber: run.id, taskId, mapIndex }),
      ]);
      const sources = await readLogSources(
        database,
        attempts.map(({ id }) => id),
      );
      const { bars: _bars, ...summary } = taskSummary(row, { run, capacity, counts });
      return {
        ...summary,
        dagId,
        runId: run.runId,
        triggerRule: row.triggerRule,
        upstream: row.upstream ?? [],
        task,
        attemptList: attempts.map((attempt) =>
          attemptAnswer(attempt, sources.get(attempt.id) ?? [], run.now),
        ),
        xcoms: xcoms.map((xcom) => ({ ...xcom, createdAt: utc(xcom.createdAt) })),
      };
    },
  });

  route(api, context, {
    method: 'GET',
    path: '/dags/:dagId/runs/:runId/tasks/:taskId/:mapIndex/attempts/:number',
    id: 'getAttempt',
    summary: 'What an attempt was given: rendered templates and pod; and the events of its pod',
    tag: 'Tasks',
    right: 'view',
    params: AttemptPath,
    answer: AttemptDetail,
    async handle({ params }) {
      const { id } = await attemptAt(database, params);
      const { rendered, pod, events } = await readAttemptDetail(database, id);
      return { rendered, pod, events: events ?? [] };
    },
  });
}

function taskSummary(row: TaskPageRow, situation: RunSituation): z.input<typeof TaskSummary> {
  const { taskId, mapIndex, state, cause, operator, executor, pool, poolSlots, priority } = row;
  const { host, attemptCause, exitCode, message, attempts, triesUsed, maxTries, bars } = row;
  return {
    ...{ taskId, mapIndex, state, cause, operator, executor, pool, poolSlots, priority },
    ...{ host, attemptCause, exitCode, message, attempts, triesUsed, maxTries },
    reason: explainTask(row, situation) || null,
    notBefore: utc(row.notBefore),
    scheduledAt: utc(row.scheduledAt),
    queuedAt: utc(row.queuedAt),
    launchedAt: utc(row.launchedAt),
    startedAt: utc(row.startedAt),
    endedAt: utc(row.endedAt),
    bars: bars.map((bar) => ({
      ...bar,
      launchedAt: utc(bar.launchedAt),
      startedAt: utc(bar.startedAt),
      endedAt: utc(bar.endedAt),
    })),
  };
}
