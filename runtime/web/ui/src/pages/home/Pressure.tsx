/** Where work waits: slots of pools and of executors that are taken, and what stands in line. */
import { Group, Paper, Progress, Stack, Text, Title } from '@mantine/core';
import type { Overview } from '../../api/types.ts';
import { durationWords } from '../../time.ts';

const NEARLY_FULL = 0.9;

export function Pressure({ pools, executors }: Pick<Overview, 'pools' | 'executors'>) {
  return (
    <Paper withBorder p="md">
      <Title order={2} mb="xs">
        Pools and executors
      </Title>
      <Stack gap="sm">
        {pools.map(({ name, slots, used }) => (
          <Line key={`pool ${name}`} name={name} kind="pool" used={used} slots={slots} />
        ))}
        {executors.map(({ name, slots, active, queued, queuedSeconds }) => (
          <Line
            key={`executor ${name}`}
            name={name}
            kind="executor"
            used={active}
            slots={slots}
            waits={
              queued > 0 ? `${queued} wait, first for ${durationWords(queuedSeconds * 1000)}` : ''
            }
          />
        ))}
        {pools.length + executors.length === 0 && (
          <Text size="sm" c="dimmed">
            No scheduler has reported yet.
          </Text>
        )}
      </Stack>
    </Paper>
  );
}

interface LineProps {
  name: string;
  kind: string;
  used: number;
  slots: number;
  waits?: string;
}

function Line({ name, kind, used, slots, waits = '' }: LineProps) {
  const share = slots > 0 ? used / slots : 0;
  return (
    <div>
      <Group justify="space-between" gap="xs">
        <Text size="xs">
          <Text span ff="monospace" size="xs">
            {name}
          </Text>{' '}
          <Text span c="dimmed" size="xs">
            {kind}
          </Text>
        </Text>
        <Text size="xs" c="dimmed">
          {waits === '' ? '' : `${waits} · `}
          {used} of {slots} slots
        </Text>
      </Group>
      <Progress
        mt={3}
        size="sm"
        value={share * 100}
        color={share >= NEARLY_FULL ? 'orange' : undefined}
        aria-label={`${used} of ${slots} slots of ${name} are taken`}
      />
    </div>
  );
}
