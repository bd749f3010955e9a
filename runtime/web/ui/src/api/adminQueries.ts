/** What the pages of administration ask. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { get } from './call.ts';
import type {
  AuditPage,
  BackfillPage,
  BuildErrorList,
  ConnectionList,
  PoolList,
  VariablePage,
  WorkerList,
} from './runTypes.ts';

const list = <T>(key: string, path: string) =>
  queryOptions({
    queryKey: [key],
    queryFn: ({ signal }) => get<T>(path, {}, signal),
  });

export const poolsQuery = list<PoolList>('pools', '/pools');
export const connectionsQuery = list<ConnectionList>('connections', '/connections');
export const workersQuery = list<WorkerList>('workers', '/workers');
export const buildErrorsQuery = list<BuildErrorList>('buildErrors', '/build-errors');

/** Lists that may be long: a page at a time. */
const pages = <T extends { next: string | null }>(
  key: string,
  path: string,
  filter: Record<string, string | undefined>,
) =>
  infiniteQueryOptions({
    queryKey: [key, filter],
    queryFn: ({ signal, pageParam }) =>
      get<T>(path, { ...filter, cursor: pageParam, limit: 100 }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }: T) => next ?? undefined,
  });

export const variablesQuery = pages<VariablePage>('variables', '/variables', {});
export const backfillsQuery = (dagId?: string) =>
  pages<BackfillPage>('backfills', '/backfills', { dagId });
export const auditQuery = (filter: { actor?: string; action?: string; subject?: string }) =>
  pages<AuditPage>('audit', '/audit', filter);
