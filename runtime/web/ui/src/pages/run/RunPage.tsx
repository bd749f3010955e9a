/** One run: its state and why, its tasks as a table, a timeline and a graph, its params; and what can be done about it. */
import { Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { ErrorPanel, Rows } from '../../parts/feedback.tsx';
import { Page } from '../../parts/Page.tsx';
import { runQuery } from '../../api/runQueries.ts';
import { JsonTree } from '../../json/JsonTree.tsx';
import type { Json } from '../../params/fields.ts';
import { RUN_TABS, runRoute } from '../../routes/run.ts';
import { RunActions } from './RunActions.tsx';
import { RunGraph } from './RunGraph.tsx';
import { RunFacts, RunHead } from './RunHead.tsx';
import { RunTimeline } from './RunTimeline.tsx';
import { TaskTable } from './TaskTable.tsx';

const LABELS = { tasks: 'Tasks', timeline: 'Timeline', graph: 'Graph', params: 'Params' } as const;

export function RunPage() {
  const { dagId, runId } = runRoute.useParams();
  const { tab = 'tasks' } = runRoute.useSearch();
  const navigate = runRoute.useNavigate();
  const { data: run, error } = useQuery(runQuery({ dagId, runId }));
  if (error)
    return (
      <Page title={runId}>
        <ErrorPanel error={error} />
      </Page>
    );
  if (!run)
    return (
      <Page title={runId}>
        <Rows />
      </Page>
    );
  return (
    <Page
      title={`${run.runId} · ${dagId}`}
      head={<RunHead run={run} />}
      actions={<RunActions run={run} />}
    >
      <RunFacts run={run} />
      <Tabs
        value={tab}
        keepMounted={false}
        mt="md"
        onChange={(next) =>
          void navigate({
            search: (was) => ({
              ...was,
              tab: RUN_TABS.find((known) => known === next && known !== 'tasks'),
            }),
          })
        }
      >
        <Tabs.List mb="sm">
          {RUN_TABS.map((one) => (
            <Tabs.Tab key={one} value={one}>
              {LABELS[one]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="tasks">
          <TaskTable run={run} />
        </Tabs.Panel>
        <Tabs.Panel value="timeline">
          <RunTimeline run={run} />
        </Tabs.Panel>
        <Tabs.Panel value="graph">
          <RunGraph run={run} />
        </Tabs.Panel>
        <Tabs.Panel value="params">
          <JsonTree value={run.params as Json} depth={4} />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}
