/**
 * One task instance: its state and why, its log, attempts with the facts of their pods, what it gave to others, and the
 * task as it was written. Attempt, tab and place in the log stand in the address.
 */
import { Select, Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { taskQuery } from '../../api/runQueries.ts';
import type { TaskInstance } from '../../api/runTypes.ts';
import { instanceName } from '../../gantt/Gantt.tsx';
import { LoadedPage } from '../../parts/LoadedPage.tsx';
import { Page } from '../../parts/Page.tsx';
import { PageTabs } from '../../parts/PageTabs.tsx';
import { TASK_TABS, taskRoute } from '../../routes/task.ts';
import { Attempts } from './Attempts.tsx';
import { AttemptLog } from './AttemptLog.tsx';
import { Outputs } from './Outputs.tsx';
import { TaskActions } from './TaskActions.tsx';
import { TaskFacts, TaskHead } from './TaskHead.tsx';
import { WrittenTask } from './WrittenTask.tsx';

const LABELS = { log: 'Log', attempts: 'Attempts', output: 'Output', task: 'Task' } as const;

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
  const counts = { log: 0, attempts: task.attempts, output: task.xcoms.length, task: 0 };
  return (
    <PageTabs
      tabs={TASK_TABS}
      value={tab}
      label={(one) => (
        <>
          {LABELS[one]}
          {counts[one] > 0 && ` ${counts[one]}`}
        </>
      )}
      onChoose={(next) => void navigate({ search: (was) => ({ ...was, tab: next }) })}
    >
      <Tabs.Panel value="log">
        {numbers.length > 1 && (
          <Select
            mb="xs"
            size="xs"
            w={150}
            aria-label="Attempt"
            allowDeselect={false}
            data={numbers.map((one) => ({ value: String(one), label: `Attempt ${one}` }))}
            value={String(shown?.number)}
            onChange={(value) =>
              void navigate({
                search: (was) => ({ ...was, attempt: Number(value), at: undefined }),
              })
            }
          />
        )}
        <AttemptLog task={task} attempt={shown} />
      </Tabs.Panel>
      <Tabs.Panel value="attempts">
        <Attempts attempts={task.attemptList} />
      </Tabs.Panel>
      <Tabs.Panel value="output">
        <Outputs xcoms={task.xcoms} />
      </Tabs.Panel>
      <Tabs.Panel value="task">
        <WrittenTask task={task} />
      </Tabs.Panel>
    </PageTabs>
  );
}
