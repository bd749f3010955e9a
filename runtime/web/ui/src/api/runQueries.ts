/** What pages ask about runs, tasks and logs; keys begin with the DAG and run, by which live updates find them. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { LogPage } from '../log/logWindow.ts';
import type { LiveLogSource } from '../log/useLog.ts';
import { at, get, PREFIX, type Query } from './call.ts';
import { paged } from './paged.ts';
import type { AssetList, AttemptDetail, Run, TaskInstance, TaskPage } from './runTypes.ts';
import type { Graph } from './types.ts';

export interface RunName {
  dagId: string;
  runId: string;
}
export interface TaskName extends RunName {
  taskId: string;
  mapIndex: number;
}
export interface LogName extends TaskName {
  number: number;
  source: string;
}

export const runPath = ({ dagId, runId }: RunName): string => at`/dags/${dagId}/runs/${runId}`;
export const taskPath = ({ taskId, mapIndex, ...run }: TaskName): string =>
  runPath(run) + at`/tasks/${taskId}/${mapIndex}`;
const logPath = ({ number, ...task }: LogName): string =>
  `${taskPath(task)}/attempts/${number}/log`;

export const runQuery = (run: RunName) =>
  queryOptions({
    queryKey: ['run', run.dagId, run.runId],
    queryFn: ({ signal }) => get<Run>(runPath(run), {}, signal),
  });

export const assetsQuery = (run: RunName) =>
  queryOptions({
    queryKey: ['run', run.dagId, run.runId, 'assets'],
    queryFn: ({ signal }) => get<AssetList>(`${runPath(run)}/assets`, {}, signal),
  });

/** Nodes and edges of the version that the run is on. */
export const runGraphQuery = (run: RunName) =>
  queryOptions({
    queryKey: ['graph', run.dagId, run.runId],
    queryFn: ({ signal }) => get<Graph>(`${runPath(run)}/graph`, {}, signal),
  });

/** Pages of task instances; the table and the timeline ask for more where they end. */
export const tasksQuery = (run: RunName, filter: Query) => ({
  ...paged<TaskPage>(['run', run.dagId, run.runId, 'tasks'], `${runPath(run)}/tasks`, filter, 500),
  placeholderData: keepPreviousData,
});

/** Of a mapped task, so many instances from this one on: any place of thousands is one question away. */
export const instancesQuery = (run: RunName, taskId: string, fromMapIndex: number, limit: number) =>
  queryOptions({
    queryKey: ['run', run.dagId, run.runId, 'tasks', { taskId, fromMapIndex, limit }],
    queryFn: ({ signal }) =>
      get<TaskPage>(`${runPath(run)}/tasks`, { taskId, fromMapIndex, limit }, signal),
  });

export const taskQuery = (task: TaskName) =>
  queryOptions({
    queryKey: ['run', task.dagId, task.runId, 'task', task.taskId, task.mapIndex],
    queryFn: ({ signal }) => get<TaskInstance>(taskPath(task), {}, signal),
  });

/** Events of a pod change nothing that would be pushed: while it lives they are asked for now and then. */
export const attemptQuery = (task: TaskName, number: number, isLive: boolean) =>
  queryOptions({
    refetchInterval: isLive ? 5_000 : false,
    queryKey: ['run', task.dagId, task.runId, 'attempt', task.taskId, task.mapIndex, number],
    queryFn: ({ signal }) => get<AttemptDetail>(`${taskPath(task)}/attempts/${number}`, {}, signal),
  });

export function logDownload(name: LogName): string {
  return `${PREFIX}${logPath(name)}/download?${new URLSearchParams({ source: name.source })}`;
}

/** An output as a file, whole. */
export function xcomDownload(task: TaskName, key: string): string {
  return `${PREFIX}${taskPath(task)}/xcom/download?${new URLSearchParams({ key })}`;
}

/** The log of an attempt over HTTP: pages by byte, and what is new by server-sent events. */
export function logSource(name: LogName): LiveLogSource {
  const { source } = name;
  const path = logPath(name);
  return {
    read: (after, limit, signal) =>
      get<LogPage>(path, { source, after: Math.floor(after), limit }, signal),
    follow(after, onPage, onEnd) {
      const query = new URLSearchParams({ source, after: String(after) });
      const stream = new EventSource(`${PREFIX}${path}/stream?${query}`);
      stream.addEventListener('log', ({ data }: MessageEvent<string>) => {
        const piece = JSON.parse(data) as { from: number; to: number; text: string };
        onPage({ ...piece, size: piece.to, isComplete: false });
      });
      stream.addEventListener('end', () => {
        stream.close();
        onEnd();
      });
      return () => stream.close();
    },
  };
}
