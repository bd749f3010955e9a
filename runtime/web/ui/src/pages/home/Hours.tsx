/** Runs that ended in each of the last 24 hours, as stacked bars. */
import { BarChart } from '@mantine/charts';
import { Paper, Title } from '@mantine/core';
import type { Overview } from '../../api/types.ts';
import { stateColor } from '../../states.ts';

const HOUR_MS = 3_600_000;

/** Hours in which nothing ended are not told, and shown as empty. */
function allHours(hours: Overview['hours'], now: number): Overview['hours'] {
  const known = new Map(hours.map((hour) => [Date.parse(hour.at), hour]));
  const last = Math.floor(now / HOUR_MS) * HOUR_MS;
  return Array.from({ length: 24 }, (_, place) => {
    const at = last - (23 - place) * HOUR_MS;
    return known.get(at) ?? { at: new Date(at).toISOString(), success: 0, failed: 0 };
  });
}

export function Hours({ hours }: { hours: Overview['hours'] }) {
  const data = allHours(hours, Date.now()).map(({ at, success, failed }) => ({
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
