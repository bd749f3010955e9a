/** Tab of durations: how long runs waited and took, and which tasks take the time. */
import { BarChart } from '@mantine/charts';
import { Progress, Table, Text, Title } from '@mantine/core';
import { IconChartBar } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { durationsQuery } from '../../api/queries.ts';
import type { Durations } from '../../api/types.ts';
import { Empty, Loaded } from '../../parts/feedback.tsx';
import { stateColor } from '../../states.ts';
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
          <Content durations={durations} />
        )
      }
    </Loaded>
  );
}

const words = (seconds: number) => durationWords(seconds * 1000);

function Content({ durations: { runs, tasks } }: { durations: Durations }) {
  const data = runs.map(({ runId, state, waited, took }) => ({
    runId,
    waited: waited ?? 0,
    success: state === 'success' ? (took ?? 0) : 0,
    failed: state === 'failed' ? (took ?? 0) : 0,
  }));
  const slowest = Math.max(0.001, ...tasks.map(({ median }) => median));
  return (
    <>
      <Title order={2} mb="xs">
        The last {runs.length} ended runs
      </Title>
      <BarChart
        h={220}
        data={data}
        dataKey="runId"
        type="stacked"
        withXAxis={false}
        withLegend
        valueFormatter={words}
        gridAxis="y"
        yAxisProps={{ width: 64 }}
        barProps={{ isAnimationActive: false, maxBarSize: 28 }}
        series={[
          { name: 'waited', color: stateColor('queued') },
          { name: 'success', color: stateColor('success') },
          { name: 'failed', color: stateColor('failed') },
        ]}
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
