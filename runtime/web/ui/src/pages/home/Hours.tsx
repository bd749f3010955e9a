/** Runs that ended in each of the last 24 hours, as stacked bars. */
import { BarChart } from '@mantine/charts';
import { Paper, Title } from '@mantine/core';
import type { Overview } from '../../api/types.ts';
import { stateColor } from '../../states.ts';

export function Hours({ hours }: { hours: Overview['hours'] }) {
  const data = hours.map(({ at, success, failed }) => ({
    at: new Date(at).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' }),
    success,
    failed,
  }));
  return (
    <Paper withBorder p="md">
      <Title order={2} mb="xs">
        Last 24 hours
      </Title>
      <BarChart
        h={170}
        data={data}
        dataKey="at"
        type="stacked"
        withLegend={false}
        gridAxis="y"
        yAxisProps={{ allowDecimals: false, width: 32 }}
        barProps={{ isAnimationActive: false, maxBarSize: 18 }}
        series={[
          { name: 'success', color: stateColor('success') },
          { name: 'failed', color: stateColor('failed') },
        ]}
      />
    </Paper>
  );
}
