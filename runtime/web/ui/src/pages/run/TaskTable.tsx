/** The task instances of a run: state, why it waits or failed, times. Only rows in view exist; pages are read on the way. */
import { Checkbox, Group, Select, Text, TextInput } from '@mantine/core';
import { IconListCheck, IconSearch } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useDebouncedValue } from '@mantine/hooks';
import { useEffect, useRef } from 'react';
import { TASK_STATES } from '../../../../../../src/model/states.ts';
import { tasksQuery } from '../../api/runQueries.ts';
import type { Run, TaskSummary } from '../../api/runTypes.ts';
import { instanceName } from '../../gantt/Gantt.tsx';
import { visibleText } from '../../log/visibleText.ts';
import { AppLink, taskHref } from '../../parts/AppLink.tsx';
import { Empty, ErrorPanel, Rows } from '../../parts/feedback.tsx';
import { StateBadge } from '../../parts/StateBadge.tsx';
import { Duration, RelativeTime } from '../../parts/times.tsx';
import { runRoute } from '../../routes/run.ts';
import { lookOf } from '../../states.ts';
import classes from './run.module.css';

const ROW_PIXELS = 40;

export function TaskTable({ run }: { run: Run }) {
  const { state, find } = runRoute.useSearch();
  const navigate = runRoute.useNavigate();
  const [settled] = useDebouncedValue(find, 200);
  const query = useInfiniteQuery(tasksQuery(run, { state, taskId: settled }));
  // Read here: what only `onEnd` reads does not render this anew.
  const { hasNextPage, isFetching, fetchNextPage } = query;
  const tasks = query.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <>
      <Group gap="sm" mb="sm">
        <TextInput
          size="xs"
          w={240}
          aria-label="Find a task by its id"
          placeholder="Task id"
          leftSection={<IconSearch size={14} />}
          value={find ?? ''}
          onChange={({ currentTarget: { value } }) =>
            void navigate({
              search: (was) => ({ ...was, find: value || undefined }),
              replace: true,
            })
          }
        />
        <Select
          size="xs"
          w={180}
          aria-label="State"
          placeholder="Every state"
          clearable
          data={TASK_STATES.map((value) => ({ value, label: lookOf(value).words }))}
          value={state ?? null}
          onChange={(value) =>
            void navigate({
              search: (was) => ({ ...was, state: TASK_STATES.find((known) => known === value) }),
            })
          }
        />
        {state !== 'failed' && (
          <Checkbox
            size="xs"
            label="Only failed"
            checked={false}
            onChange={() => void navigate({ search: (was) => ({ ...was, state: 'failed' }) })}
          />
        )}
      </Group>
      {query.error ? (
        <ErrorPanel error={query.error} />
      ) : query.isPending ? (
        <Rows />
      ) : tasks.length === 0 ? (
        <Empty
          icon={IconListCheck}
          title={state || find ? 'No task of this run is like that' : 'No task has begun'}
        >
          {state || find ? null : 'Tasks stand here when the run starts.'}
        </Empty>
      ) : (
        <List
          run={run}
          tasks={tasks}
          // The next page would break off what is being read anew.
          onEnd={() => hasNextPage && !isFetching && void fetchNextPage()}
        />
      )}
    </>
  );
}

function List({ run, tasks, onEnd }: { run: Run; tasks: readonly TaskSummary[]; onEnd(): void }) {
  const box = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: tasks.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW_PIXELS,
    overscan: 12,
  });
  const items = rows.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (last >= tasks.length - 50) onEnd();
  }, [last, tasks.length, onEnd]);
  return (
    <div
      ref={box}
      className={classes.table}
      tabIndex={0}
      role="table"
      aria-label="Tasks"
      aria-rowcount={tasks.length}
    >
      <div className={classes.head} role="row">
        {['Task', 'State', 'Why', 'Attempts', 'Started', 'Took'].map((name) => (
          <span key={name} role="columnheader">
            {name}
          </span>
        ))}
      </div>
      <div
        role="rowgroup"
        style={{ position: 'relative', height: rows.getTotalSize(), minWidth: 'fit-content' }}
      >
        {items.map(({ index, start }) => {
          const task = tasks[index];
          if (!task) return null;
          const { taskId, mapIndex, state, reason, attempts, maxTries, startedAt, endedAt } = task;
          return (
            <div
              key={index}
              role="row"
              className={classes.row}
              data-task={taskId}
              style={{ transform: `translateY(${start}px)` }}
            >
              <span role="cell">
                <AppLink
                  href={taskHref(run.dagId, run.runId, taskId, mapIndex)}
                  ff="monospace"
                  size="xs"
                >
                  {instanceName(task)}
                </AppLink>
              </span>
              <span role="cell">
                <StateBadge state={state} />
              </span>
              <Text role="cell" size="xs" c="dimmed" title={reason ?? undefined} truncate>
                {reason === null ? '' : visibleText(reason)}
              </Text>
              <Text role="cell" size="xs" c="dimmed">
                {attempts === 0 ? '' : maxTries > 1 ? `${attempts} of ${maxTries}` : attempts}
              </Text>
              <span role="cell">
                <RelativeTime time={startedAt} />
              </span>
              <span role="cell">
                <Duration startedAt={startedAt} endedAt={endedAt} />
              </span>
            </div>
          );
        })}
      </div>
    </div>
  );
}
