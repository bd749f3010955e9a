/** What the pages of administration ask. */
import { queryOptions } from '@tanstack/react-query';
import { get } from './call.ts';
import { paged } from './paged.ts';
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

export const variablesQuery = paged<VariablePage>(['variables'], '/variables');
export const backfillsQuery = (dagId?: string) =>
  paged<BackfillPage>(['backfills'], '/backfills', { dagId });
export const auditQuery = (filter: { actor?: string; action?: string; subject?: string }) =>
  paged<AuditPage>(['audit'], '/audit', filter);
