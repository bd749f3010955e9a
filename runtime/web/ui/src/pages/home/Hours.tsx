/** Runs that ended in each of the last 24 hours, as stacked bars. */
import { Paper, Title } from '@mantine/core';
import type { Overview } from '../../api/types.ts';
import { StackedBars } from '../../parts/StackedBars.tsx';
import { stateColor } from '../../states.ts';

const HOUR_MS = 3_600_000;
const LABEL_EVERY = 6;

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
  const bars = allHours(hours, Date.now()).map(({ at, success, failed }, place) => {
    const time = new Date(at).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
    return {
      key: at,
      words: `${time}: ${success} success, ${failed} failed`,
      label: place % LABEL_EVERY === 2 ? time : undefined,
      parts: [
        { color: stateColor('success'), value: success },
        { color: stateColor('failed'), value: failed },
      ],
    };
  });
  return (
    <Paper withBorder p="md">
      <Title order={2} mb="xs">
        Last 24 hours
      </Title>
      <StackedBars
        name="Runs that ended in each hour"
        bars={bars}
        unit="count"
        height={180}
        axisWords={String}
      />
    </Paper>
  );
}
