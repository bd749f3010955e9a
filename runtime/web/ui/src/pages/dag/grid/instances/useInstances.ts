/**
 * Instances of a mapped task for a list of which only a part is in view. All of them: by windows, so that any place of
 * thousands is one question away and a change asks only for what is in view. Those in one state: page after page.
 */
import { useInfiniteQuery, useQueries } from '@tanstack/react-query';
import { useState } from 'react';
import { instancesQuery, type RunName, tasksQuery } from '../../../../api/runQueries.ts';
import type { TaskSummary } from '../../../../api/runTypes.ts';

const WINDOW = 50;

export interface Instances {
  count: number;
  /** Undefined: not here yet. */
  at(index: number): TaskSummary | undefined;
  /** Tells which ones are in view. */
  look(first: number, last: number): void;
  /** Of what is wanted and not here. What could not be read anew stays as it was. */
  error: unknown;
  retry(): void;
}

interface Wanted {
  run: RunName;
  taskId: string;
  /** Only those in this state. */
  state: string | undefined;
  /** How many there are, as the grid counts. */
  total: number;
}

export function useInstances({ run, taskId, state, total }: Wanted): Instances {
  const [view, setView] = useState({ first: 0, last: 0 });
  const look = (first: number, last: number) => {
    const [from, to] = [Math.floor(first / WINDOW), Math.floor(last / WINDOW)];
    if (from !== view.first || to !== view.last) setView({ first: from, last: to });
  };
  const isAll = state === undefined;
  const windows = useQueries({
    queries: Array.from({ length: view.last - view.first + 1 }, (_, n) => ({
      ...instancesQuery(run, taskId, (view.first + n) * WINDOW || -1, WINDOW),
      enabled: isAll,
    })),
  });
  const pages = useInfiniteQuery({
    ...tasksQuery(run, { taskId, state }),
    enabled: !isAll,
    // Those of another run or state would look as if they were of this one.
    placeholderData: undefined,
  });
  if (isAll) {
    const failed = windows.filter(({ error, data }) => error !== null && data === undefined);
    return {
      count: total,
      at: (index) => windows[Math.floor(index / WINDOW) - view.first]?.data?.items[index % WINDOW],
      look,
      error: failed[0]?.error,
      retry() {
        for (const one of failed) void one.refetch();
      },
    };
  }
  // Read here: what only `look` reads does not render the list anew.
  const { hasNextPage, isFetching, isFetchNextPageError } = pages;
  const found = pages.data?.pages.flatMap(({ items }) => items) ?? [];
  return {
    count: hasNextPage || pages.isPending ? Math.max(total, found.length) : found.length,
    at: (index) => found[index],
    look(_first, last) {
      // The next page would break off what is being read anew.
      if (last >= found.length - 20 && hasNextPage && !isFetching && !isFetchNextPageError) {
        void pages.fetchNextPage();
      }
    },
    error: pages.data === undefined || isFetchNextPageError ? pages.error : null,
    retry: () => void (isFetchNextPageError ? pages.fetchNextPage() : pages.refetch()),
  };
}
