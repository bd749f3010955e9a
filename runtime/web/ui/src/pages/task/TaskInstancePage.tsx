/**
 * One task instance: its state and why, its log, attempts with the facts of their pods, what it gave to others, and the
 * task as it was written. Attempt, tab and place in the log stand in the address.
 */
import { Select, Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { lazy, type ReactNode, Suspense } from 'react';
import { attemptQuery, taskQuery } from '../../api/runQueries.ts';
import type { Attempt, AttemptDetail, TaskInstance } from '../../api/runTypes.ts';
import { instanceName } from '../../gantt/Gantt.tsx';
import { Loaded, Rows } from '../../parts/feedback.tsx';
import { LoadedPage } from '../../parts/LoadedPage.tsx';
import { Page } from '../../parts/Page.tsx';
import { PageTabs } from '../../parts/PageTabs.tsx';
import { TASK_TABS, taskRoute } from '../../routes/task.ts';
import { Attempts } from './Attempts.tsx';
import { AttemptLog } from './AttemptLog.tsx';
import { Outputs } from './Outputs.tsx';
import { Rendered } from './Rendered.tsx';
import { TaskActions } from './TaskActions.tsx';
import { TaskFacts, TaskHead } from './TaskHead.tsx';
import { WrittenTask } from './WrittenTask.tsx';

// The writer of YAML is for this tab alone.
const PodDetail = lazy(() =>
  import('./PodDetail.tsx').then((module) => ({ default: module.PodDetail })),
);

const LABELS = {
  ...{ log: 'Log', attempts: 'Attempts', rendered: 'Rendered', pod: 'Pod' },
  ...{ output: 'Output', task: 'Task' },
} as const;

export function TaskInstancePage() {
  const { mapIndex, ...names } = taskRoute.useParams();
  const query = useQuery(taskQuery({ ...names, mapIndex: Number(mapIndex) }));
  return (
    <LoadedPage title={names.taskId} query={query}>
      {(task) => (
        <Page
          title={`${instanceName(task)} · ${task.dagId}`}
          head={<TaskHead task={task} />}
          actions={<TaskActions task={task} />}
        >
          <TaskFacts task={task} />
          <Body task={task} />
        </Page>
      )}
    </LoadedPage>
  );
}

function Body({ task }: { task: TaskInstance }) {
  const { tab, attempt } = taskRoute.useSearch();
  const navigate = taskRoute.useNavigate();
  const numbers = task.attemptList.map(({ number }) => number);
  const shown = task.attemptList.find(({ number }) => number === attempt) ?? task.attemptList[0];
  const counts = { attempts: task.attempts, output: task.xcoms.length };
  const choice = numbers.length > 1 && <AttemptChoice numbers={numbers} value={shown?.number} />;
  return (
    <PageTabs
      tabs={TASK_TABS.filter((one) => one !== 'pod' || shown?.pod != null)}
      value={tab}
      label={(one) => (
        <>
          {LABELS[one]}
          {(one === 'attempts' || one === 'output') && counts[one] > 0 && ` ${counts[one]}`}
        </>
      )}
      onChoose={(next) => void navigate({ search: (was) => ({ ...was, tab: next }) })}
    >
      <Tabs.Panel value="log">
        {choice}
        <AttemptLog task={task} attempt={shown} />
      </Tabs.Panel>
      <Tabs.Panel value="attempts">
        <Attempts attempts={task.attemptList} />
      </Tabs.Panel>
      <Tabs.Panel value="rendered">
        {choice}
        <Detail task={task} attempt={shown}>
          {({ rendered }) => <Rendered rendered={rendered} operator={task.operator} />}
        </Detail>
      </Tabs.Panel>
      <Tabs.Panel value="pod">
        {choice}
        <Detail task={task} attempt={shown}>
          {(detail) => (
            <Suspense fallback={<Rows />}>
              <PodDetail detail={detail} />
            </Suspense>
          )}
        </Detail>
      </Tabs.Panel>
      <Tabs.Panel value="output">
        <Outputs task={task} xcoms={task.xcoms} />
      </Tabs.Panel>
      <Tabs.Panel value="task">
        <WrittenTask task={task} />
      </Tabs.Panel>
    </PageTabs>
  );
}

function AttemptChoice({ numbers, value }: { numbers: number[]; value: number | undefined }) {
  const navigate = taskRoute.useNavigate();
  return (
    <Select
      mb="xs"
      size="xs"
      w={150}
      aria-label="Attempt"
      allowDeselect={false}
      data={numbers.map((one) => ({ value: String(one), label: `Attempt ${one}` }))}
      value={String(value)}
      onChange={(next) =>
        void navigate({ search: (was) => ({ ...was, attempt: Number(next), at: undefined }) })
      }
    />
  );
}

/** What is not part of the instance itself is asked for when its tab is open. */
function Detail({
  task,
  attempt,
  children,
}: {
  task: TaskInstance;
  attempt: Attempt | undefined;
  children: (detail: AttemptDetail) => ReactNode;
}) {
  const { dagId, runId, taskId, mapIndex } = task;
  const query = useQuery({
    ...attemptQuery(
      { dagId, runId, taskId, mapIndex },
      attempt?.number ?? 0,
      attempt?.endedAt === null,
    ),
    enabled: attempt !== undefined,
  });
  if (!attempt) return children({ rendered: null, pod: null, events: [] });
  return <Loaded query={query}>{children}</Loaded>;
}
