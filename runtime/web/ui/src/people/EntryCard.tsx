/** The frame of pages that one sees before one is signed in: sign-in and welcome. */
import { Center, Group, Paper, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

export function EntryCard({
  title,
  children,
  note,
}: {
  title: string;
  children: ReactNode;
  note?: ReactNode;
}) {
  return (
    <Center component="main" mih="100dvh" p="md">
      <Stack w="100%" maw={380} gap="lg">
        <Group gap="xs" justify="center">
          <img src="/favicon.svg" alt="" width={28} height={28} />
          <Text fw={650} size="lg">
            Podline
          </Text>
        </Group>
        <Paper withBorder p="xl" radius="md" shadow="xs">
          <Stack gap="md">
            <Title order={1} size="h4" ta="center">
              {title}
            </Title>
            {children}
          </Stack>
        </Paper>
        {note !== undefined && (
          <Text size="sm" c="dimmed" ta="center">
            {note}
          </Text>
        )}
      </Stack>
    </Center>
  );
}
