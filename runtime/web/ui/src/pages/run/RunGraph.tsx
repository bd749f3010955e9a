/** The graph of the version that a run is on, with the states as they are now. A press opens the task; groups open and close. */
import { Button, Center, Group, Loader, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { taskStatesQuery } from '../../api/queries.ts';
import { runGraphQuery } from '../../api/runQueries.ts';
import type { Run } from '../../api/runTypes.ts';
import type { Graph } from '../../api/types.ts';
import { taskHref, useOpen } from '../../parts/AppLink.tsx';
import { ErrorPanel, Loaded } from '../../parts/feedback.tsx';
import { runRoute } from '../../routes/run.ts';
import { GraphView } from '../dag/graph/GraphView.tsx';
import type { PlacedNode } from '../dag/graph/layout.ts';
import { useLayout } from '../dag/graph/useLayout.ts';
import { MOST_NODES, visibleGraph } from '../dag/graph/visibleGraph.ts';
import { heaviest } from '../dag/grid/gridRows.ts';

const HOPS = 2;

export function RunGraph({ run }: { run: Run }) {
  const query = useQuery(runGraphQuery(run));
  return <Loaded query={query}>{(graph) => <Content run={run} graph={graph} />}</Loaded>;
}

function Content({ run, graph }: { run: Run; graph: Graph }) {
  const { opened: said } = runRoute.useSearch();
  const navigate = runRoute.useNavigate();
  const open = useOpen();
  const isSmall = graph.nodes.length <= MOST_NODES / 4;
  const opened = useMemo(
    () =>
      new Set(
        said === undefined ? (isSmall ? graph.groups.map(({ id }) => id) : []) : said.split(','),
      ),
    [said, isSmall, graph.groups],
  );
  const show = (groups: readonly string[]) =>
    void navigate({
      search: (was) => ({ ...was, opened: groups.join(',') || ',' }),
      replace: true,
    });
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
  const stateOf = ({ places }: PlacedNode) =>
    heaviest(places.map((place) => states.get(graph.nodes[place]?.taskId ?? '')));
  const onPress = ({ id, kind, isOpen, places }: PlacedNode) => {
    if (kind === 'group') {
      const name = id.slice('group '.length);
      show(isOpen ? [...opened].filter((other) => other !== name) : [...opened, name]);
      return;
    }
    const node = graph.nodes[places[0] ?? 0];
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
          <Button
            size="compact-xs"
            variant="default"
            onClick={() => show(graph.groups.map(({ id }) => id))}
          >
            Open all groups
          </Button>
          <Button size="compact-xs" variant="default" onClick={() => show([])}>
            Close all
          </Button>
        </Group>
      )}
      {layout ? (
        <GraphView layout={layout} stateOf={stateOf} selected={undefined} onPress={onPress} />
      ) : (
        <Center h={320}>
          <Loader size="sm" aria-label="Laying out" />
        </Center>
      )}
      {shown.left > 0 && (
        <Text size="xs" c="dimmed" mt="xs">
          {shown.nodes.length} shown, {shown.left} tasks left out: the table has all of them
        </Text>
      )}
    </>
  );
}
