/** The graph of the version that a run is on, with the states as they are now. A press opens the task; groups open and close. */
import { Group } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import { weightiest } from '../../../../../../src/model/weightiest.ts';
import { taskStatesQuery } from '../../api/queries.ts';
import { runGraphQuery } from '../../api/runQueries.ts';
import type { Run } from '../../api/runTypes.ts';
import type { Graph } from '../../api/types.ts';
import { taskHref, useOpen } from '../../parts/AppLink.tsx';
import { ErrorPanel, Loaded } from '../../parts/feedback.tsx';
import { runRoute } from '../../routes/run.ts';
import { GraphView } from '../dag/graph/GraphView.tsx';
import type { PlacedNode } from '../dag/graph/placed.ts';
import { GroupButtons, LayingOut, pressedGroup, useOpenGroups } from '../dag/graph/openGroups.tsx';
import { useLayout } from '../dag/graph/useLayout.ts';
import { visibleGraph } from '../dag/graph/visibleGraph.ts';

const HOPS = 2;

export function RunGraph({ run }: { run: Run }) {
  const query = useQuery(runGraphQuery(run));
  return <Loaded query={query}>{(graph) => <Content run={run} graph={graph} />}</Loaded>;
}

function Content({ run, graph }: { run: Run; graph: Graph }) {
  const { opened: said } = runRoute.useSearch();
  const navigate = runRoute.useNavigate();
  const open = useOpen();
  const opened = useOpenGroups(graph, said);
  const show = (next: string) =>
    void navigate({ search: (was) => ({ ...was, opened: next }), replace: true });
  const shown = useMemo(
    () => visibleGraph(graph, { opened, near: undefined, hops: HOPS }),
    [graph, opened],
  );
  const { layout, error } = useLayout(shown);
  const { data } = useQuery(taskStatesQuery(run.dagId, run.runId));
  const states = useMemo(
    () => new Map(data?.tasks.map(({ taskId, state }) => [taskId, state])),
    [data],
  );
  const stateOf = useCallback(
    ({ places }: PlacedNode) =>
      weightiest(places.map((place) => states.get(graph.nodes[place]?.taskId ?? ''))),
    [graph, states],
  );
  const onPress = (pressed: PlacedNode) => {
    if (pressed.kind === 'group') {
      show(pressedGroup(opened, pressed));
      return;
    }
    const node = graph.nodes[pressed.places[0] ?? 0];
    if (!node) return;
    if (!node.isMapped) {
      open(taskHref(run.dagId, run.runId, node.taskId));
      return;
    }
    void navigate({ search: (was) => ({ ...was, tab: undefined, find: node.taskId }) });
  };
  if (error !== undefined) return <ErrorPanel error={error} />;
  return (
    <>
      {graph.groups.length > 0 && (
        <Group mb="sm" gap="sm">
          <GroupButtons groups={graph.groups} onChoose={show} />
        </Group>
      )}
      {layout ? (
        <GraphView layout={layout} stateOf={stateOf} selected={undefined} onPress={onPress} />
      ) : (
        <LayingOut />
      )}
    </>
  );
}
