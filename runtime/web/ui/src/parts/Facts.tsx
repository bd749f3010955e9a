/** Small facts in a row, each with its name above; they wrap on a phone. */
import { Group, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';

export function Facts({ children }: { children: ReactNode }) {
  return (
    <Group gap="xl" align="start">
      {children}
    </Group>
  );
}

export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <Stack gap={2}>
      <Text size="xs" c="dimmed">
        {name}
      </Text>
      <div>{children}</div>
    </Stack>
  );
}
