/** DAG files that do not build: what is wrong, where, and what helps. Their last good version goes on running. */
import { Card, Code, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { DagLink } from '../../parts/AppLink.tsx';
import { visibleText } from '../../log/visibleText.ts';
import { RelativeTime } from '../../parts/times.tsx';
import { AdminPage } from './AdminPage.tsx';
import { buildErrorsQuery } from '../../api/adminQueries.ts';

export function BuildErrorsPage() {
  const query = useQuery(buildErrorsQuery);
  const items = query.data?.items ?? [];
  return (
    <AdminPage
      title="Build errors"
      about="DAG files that do not build. Their last good version goes on running."
      query={query}
      empty={items.length === 0 ? 'Every DAG file builds.' : null}
    >
      <Stack gap="md">
        {items.map(({ source, at, errors, dags }) => (
          <Card key={source} withBorder>
            <Group justify="space-between">
              <Text ff="monospace" fw={600}>
                {visibleText(source)}
              </Text>
              <RelativeTime time={at} />
            </Group>
            {errors.map(({ file, line, column, code, problem, remedy }, place) => (
              <Stack key={place} gap={2} mt="sm">
                <Group gap="xs">
                  <Text ff="monospace" size="xs" c="dimmed">
                    {visibleText([file, line, column].filter((part) => part !== null).join(':'))}
                  </Text>
                  {code !== null && <Code fz="xs">{code}</Code>}
                </Group>
                <Text size="sm" style={{ whiteSpace: 'pre-wrap' }}>
                  {visibleText(problem)}
                </Text>
                {remedy !== null && (
                  <Text size="sm" c="dimmed">
                    {visibleText(remedy)}
                  </Text>
                )}
              </Stack>
            ))}
            {dags.length > 0 && (
              <Group gap="xs" mt="sm">
                <Text size="xs" c="dimmed">
                  Goes on with its last good version:
                </Text>
                {dags.map((dagId) => (
                  <DagLink key={dagId} dagId={dagId} />
                ))}
              </Group>
            )}
          </Card>
        ))}
      </Stack>
    </AdminPage>
  );
}
