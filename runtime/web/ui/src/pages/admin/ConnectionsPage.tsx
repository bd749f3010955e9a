/** Connections: names, where they come from, and who declares them. Values never reach the webserver. */
import { Badge, Group, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { DagLink } from '../../parts/AppLink.tsx';
import { visibleText } from '../../log/visibleText.ts';
import { AdminPage } from './AdminPage.tsx';
import { connectionsQuery } from '../../api/adminQueries.ts';

const FROM = {
  environment: 'environment of this process',
  file: 'connections file',
  tasks: 'given to its tasks alone',
} as const;

export function ConnectionsPage() {
  const connections = useQuery(connectionsQuery);
  const items = connections.data?.items ?? [];
  return (
    <AdminPage
      title="Connections"
      about="Only names: a task that declares a connection gets its value, and nobody else does."
      query={connections}
      empty={items.length === 0 ? 'No task declares a connection, and none is given.' : null}
    >
      <Table.ScrollContainer minWidth={520}>
        <Table verticalSpacing="xs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Connection</Table.Th>
              <Table.Th>Comes from</Table.Th>
              <Table.Th>Declared by</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {items.map(({ id, from, dags, dagCount }) => (
              <Table.Tr key={id}>
                <Table.Td ff="monospace" fz="sm">
                  {visibleText(id)}
                </Table.Td>
                <Table.Td>
                  <Badge variant="light" c="var(--mantine-color-text)" color="gray" tt="none">
                    {FROM[from]}
                  </Badge>
                </Table.Td>
                <Table.Td>
                  <Group gap="xs">
                    {dags.map((dagId) => (
                      <DagLink key={dagId} dagId={dagId} />
                    ))}
                    {dagCount > dags.length && (
                      <Text size="sm" c="dimmed">
                        and {dagCount - dags.length} more
                      </Text>
                    )}
                    {dagCount === 0 && (
                      <Text size="sm" c="dimmed">
                        no task
                      </Text>
                    )}
                  </Group>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </AdminPage>
  );
}
