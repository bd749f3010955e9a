/** Tab of the graph: of the current version, with the states of a run; search, groups, and what is near one task. */
import { Button, Group, Select, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { weightiest } from '../../../../../../../src/model/weightiest.ts';
import { graphQuery, lastRunsQuery, taskStatesQuery } from '../../../api/queries.ts';
import type { Graph } from '../../../api/types.ts';
import { AppLink, runHref } from '../../../parts/AppLink.tsx';
import { ErrorPanel, Loaded } from '../../../parts/feedback.tsx';
import { StateBadge } from '../../../parts/StateBadge.tsx';
import { dagRoute } from '../../../routes/dag.ts';
import { GraphView } from './GraphView.tsx';
import type { PlacedNode } from './layout.ts';
import { GroupButtons, LayingOut, pressedGroup, useOpenGroups } from './openGroups.tsx';
import { useLayout } from './useLayout.ts';
import { visibleGraph } from './visibleGraph.ts';

const RECENT_RUNS = 25;
const HOPS = 2;
/** A search in ten thousand tasks shows the first. */
const MOST_FOUND = 50;

export function GraphTab({ dagId }: { dagId: string }) {
  const query = useQuery(graphQuery(dagId));
  return <Loaded query={query}>{(graph) => <Content dagId={dagId} graph={graph} />}</Loaded>;
}

function Content({ dagId, graph }: { dagId: string; graph: Graph }) {
  const { opened: said, task, run } = dagRoute.useSearch();
  const navigate = dagRoute.useNavigate();
  const choose = (change: { opened?: string; task?: string; run?: string }) =>
    void navigate({ search: (old) => ({ ...old, ...change }), replace: true });
  const opened = useOpenGroups(graph, said);
  const shown = useMemo(
    () => visibleGraph(graph, { opened, near: task, hops: HOPS }),
    [graph, opened, task],
  );
  const { layout, error } = useLayout(shown);
  const runs = useQuery(lastRunsQuery(dagId, RECENT_RUNS)).data?.items ?? [];
  const chosenRun = run ?? runs[0]?.runId;
  const states = useQuery({
    ...taskStatesQuery(dagId, chosenRun ?? ''),
    enabled: chosenRun !== undefined,
  }).data;
  const stateByTask = useMemo(
    () => new Map(states?.tasks.map(({ taskId, state }) => [taskId, state])),
    [states],
  );
  const stateOf = ({ places }: PlacedNode) =>
    weightiest(places.map((place) => stateByTask.get(graph.nodes[place]?.taskId ?? '')));
  const onPress = (pressed: PlacedNode) => {
    if (pressed.kind === 'task') {
      const { taskId } = graph.nodes[pressed.places[0] ?? 0] ?? {};
      choose({ task: taskId === task ? undefined : taskId });
      return;
    }
    choose({ opened: pressedGroup(opened, pressed) });
  };
  const node = graph.nodes.find(({ taskId }) => taskId === task);
  return (
    <>
      <Group mb="sm" gap="sm">
        <Select
          size="xs"
          w={240}
          searchable
          clearable
          limit={MOST_FOUND}
          placeholder="Find a task and what is near it"
          aria-label="Find a task"
          data={graph.nodes.map(({ taskId }) => taskId)}
          value={task ?? null}
          onChange={(value) => choose({ task: value ?? undefined })}
        />
        <Select
          size="xs"
          w={260}
          searchable
          placeholder="States of a run"
          aria-label="States of the run"
          data={runs.map(({ runId }) => runId)}
          value={chosenRun ?? null}
          onChange={(value) => choose({ run: value ?? undefined })}
        />
        {graph.groups.length > 0 && task === undefined && (
          <GroupButtons groups={graph.groups} onChoose={(next) => choose({ opened: next })} />
        )}
        {task !== undefined && (
          <Button size="compact-xs" variant="default" onClick={() => choose({ task: undefined })}>
            Show all tasks
          </Button>
        )}
      </Group>
      {error !== undefined && <ErrorPanel error={error} />}
      {layout ? (
        <GraphView
          layout={layout}
          stateOf={stateOf}
          selected={task === undefined ? undefined : `task ${task}`}
          onPress={onPress}
        />
      ) : (
        error === undefined && <LayingOut />
      )}
      <Group mt="xs" gap="md" mih={24}>
        {node && (
          <>
            <Text size="xs" ff="monospace" fw={600}>
              {node.taskId}
            </Text>
            {stateByTask.has(node.taskId) && (
              <StateBadge state={stateByTask.get(node.taskId) ?? 'none'} />
            )}
            <Text size="xs" c="dimmed">
              {[node.operator, `rule ${node.triggerRule}`, node.description]
                .filter(Boolean)
                .join(' · ')}
            </Text>
            {chosenRun !== undefined && (
              <AppLink
                size="xs"
                href={`${runHref(dagId, chosenRun)}?task=${encodeURIComponent(node.taskId)}`}
              >
                Open in the run
              </AppLink>
            )}
          </>
        )}
        {shown.left > 0 && (
          <Text size="xs" c="dimmed">
            {shown.nodes.length} shown, {shown.left} tasks left out
            {task === undefined ? ': find one to see what is near it' : ''}
          </Text>
        )}
      </Group>
    </>
  );
}
