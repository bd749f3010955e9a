/** Assets that the tasks of a run name: who writes and who reads each, and whether this run wrote it. */
import { Group, Stack, Table, Text } from '@mantine/core';
import { IconDatabase } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { assetsQuery } from '../../api/runQueries.ts';
import type { AssetList, Run } from '../../api/runTypes.ts';
import { visibleText } from '../../log/visibleText.ts';
import { AppLink, runHref, taskHref } from '../../parts/AppLink.tsx';
import { Empty, Loaded } from '../../parts/feedback.tsx';
import { StateBadge } from '../../parts/StateBadge.tsx';
import { Nothing, RelativeTime } from '../../parts/times.tsx';

type Use = AssetList['assets'][number]['writtenBy'][number];

export function RunAssets({ run }: { run: Run }) {
  const query = useQuery(assetsQuery(run));
  return (
    <Loaded query={query}>
      {({ assets }) =>
        assets.length === 0 ? (
          <Empty icon={IconDatabase} title="Its tasks name no assets">
            Tasks name what they read and write with the options inlets and outlets.
          </Empty>
        ) : (
          <Table.ScrollContainer minWidth={640}>
            <Table fz="sm" data-testid="assets">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Asset</Table.Th>
                  <Table.Th>Written by</Table.Th>
                  <Table.Th>Written</Table.Th>
                  <Table.Th>Read by</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {assets.map(({ name, writtenBy, readBy }) => (
                  <Table.Tr key={name}>
                    <Table.Td>
                      <Text ff="monospace" size="sm" style={{ overflowWrap: 'anywhere' }}>
                        {visibleText(name)}
                      </Text>
                    </Table.Td>
                    <Table.Td>
                      <Uses run={run} uses={writtenBy} />
                    </Table.Td>
                    <Table.Td>
                      <RelativeTime time={lastOf(writtenBy)} />
                    </Table.Td>
                    <Table.Td>
                      <Uses run={run} uses={readBy} />
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        )
      }
    </Loaded>
  );
}

function Uses({ run, uses }: { run: Run; uses: readonly Use[] }) {
  if (uses.length === 0) return <Nothing />;
  return (
    <Stack gap={2}>
      {uses.map(({ taskId, isMapped, state }) => (
        <Group key={taskId} gap="xs" wrap="nowrap">
          <AppLink
            href={
              isMapped
                ? `${runHref(run.dagId, run.runId)}?find=${encodeURIComponent(taskId)}`
                : taskHref(run.dagId, run.runId, taskId)
            }
            ff="monospace"
            size="sm"
          >
            {visibleText(taskId)}
          </AppLink>
          <StateBadge state={state} />
        </Group>
      ))}
    </Stack>
  );
}

function lastOf(uses: readonly Use[]): string | null {
  const times = uses.flatMap(({ at }) => at ?? []).sort();
  return times.at(-1) ?? null;
}
