/** Tab of the graph: of the current version, with the states of a run; search, groups, and what is near one task. */
import { Group, SegmentedControl, Select, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import { weightiest } from '../../../../../../../src/model/weightiest.ts';
import { graphQuery, lastRunsQuery, taskStatesQuery } from '../../../api/queries.ts';
import type { Graph } from '../../../api/types.ts';
import { AppLink, runHref } from '../../../parts/AppLink.tsx';
import { ErrorPanel, Loaded } from '../../../parts/feedback.tsx';
import { StateBadge } from '../../../parts/StateBadge.tsx';
import { dagRoute } from '../../../routes/dag.ts';
import { GraphView } from './GraphView.tsx';
import type { PlacedNode } from './placed.ts';
import { GroupButtons, LayingOut, pressedGroup, saidGroups, useOpenGroups } from './openGroups.tsx';
import { useLayout } from './useLayout.ts';
import { groupsAround, visibleGraph } from './visibleGraph.ts';

const RECENT_RUNS = 25;
const HOPS = 2;
/** A search in ten thousand tasks shows the first. */
const MOST_FOUND = 50;

export function GraphTab({ dagId }: { dagId: string }) {
  const query = useQuery(graphQuery(dagId));
  return <Loaded query={query}>{(graph) => <Content dagId={dagId} graph={graph} />}</Loaded>;
}

function Content({ dagId, graph }: { dagId: string; graph: Graph }) {
  const { opened: said, task, only, run } = dagRoute.useSearch();
  const navigate = dagRoute.useNavigate();
  const choose = useCallback(
    (change: { opened?: string; task?: string; only?: 'near'; run?: string }) =>
      void navigate({ search: (old) => ({ ...old, ...change }), replace: true }),
    [navigate],
  );
  const opened = useOpenGroups(graph, said);
  const near = only === 'near' ? task : undefined;
  const shown = useMemo(
    () => visibleGraph(graph, { opened, near, hops: HOPS }),
    [graph, opened, near],
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
  const stateOf = useCallback(
    ({ places }: PlacedNode) =>
      weightiest(places.map((place) => stateByTask.get(graph.nodes[place]?.taskId ?? ''))),
    [graph, stateByTask],
  );
  const onPress = useCallback(
    (pressed: PlacedNode) => {
      if (pressed.kind === 'group') {
        choose({ opened: pressedGroup(opened, pressed) });
        return;
      }
      const { taskId } = graph.nodes[pressed.places[0] ?? 0] ?? {};
      choose(taskId === task ? { task: undefined, only: undefined } : { task: taskId });
    },
    [choose, graph, opened, task],
  );
  const ids = useMemo(() => graph.nodes.map(({ taskId }) => taskId), [graph]);
  return (
    <>
      <Group mb="sm" gap="sm">
        <Select
          size="xs"
          w={240}
          searchable
          clearable
          limit={MOST_FOUND}
          placeholder="Find a task"
          aria-label="Find a task"
          data={ids}
          value={task ?? null}
          onChange={(value) =>
            choose(
              value === null
                ? { task: undefined, only: undefined }
                : {
                    task: value,
                    opened: saidGroups(new Set([...opened, ...groupsAround(graph, value)])),
                  },
            )
          }
        />
        {task !== undefined && (
          <SegmentedControl
            size="xs"
            aria-label="How much of the graph"
            data={[
              { value: 'all', label: 'All' },
              { value: 'near', label: 'Near it' },
            ]}
            value={only ?? 'all'}
            onChange={(value) => choose({ only: value === 'near' ? 'near' : undefined })}
          />
        )}
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
        {graph.groups.length > 0 && near === undefined && (
          <GroupButtons groups={graph.groups} onChoose={(next) => choose({ opened: next })} />
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
        {task !== undefined && (
          <Chosen
            {...{ dagId, graph, taskId: task }}
            runId={chosenRun}
            state={stateByTask.get(task)}
          />
        )}
        {shown.left > 0 && (
          <Text size="xs" c="dimmed">
            {shown.nodes.length} shown, {shown.left} tasks left out
          </Text>
        )}
      </Group>
    </>
  );
}

interface ChosenProps {
  dagId: string;
  graph: Graph;
  taskId: string;
  runId: string | undefined;
  state: string | undefined;
}

/** What is known of the task that somebody pressed or looked for. */
function Chosen({ dagId, graph, taskId, runId, state }: ChosenProps) {
  const node = graph.nodes.find((one) => one.taskId === taskId);
  if (!node) return null;
  return (
    <>
      <Text size="xs" ff="monospace" fw={600}>
        {taskId}
      </Text>
      {state !== undefined && <StateBadge state={state} />}
      <Text size="xs" c="dimmed">
        {[node.operator, `rule ${node.triggerRule}`, node.description].filter(Boolean).join(' · ')}
      </Text>
      {runId !== undefined && (
        <AppLink size="xs" href={`${runHref(dagId, runId)}?find=${encodeURIComponent(taskId)}`}>
          Open in the run
        </AppLink>
      )}
    </>
  );
}
