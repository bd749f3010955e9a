/** Backfills of all DAGs: range, how far they are, what became of their runs. */
import { Badge, Group, Progress, Table, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { BackfillPage as Page } from '../../api/runTypes.ts';
import { DagLink } from '../../parts/AppLink.tsx';
import { lookOf } from '../../states.ts';
import { RelativeTime } from '../../parts/times.tsx';
import { backfillsRoute } from '../../routes/admin.ts';
import { AdminPage } from './AdminPage.tsx';
import { backfillsQuery } from '../../api/adminQueries.ts';

type Backfill = Page['items'][number];

export function BackfillsPage() {
  const search = backfillsRoute.useSearch();
  const query = useInfiniteQuery(backfillsQuery(search.dagId));
  const items = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <AdminPage
      title="Backfills"
      about="Runs for dates of the past. Start one from the page of its DAG."
      query={query}
      more={query}
      empty={items.length === 0 ? 'Nobody has asked for a backfill.' : null}
    >
      <Table.ScrollContainer minWidth={720}>
        <Table verticalSpacing="xs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th w={70}>No.</Table.Th>
              <Table.Th>DAG</Table.Th>
              <Table.Th>Dates</Table.Th>
              <Table.Th w={240}>Runs</Table.Th>
              <Table.Th w={130}>Begun</Table.Th>
              <Table.Th w={130}>Ended</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {items.map((backfill) => (
              <Table.Tr key={backfill.id}>
                <Table.Td fz="sm">{backfill.id}</Table.Td>
                <Table.Td>
                  <DagLink dagId={backfill.dagId} />
                </Table.Td>
                <Table.Td fz="sm">
                  {backfill.from.slice(0, 10)} to {backfill.to.slice(0, 10)}
                  {backfill.reverse && (
                    <Badge ml="xs" size="xs" variant="default">
                      newest first
                    </Badge>
                  )}
                </Table.Td>
                <Table.Td>
                  <Runs counts={backfill.counts} />
                </Table.Td>
                <Table.Td>
                  <RelativeTime time={backfill.createdAt} />
                </Table.Td>
                <Table.Td>
                  {backfill.endedAt ? (
                    <RelativeTime time={backfill.endedAt} />
                  ) : (
                    <Badge variant="light" c="var(--mantine-color-text)">
                      going on
                    </Badge>
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </AdminPage>
  );
}

const STATES = ['success', 'failed', 'running', 'queued'] as const;

function Runs({ counts }: { counts: Backfill['counts'] }) {
  const total = STATES.reduce((sum, state) => sum + (counts[state] ?? 0), 0);
  const words = STATES.filter((state) => counts[state]).map(
    (state) => `${counts[state] ?? 0} ${state}`,
  );
  return (
    <Group gap="xs" wrap="nowrap">
      <Progress.Root w={100} aria-hidden>
        {STATES.map((state) => (
          <Progress.Section
            key={state}
            value={total === 0 ? 0 : ((counts[state] ?? 0) / total) * 100}
            color={lookOf(state).color}
          />
        ))}
      </Progress.Root>
      <Text size="xs" c="dimmed">
        {words.join(', ')}
      </Text>
    </Group>
  );
}
