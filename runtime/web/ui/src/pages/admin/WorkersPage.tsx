/** Who does the work: schedulers, workers of pools, and the clusters in which pods run, each with its health. */
import { Badge, Group, Progress, Stack, Table, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { WorkerList } from '../../api/runTypes.ts';
import { visibleText } from '../../log/visibleText.ts';
import { RelativeTime } from '../../parts/times.tsx';
import { AdminPage } from './AdminPage.tsx';
import { workersQuery } from '../../api/adminQueries.ts';

type Worker = WorkerList['workers'][number];
type Cluster = WorkerList['clusters'][number];
const HEALTH = { alive: 'teal', silent: 'orange', stopped: 'gray' } as const;

export function WorkersPage() {
  const query = useQuery(workersQuery);
  const workers = query.data?.workers ?? [];
  const clusters = query.data?.clusters ?? [];
  return (
    <AdminPage
      title="Schedulers, workers, clusters"
      about="Processes that decide and do the work. Silent: no sign of life for a while."
      query={query}
      empty={null}
    >
      <Section
        title="Schedulers"
        workers={workers.filter(({ kind }) => kind === 'scheduler')}
        empty="No scheduler has ever been here. Start one: podline scheduler."
      />
      <Section
        title="Workers of pools"
        workers={workers.filter(({ kind }) => kind === 'pool')}
        empty="There are no long-lived workers."
      />
      <Stack gap="xs">
        <Title order={2} size="h5">
          Clusters
        </Title>
        {clusters.length === 0 ? (
          <Text size="sm" c="dimmed">
            No pod is at work.
          </Text>
        ) : (
          clusters.map((cluster) => <ClusterRow key={cluster.name} cluster={cluster} />)
        )}
      </Stack>
    </AdminPage>
  );
}

function Section({ title, workers, empty }: { title: string; workers: Worker[]; empty: string }) {
  return (
    <Stack gap="xs" mb="lg">
      <Title order={2} size="h5">
        {title}
      </Title>
      {workers.length === 0 ? (
        <Text size="sm" c="dimmed">
          {empty}
        </Text>
      ) : (
        <Table.ScrollContainer minWidth={720}>
          <Table verticalSpacing="xs">
            <Table.Thead>
              <Table.Tr>
                <Table.Th w={120}>Health</Table.Th>
                <Table.Th>Host</Table.Th>
                <Table.Th>Executors</Table.Th>
                <Table.Th w={180}>Slots</Table.Th>
                <Table.Th>Version</Table.Th>
                <Table.Th w={130}>Seen</Table.Th>
                <Table.Th w={130}>Started</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {workers.map((worker) => (
                <WorkerRow key={worker.id} worker={worker} />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Stack>
  );
}

function WorkerRow({ worker }: { worker: Worker }) {
  const { health, host, pid, executors, slots, active, version, heartbeatAt, startedAt } = worker;
  return (
    <Table.Tr>
      <Table.Td>
        <Badge variant="light" c="var(--mantine-color-text)" color={HEALTH[health]}>
          {health}
        </Badge>
      </Table.Td>
      <Table.Td ff="monospace" fz="sm">
        {visibleText(host)} · {pid}
      </Table.Td>
      <Table.Td>
        <Group gap={4}>
          {executors.map((one) => (
            <Badge key={one} variant="default" tt="none">
              {visibleText(one)}
            </Badge>
          ))}
        </Group>
      </Table.Td>
      <Table.Td>
        <Group gap="xs" wrap="nowrap">
          <Progress
            w={80}
            value={slots === 0 ? 0 : (active / slots) * 100}
            aria-label={`Slots of ${host}`}
          />
          <Text size="sm">
            {active} of {slots}
          </Text>
        </Group>
      </Table.Td>
      <Table.Td fz="sm">{version ?? ''}</Table.Td>
      <Table.Td>
        <RelativeTime time={heartbeatAt} />
      </Table.Td>
      <Table.Td>
        <RelativeTime time={startedAt} />
      </Table.Td>
    </Table.Tr>
  );
}

function ClusterRow({
  cluster: { name, namespaces, pods, waiting, troubles },
}: {
  cluster: Cluster;
}) {
  return (
    <Group gap="md">
      <Text ff="monospace" size="sm" fw={600}>
        {visibleText(name)}
      </Text>
      <Text size="sm" c="dimmed">
        {namespaces.map(visibleText).join(', ')}
      </Text>
      <Text size="sm">
        {pods} pods, {waiting} of them waiting
      </Text>
      {troubles.map(({ reason, pods: count }) => (
        <Badge key={reason} color="orange" variant="light" c="var(--mantine-color-text)" tt="none">
          {count} × {visibleText(reason)}
        </Badge>
      ))}
    </Group>
  );
}
