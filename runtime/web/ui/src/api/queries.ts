/** The questions that pages ask, each with its key: live.ts finds by these keys what a change touches. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { at, get, type Query } from './call.ts';
import { liveGrid } from './mergeGrid.ts';
import { paged } from './paged.ts';
import type * as api from './types.ts';

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: () => get<api.Me>('/me'),
  staleTime: Infinity,
});

export const overviewQuery = queryOptions({
  queryKey: ['overview'],
  queryFn: ({ signal }) => get<api.Overview>('/overview', {}, signal),
});

export const dagsQuery = (filters: Query) => ({
  ...paged<api.DagPage>(['dags'], '/dags', filters, 50),
  placeholderData: keepPreviousData,
});

export const runsQuery = (filters: Query) => ({
  ...paged<api.RunPage>(['runs'], '/runs', filters, 50),
  placeholderData: keepPreviousData,
});

/** Of one DAG: all keys begin with `dag` and its id. */
function ofDag<T>(dagId: string, part: string, path: string, query: Query = {}) {
  return queryOptions({
    queryKey: ['dag', dagId, part, query],
    queryFn: ({ signal }) => get<T>(at`/dags/${dagId}` + path, query, signal),
    placeholderData: keepPreviousData,
  });
}

export const dagQuery = (dagId: string) => ofDag<api.Dag>(dagId, 'summary', '');
/** Changes of its runs are put into it: gridChanges.ts. */
export const gridQuery = (dagId: string, wanted: number) => {
  const runs = Math.min(wanted, 1000);
  return queryOptions({
    queryKey: ['dag', dagId, 'grid', { runs }],
    queryFn: async ({ signal }) =>
      liveGrid(await get<api.Grid>(at`/dags/${dagId}/grid`, { runs }, signal), runs),
    placeholderData: keepPreviousData,
    // What did not change is the same object after a merge, without looking at every cell.
    structuralSharing: false,
  });
};
export const graphQuery = (dagId: string) => ofDag<api.Graph>(dagId, 'graph', '/graph');
export const calendarQuery = (dagId: string, year: number) =>
  ofDag<api.Calendar>(dagId, 'calendar', '/calendar', { year });
export const durationsQuery = (dagId: string, taskId?: string) =>
  ofDag<api.Durations>(dagId, 'durations', '/durations', { taskId });
/** What registration alone changes: runs come and go, and nothing of it is asked for again. */
function ofVersions<T>(dagId: string, part: string, path: string, query: Query = {}) {
  return queryOptions({
    queryKey: ['versions', dagId, part, query],
    queryFn: ({ signal }) => get<T>(at`/dags/${dagId}` + path, query, signal),
  });
}

export const versionsQuery = (dagId: string) =>
  ofVersions<api.VersionPage>(dagId, 'list', '/versions', { limit: 100 });
export const versionQuery = (dagId: string, version: number) =>
  ofVersions<api.Version>(dagId, `version ${version}`, `/versions/${version}`);
export const versionFileQuery = (
  dagId: string,
  version: number,
  file: { path: string; origin: string },
) => ofVersions<api.VersionFile>(dagId, `file ${version}`, `/versions/${version}/file`, file);
export const diffQuery = (dagId: string, from: number, to: number) =>
  ofVersions<api.Diff>(dagId, `diff ${from} ${to}`, `/versions/${from}/diff/${to}`);
/** The newest runs of a DAG, to choose from. */
export const lastRunsQuery = (dagId: string, limit: number) =>
  queryOptions({
    queryKey: ['runs', 'last', dagId, limit],
    queryFn: ({ signal }) => get<api.RunPage>('/runs', { dagId, limit }, signal),
  });
export const taskStatesQuery = (dagId: string, runId: string) =>
  queryOptions({
    queryKey: ['run', dagId, runId, 'states'],
    queryFn: ({ signal }) =>
      get<api.TaskStates>(at`/dags/${dagId}/runs/${runId}/states`, {}, signal),
  });
