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
  error: unknown;
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
  const pages = useInfiniteQuery({ ...tasksQuery(run, { taskId, state }), enabled: !isAll });
  if (isAll) {
    return {
      count: total,
      at: (index) => windows[Math.floor(index / WINDOW) - view.first]?.data?.items[index % WINDOW],
      look,
      error: windows.find(({ error }) => error !== null)?.error,
    };
  }
  const found = pages.data?.pages.flatMap(({ items }) => items) ?? [];
  return {
    count: pages.hasNextPage || pages.isPending ? Math.max(total, found.length) : found.length,
    at: (index) => found[index],
    look(_first, last) {
      if (last >= found.length - 20 && pages.hasNextPage && !pages.isFetchingNextPage) {
        void pages.fetchNextPage();
      }
    },
    error: pages.error,
  };
}
