/** Tab of durations: how long runs waited and took, and which tasks take the time. */
import { Progress, Table, Text, Title } from '@mantine/core';
import { IconChartBar } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { durationsQuery } from '../../api/queries.ts';
import type { Durations } from '../../api/types.ts';
import { runHref } from '../../parts/AppLink.tsx';
import { Empty, Loaded } from '../../parts/feedback.tsx';
import { StackedBars } from '../../parts/StackedBars.tsx';
import { lookOf, stateColor } from '../../states.ts';
import { durationWords } from '../../time.ts';
import classes from '../../parts/parts.module.css';

export function DurationsTab({ dagId }: { dagId: string }) {
  const query = useQuery(durationsQuery(dagId));
  return (
    <Loaded query={query}>
      {(durations) =>
        durations.runs.length === 0 ? (
          <Empty icon={IconChartBar} title="No run has ended yet">
            Durations are those of ended runs.
          </Empty>
        ) : (
          <Content dagId={dagId} durations={durations} />
        )
      }
    </Loaded>
  );
}

const words = (seconds: number) => durationWords(seconds * 1000);

const LEGEND = [
  { color: stateColor('queued'), words: 'waited' },
  { color: stateColor('success'), words: 'success' },
  { color: stateColor('failed'), words: 'failed' },
];

interface Props {
  dagId: string;
  durations: Durations;
}

function Content({ dagId, durations: { runs, tasks } }: Props) {
  const bars = runs.map(({ runId, state, waited, took }) => ({
    key: runId,
    words: `${runId}: ${lookOf(state).words}, waited ${words(waited ?? 0)}, took ${words(took ?? 0)}`,
    href: runHref(dagId, runId),
    parts: [
      { color: stateColor('queued'), value: waited ?? 0 },
      { color: stateColor(state), value: took ?? 0 },
    ],
  }));
  const slowest = Math.max(0.001, ...tasks.map(({ median }) => median));
  return (
    <>
      <Title order={2} mb="xs">
        The last {runs.length} ended runs
      </Title>
      <StackedBars
        name="How long runs waited and took"
        bars={bars}
        unit="seconds"
        height={240}
        axisWords={(seconds) => (seconds === 0 ? '0' : words(seconds))}
        legend={LEGEND}
      />
      <Title order={2} mt="lg" mb="xs">
        Slowest tasks
      </Title>
      <div
        className={classes.panel}
        style={{ overflowX: 'auto' }}
        tabIndex={0}
        role="region"
        aria-label="Slowest tasks"
      >
        <Table verticalSpacing={6} fz="sm" miw={460}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Task</Table.Th>
              <Table.Th w="40%">Median</Table.Th>
              <Table.Th>Longest</Table.Th>
              <Table.Th>Runs</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {tasks.slice(0, 50).map((task) => (
              <Table.Tr key={task.taskId}>
                <Table.Td ff="monospace" fz="xs">
                  {task.taskId}
                </Table.Td>
                <Table.Td>
                  <Text size="xs" c="dimmed">
                    {words(task.median)}
                  </Text>
                  <Progress
                    size="xs"
                    value={(task.median / slowest) * 100}
                    aria-label={`Median of ${task.taskId}: ${words(task.median)}`}
                  />
                </Table.Td>
                <Table.Td fz="xs">{words(task.most)}</Table.Td>
                <Table.Td fz="xs">{task.runs}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
    </>
  );
}
