/** A list of the API that comes a page at a time, by the cursor that each page names for the next. */
import { infiniteQueryOptions } from '@tanstack/react-query';
import { get, type Query } from './call.ts';

interface Page {
  next: string | null;
}

/** `key`: what live updates and changes find it by. */
export function paged<T extends Page>(
  key: readonly unknown[],
  path: string,
  filter: Query = {},
  limit = 100,
) {
  return infiniteQueryOptions({
    queryKey: [...key, filter],
    queryFn: ({ signal, pageParam }) =>
      get<T>(path, { ...filter, cursor: pageParam, limit }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }: T) => next ?? undefined,
  });
}
