/** Head and body of a page: title, words beside it, actions at the right. */
import { Box, Group, Text, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import type { ReactNode } from 'react';

interface Props {
  title: string;
  /** Shown instead of the title where it is more than words. */
  head?: ReactNode;
  about?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}

export function Page({ title, head, about, actions, children }: Props) {
  useDocumentTitle(`${title} · Podline`);
  return (
    <Box px={{ base: 'md', sm: 'lg' }} py="md" maw={1680}>
      <Group justify="space-between" align="flex-start" mb="md" gap="sm">
        <div style={{ minWidth: 0 }}>
          {head ?? <Title order={1}>{title}</Title>}
          {about !== undefined && (
            <Text size="sm" c="dimmed" component="div">
              {about}
            </Text>
          )}
        </div>
        {actions !== undefined && <Group gap="xs">{actions}</Group>}
      </Group>
      {children}
    </Box>
  );
}
