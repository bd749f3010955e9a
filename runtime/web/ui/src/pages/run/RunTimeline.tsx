/** The timeline of a run: all pages of its tasks, read one after another; rows show as they come. */
import { IconTimeline } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { tasksQuery } from '../../api/runQueries.ts';
import type { Run } from '../../api/runTypes.ts';
import { Gantt } from '../../gantt/Gantt.tsx';
import { taskHref, useOpen } from '../../parts/AppLink.tsx';
import { Empty, ErrorPanel, Rows } from '../../parts/feedback.tsx';

export function RunTimeline({ run }: { run: Run }) {
  const query = useInfiniteQuery(tasksQuery(run, {}));
  const open = useOpen();
  const { hasNextPage, isFetching, fetchNextPage, error, refetch } = query;
  useEffect(() => {
    // The next page would break off what is being read anew.
    if (hasNextPage && !isFetching && !error) void fetchNextPage();
  }, [hasNextPage, isFetching, fetchNextPage, error]);
  if (error) return <ErrorPanel error={error} retry={() => void refetch()} />;
  if (query.isPending) return <Rows />;
  const tasks = query.data.pages
    .flatMap(({ items }) => items)
    .toSorted(
      (a, b) =>
        begin(a.scheduledAt, a.bars[0]?.launchedAt) - begin(b.scheduledAt, b.bars[0]?.launchedAt),
    );
  if (tasks.length === 0) return <Empty icon={IconTimeline} title="No task has begun" />;
  return (
    <Gantt
      tasks={tasks}
      isLive={run.endedAt === null}
      hrefOf={({ taskId, mapIndex }) => taskHref(run.dagId, run.runId, taskId, mapIndex)}
      onOpen={({ taskId, mapIndex }) => open(taskHref(run.dagId, run.runId, taskId, mapIndex))}
    />
  );
}

/** What has not begun stands last. */
function begin(...times: (string | null | undefined)[]): number {
  return Math.min(...times.map((time) => (time ? Date.parse(time) : Number.MAX_SAFE_INTEGER)));
}
