/** One run: its state and why, its tasks as a table, a timeline and a graph, its params; and what can be done about it. */
import { Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { LoadedPage } from '../../parts/LoadedPage.tsx';
import { Page } from '../../parts/Page.tsx';
import { PageTabs } from '../../parts/PageTabs.tsx';
import { runQuery } from '../../api/runQueries.ts';
import { JsonTree } from '../../json/JsonTree.tsx';
import type { Json } from '../../params/fields.ts';
import { RUN_TABS, runRoute } from '../../routes/run.ts';
import { RunActions } from './RunActions.tsx';
import { RunGraph } from './RunGraph.tsx';
import { RunAssets } from './RunAssets.tsx';
import { RunFacts, RunHead } from './RunHead.tsx';
import { RunTimeline } from './RunTimeline.tsx';
import { TaskTable } from './TaskTable.tsx';

const LABELS = {
  tasks: 'Tasks',
  timeline: 'Timeline',
  graph: 'Graph',
  assets: 'Assets',
  params: 'Params',
} as const;

export function RunPage() {
  const name = runRoute.useParams();
  const { tab } = runRoute.useSearch();
  const navigate = runRoute.useNavigate();
  return (
    <LoadedPage title={name.runId} query={useQuery(runQuery(name))}>
      {(run) => (
        <Page
          title={`${run.runId} · ${run.dagId}`}
          head={<RunHead run={run} />}
          actions={<RunActions run={run} />}
        >
          <RunFacts run={run} />
          <PageTabs
            tabs={RUN_TABS}
            value={tab}
            label={(one) => LABELS[one]}
            onChoose={(next) => void navigate({ search: (was) => ({ ...was, tab: next }) })}
          >
            <Tabs.Panel value="tasks">
              <TaskTable run={run} />
            </Tabs.Panel>
            <Tabs.Panel value="timeline">
              <RunTimeline run={run} />
            </Tabs.Panel>
            <Tabs.Panel value="graph">
              <RunGraph run={run} />
            </Tabs.Panel>
            <Tabs.Panel value="assets">
              <RunAssets run={run} />
            </Tabs.Panel>
            <Tabs.Panel value="params">
              <JsonTree value={run.params as Json} depth={4} />
            </Tabs.Panel>
          </PageTabs>
        </Page>
      )}
    </LoadedPage>
  );
}
