/** A state as icon, colour and word. The word keeps the colour of text: it is read on light and dark alike. */
import { Group, Text } from '@mantine/core';
import { lookOf } from '../states.ts';
import classes from './parts.module.css';

export function StateIcon({ state, size = 16 }: { state: string; size?: number }) {
  const { color, icon: Icon } = lookOf(state);
  return (
    <Icon
      size={size}
      color={color}
      className={state === 'running' ? classes.turning : undefined}
      aria-hidden
      style={{ flex: 'none' }}
    />
  );
}

export function StateBadge({ state, count }: { state: string; count?: number }) {
  const { words } = lookOf(state);
  return (
    <Group
      gap={5}
      wrap="nowrap"
      display="inline-flex"
      style={{ verticalAlign: 'middle' }}
      data-state={state}
    >
      <StateIcon state={state} />
      <Text span size="xs" fw={500} style={{ whiteSpace: 'nowrap' }}>
        {count === undefined ? words : `${count} ${words}`}
      </Text>
    </Group>
  );
}
