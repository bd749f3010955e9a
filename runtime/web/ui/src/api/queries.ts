/** The questions that pages ask, each with its key: live.ts finds by these keys what a change touches. */
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { get, type Query } from './call.ts';
import type * as api from './types.ts';

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: () => get<api.Me>('/me'),
  staleTime: Infinity,
});

export function dagsQuery(filters: Query) {
  return infiniteQueryOptions({
    queryKey: ['dags', filters],
    queryFn: ({ pageParam, signal }) =>
      get<api.DagPage>('/dags', { ...filters, limit: 100, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    placeholderData: keepPreviousData,
  });
}
