/** What stands in place of content: while it loads, when there is none, when it could not be had. */
import {
  Alert,
  Button,
  Center,
  Group,
  Paper,
  Skeleton,
  Stack,
  Text,
  ThemeIcon,
} from '@mantine/core';
import { IconAlertTriangle, type Icon } from '@tabler/icons-react';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ApiError } from '../api/call.ts';

export function Empty({
  icon: Icon,
  title,
  children,
}: {
  icon: Icon;
  title: string;
  children?: ReactNode;
}) {
  return (
    <Center py={56} px="md">
      <Stack align="center" gap={6} maw={440}>
        <ThemeIcon variant="light" size={44} radius="xl" mb={4}>
          <Icon size={22} />
        </ThemeIcon>
        <Text fw={600} ta="center">
          {title}
        </Text>
        <Text size="sm" c="dimmed" ta="center" component="div">
          {children}
        </Text>
      </Stack>
    </Center>
  );
}

/** One line, where a section has nothing for a good reason and others are beside it. */
export function Nothing({ icon: Icon, children }: { icon: Icon; children: ReactNode }) {
  return (
    <Paper withBorder px="md" py="sm">
      <Group gap="sm" wrap="nowrap">
        <ThemeIcon variant="light" size={28} radius="xl">
          <Icon size={16} />
        </ThemeIcon>
        <Text size="sm" c="dimmed">
          {children}
        </Text>
      </Group>
    </Paper>
  );
}

export function ErrorPanel({ error, retry }: { error: unknown; retry?: () => void }) {
  const { message } = error instanceof Error ? error : new Error(String(error));
  const known = error instanceof ApiError ? error : undefined;
  return (
    <Alert
      variant="outline"
      color="red"
      icon={<IconAlertTriangle size={18} />}
      title={known?.status === 404 ? 'Not found' : 'This could not be loaded'}
      my="md"
    >
      <Stack gap={6} align="flex-start">
        <Text size="sm">{message}</Text>
        {known?.remedy !== undefined && (
          <Text size="sm" c="dimmed">
            {known.remedy}
          </Text>
        )}
        {known?.code !== undefined && (
          <Text size="xs" ff="monospace" c="dimmed">
            {known.code}
          </Text>
        )}
        {retry && (
          <Button size="compact-sm" variant="default" onClick={retry}>
            Try again
          </Button>
        )}
      </Stack>
    </Alert>
  );
}

export function Rows({ count = 8, height = 34 }: { count?: number; height?: number }) {
  return (
    <Stack gap={8} py="sm" role="status" aria-busy="true" aria-label="Loading">
      {Array.from({ length: count }, (_, place) => (
        <Skeleton key={place} height={height} radius="sm" />
      ))}
    </Stack>
  );
}

/** A query as content, skeleton or error. */
export function Loaded<T>({
  query,
  children,
}: {
  query: UseQueryResult<T>;
  children: (data: T) => ReactNode;
}) {
  if (query.data !== undefined) return children(query.data);
  if (query.isError) return <ErrorPanel error={query.error} retry={() => void query.refetch()} />;
  return <Rows />;
}
